import { defineConfig } from 'vitest/config'

// What needs a real API server, which hack/kube.ts builds or finds. One file at a time: they share it.
export default defineConfig({
  test: {
    include: ['test/apiserver/**/*.test.ts'],
    globalSetup: ['test/apiserver/global-setup.ts'],
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
})
