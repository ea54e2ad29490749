// Time that passes only when a test says so.
import type { Time } from '../src/cluster/time.ts'

interface Wait {
  readonly until: number
  readonly over: () => void
}

/** A clock, and those who wait for it. */
export class VirtualTime implements Time {
  private ms = 0
  private waits: Wait[] = []
  private readonly start: number

  constructor(start = Date.UTC(2026, 0, 1)) {
    this.start = start
  }

  now(): number {
    return this.ms
  }

  date(): Date {
    return new Date(this.start + this.ms)
  }

  random(): number {
    return 0
  }

  wait(ms: number, signal: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    if (signal.aborted) resolve()
    else {
      this.waits.push({ until: this.ms + ms, over: resolve })
      signal.addEventListener('abort', () => resolve())
    }
    return promise
  }

  /** How many wait now. */
  get waiting(): number {
    return this.waits.length
  }

  advance(ms: number): void {
    this.ms += ms
    const due = this.waits.filter(({ until }) => until <= this.ms)
    this.waits = this.waits.filter(({ until }) => until > this.ms)
    for (const { over } of due) over()
  }
}
