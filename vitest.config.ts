import { configDefaults, defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts', 'hack/**/*.test.ts'],
    // These need an API server: npm run test:cluster.
    exclude: [...configDefaults.exclude, 'test/apiserver/**'],
    // By default one core is left to somebody who watches.
    maxWorkers: '100%',
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})
