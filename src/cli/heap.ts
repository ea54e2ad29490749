// How the heap is kept small where V8 by itself would rather keep what it once had.
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** When nothing has happened for this long, the start is over. */
const quietMs = 2_000

/** For the life of the process: most of what a commit makes dies young or lives long, and a young generation that grows saves nothing. */
export function limitYoungGeneration(): void {
  setFlagsFromString('--semi-space-growth-factor=1')
}

/**
 * Returns to the system what the start leaves behind, once, when it is over: as much as everything that stays. Returns
 * what to call while something goes on.
 */
export function tidyAfterStart(signal: AbortSignal): () => void {
  let isOver = false
  const timer = setTimeout(() => {
    isOver = true
    setFlagsFromString('--expose-gc')
    // The flag gives the function to contexts that are made from now on.
    const collect: NodeJS.GCFunction = runInNewContext('gc')
    void collect({ type: 'major', execution: 'async', flavor: 'last-resort' })
  }, quietMs)
  signal.addEventListener('abort', () => {
    isOver = true
    clearTimeout(timer)
  })
  return () => {
    // A timer that has fired would start again.
    if (!isOver) timer.refresh()
  }
}
