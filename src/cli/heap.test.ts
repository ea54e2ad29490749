import { getHeapStatistics } from 'node:v8'
import { expect, it } from 'vitest'
import { tidyAfterBursts } from './heap.ts'

it('returns what a burst left behind when the burst is over', async () => {
  const stop = new AbortController()
  const busy = tidyAfterBursts(stop.signal, 10)
  const megabytes = (): number => getHeapStatistics().total_heap_size / 1e6
  const before = megabytes()
  let burst: object[] = Array.from({ length: 1_000_000 }, (_, i) => ({ i }))
  expect(megabytes()).toBeGreaterThan(before + 20 + burst.length / 1e6)
  burst = []
  busy()
  await expect.poll(megabytes, { timeout: 20_000, interval: 20 }).toBeLessThan(before + 10)
  stop.abort()
})
