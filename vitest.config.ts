import { configDefaults, defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts', 'hack/**/*.test.ts'],
    // These need an API server: npm run test:cluster.
    exclude: [...configDefaults.exclude, 'test/apiserver/**'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})
