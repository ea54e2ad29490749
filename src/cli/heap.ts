// How the heap is kept small where V8 by itself would rather keep what it once had.
import { getHeapStatistics, setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** How much the heap may have grown since it was last tidy. */
const growth = 1.3

/** For the life of the process: most of what a commit makes dies young or lives long, and a young generation that grows saves nothing. */
export function limitYoungGeneration(): void {
  setFlagsFromString('--semi-space-growth-factor=1')
}

/**
 * Returns to the system what bursts leave behind (the start, a crowd of proxies, thousands of statuses to write), which is
 * as much as everything that stays: when it has been quiet for a while and the heap has grown. Returns what to call
 * whenever something happens.
 */
export function tidyAfterBursts(signal: AbortSignal, quietMs = 2_000): () => void {
  let tidyBytes = 0
  let timer: NodeJS.Timeout | undefined
  const tidy = async (): Promise<void> => {
    timer = undefined
    if (getHeapStatistics().total_heap_size < tidyBytes * growth) return
    await collect()
    tidyBytes = getHeapStatistics().total_heap_size
  }
  signal.addEventListener('abort', () => clearTimeout(timer))
  return () => {
    if (signal.aborted) return
    timer ??= setTimeout(() => void tidy(), quietMs)
    timer.refresh()
  }
}

function collect(): Promise<void> {
  setFlagsFromString('--expose-gc')
  // The flag gives the function to contexts that are made from now on.
  const gc: NodeJS.GCFunction = runInNewContext('gc')
  return gc({ type: 'major', execution: 'async', flavor: 'last-resort' })
}
