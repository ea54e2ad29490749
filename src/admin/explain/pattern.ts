// Whether a regular expression covers a whole text, as proxies judge it. Theirs take linear time and know neither
// lookaround nor backreferences; ours may take for ever, so each is given only a moment.
import { createContext, Script } from 'node:vm'

/** `invalid`: proxies cannot read it, and it never matches; `unknown`: it cannot be judged here. */
export type Covers = 'yes' | 'no' | 'invalid' | 'unknown'

// On a busy machine the simplest expression may have to wait for its turn.
const MOMENT_MS = 500
const INLINE_FLAGS = /^\(\?([ims]+)\)/
const UNREADABLE = /\(\?<?[=!]|(?<!\\)(?:\\\\)*\\[1-9]/

const sandbox = createContext({ pattern: '', flags: '', text: '', length: -1 })
const judge = new Script(
  '{ const found = new RegExp(pattern, flags).exec(text); length = found === null || found.index > 0 ? -1 : found[0].length }',
)

/** Whether the first match of the pattern is the whole text. */
export function covers(pattern: string, text: string): Covers {
  if (UNREADABLE.test(pattern)) return 'invalid'
  const inline = INLINE_FLAGS.exec(pattern)
  const source = pattern.slice(inline?.[0].length ?? 0).replaceAll('(?P<', '(?<')
  const flags = flagsFor(source, inline?.[1] ?? '')
  if (flags === undefined) return 'unknown'
  try {
    Object.assign(sandbox, { pattern: source, flags, text, length: -1 })
    judge.runInContext(sandbox, { timeout: MOMENT_MS })
  } catch {
    return 'unknown'
  }
  return sandbox.length === text.length ? 'yes' : 'no'
}

/** Unicode where JavaScript reads the pattern so, as proxies always do; undefined when it reads it in no way. */
function flagsFor(source: string, inline: string): string | undefined {
  return [`${inline}u`, inline].find((flags) => {
    try {
      return new RegExp(source, flags) !== undefined
    } catch {
      return false
    }
  })
}
