// Starts the API server that the tests of this folder share, and stops it when they are done. Test workers inherit the
// environment.
import { startCluster } from './harness.ts'

/** Vitest calls it once before all files; what it returns is called after them. */
export async function setup(): Promise<() => Promise<void>> {
  const startedAt = performance.now()
  const cluster = await startCluster()
  process.stderr.write(`API server ready after ${Math.round(performance.now() - startedAt)} ms\n`)
  process.env.KUBECONFIG_TEST = cluster.kubeconfig
  return () => cluster.stop()
}
