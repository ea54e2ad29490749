// How the heap is kept small where V8 by itself would rather keep what it once had.
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { Snapshot } from '../snapshot/snapshot.ts'

/** No commit for this long is the end of the start. */
const quietMs = 2_000

/** For the life of the process: most of what a commit makes dies young or lives long, and a young generation that grows saves nothing. */
export function limitYoungGeneration(): void {
  setFlagsFromString('--semi-space-growth-factor=1')
}

/** Returns to the system what the start leaves behind, once, when it is over: as much as everything that stays. */
export function tidyAfterStart(snapshot: Snapshot, signal: AbortSignal): void {
  const tidy = (): void => {
    unwatch()
    setFlagsFromString('--expose-gc')
    // The flag gives the function to contexts that are made from now on.
    const collect: NodeJS.GCFunction = runInNewContext('gc')
    void collect({ type: 'major', execution: 'async', flavor: 'last-resort' })
  }
  let timer = setTimeout(tidy, quietMs)
  const unwatch = snapshot.watchPublications(() => {
    clearTimeout(timer)
    timer = setTimeout(tidy, quietMs)
  })
  signal.addEventListener('abort', () => {
    unwatch()
    clearTimeout(timer)
  })
}
