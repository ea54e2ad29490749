// Whether a regular expression covers a whole text, as proxies judge it. Theirs take linear time and know neither
// lookaround nor backreferences; ours may take for ever, so each that could is given only a moment.
import { createContext, Script } from 'node:vm'

/** `invalid`: proxies cannot read it, and it never matches; `unknown`: it cannot be judged here. */
export type Covers = 'yes' | 'no' | 'invalid' | 'unknown'

const MOMENT_MS = 250
const INLINE_FLAGS = /^\(\?([ims]+)\)/
const UNREADABLE = /\(\?<?[=!]|(?<!\\)(?:\\\\)*\\[1-9]/

const sandbox = createContext({ pattern: '', flags: '', text: '', length: -1 })
const judge = new Script('{ const found = new RegExp(pattern, flags).exec(text); length = found?.[0].length ?? -1 }')

/** Whether the first match of the pattern is the whole text. */
export function covers(pattern: string, text: string): Covers {
  if (UNREADABLE.test(pattern)) return 'invalid'
  const inline = INLINE_FLAGS.exec(pattern)
  const source = pattern.slice(inline?.[0].length ?? 0).replaceAll('(?P<', '(?<')
  const found = flagsFor(inline?.[1] ?? '').flatMap((flags) => compiled(source, flags) ?? [])[0]
  if (found === undefined) return 'unknown'
  const length = isTame(source) ? (found.exec(text)?.[0].length ?? -1) : watchedLength(found, text)
  return length === undefined ? 'unknown' : length === text.length ? 'yes' : 'no'
}

/** Sticky, since nothing but a match at the start counts; Unicode where JavaScript reads the pattern so, as proxies do. */
function flagsFor(inline: string): readonly string[] {
  return [`${inline}uy`, `${inline}y`]
}

function compiled(source: string, flags: string): RegExp | undefined {
  try {
    return new RegExp(source, flags)
  } catch {
    return undefined
  }
}

/** One repetition, and not of a group, leaves little to try. */
function isTame(source: string): boolean {
  const bare = source.replaceAll(/\\.|\[(?:\\.|[^\]\\])*\]/gs, 'x')
  const optional = bare.match(/[^(]\?/g)?.length ?? 0
  return (bare.match(/[*+{]/g)?.length ?? 0) <= 1 && optional <= 8 && !/\)[*+?{]/.test(bare)
}

// A machine that has much to do may let a moment pass before it has begun.
const ATTEMPTS = 3

function watchedLength({ source, flags }: RegExp, text: string): number | undefined {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    try {
      Object.assign(sandbox, { pattern: source, flags, text, length: -1 })
      judge.runInContext(sandbox, { timeout: MOMENT_MS })
      return sandbox.length
    } catch {}
  }
  return undefined
}
