// Time and chance as a port: what waits, retries or dates can then be tested without waiting.

/** Clocks, waiting, and chance. */
export interface Time {
  /** Milliseconds from any moment, never going back. */
  now(): number
  /** What the clock on the wall says. */
  date(): Date
  /** Resolves later, or at once when `signal` ends the wait. */
  wait(ms: number, signal: AbortSignal): Promise<void>
  /** At least 0, less than 1. */
  random(): number
}

/** The time of this machine. */
export const systemTime: Time = {
  now: () => performance.now(),
  date: () => new Date(),
  wait: (ms, signal) => {
    const { promise, resolve } = Promise.withResolvers<void>()
    const done = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, signal.aborted ? 0 : ms)
    signal.addEventListener('abort', done)
    return promise
  },
  random: () => Math.random(),
}

/** Half to all of a doubling pause, so that many who failed together do not try again together. */
export function pauseAfter(
  failures: number,
  limits: { readonly firstMs: number; readonly lastMs: number },
  time: Time,
): number {
  const longest = Math.min(limits.lastMs, limits.firstMs * 2 ** Math.min(failures, 20))
  return longest * (0.5 + time.random() / 2)
}
