// Names of HTTP headers in lists that the API server does not check. One bad name would make proxies refuse the whole
// policy, which then protects nothing; so it is left out and reported.
import type { Outcome, Problem } from '../../core/problem.ts'
import { flaw, outcome } from './flaws.ts'
import { entriesOf, itemsOf } from './lists.ts'

/** Whether HTTP allows this as the name of a header. */
export function isHeaderName(name: unknown): name is string {
  return typeof name === 'string' && /^[A-Za-z0-9!#$%&'*+\-.^_`|~]+$/.test(name)
}

/** Whether HTTP allows this as the value of a header: no control characters but tabs. */
export function isHeaderValue(value: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about.
  return !/[\u0000-\u0008\u000a-\u001f\u007f]/.test(value)
}

/** What is said about a name that HTTP does not allow. */
export function headerNameFlaw(name: unknown, path: string): Problem {
  return flaw(path, `"${String(name)}" is not the name of a header and is left out`)
}

/** The names that are names. */
export function headerNamesOf(names: readonly string[] | undefined, path: string): Outcome<string[]> {
  const problems: Problem[] = []
  const kept = itemsOf(names).filter((name, i) => {
    if (isHeaderName(name)) return true
    problems.push(headerNameFlaw(name, `${path}[${i}]`))
    return false
  })
  return outcome(kept, problems)
}

/** The entries of a map whose keys are names of headers. */
export function headerEntriesOf(
  map: Readonly<Record<string, string>> | undefined,
  path: string,
): Outcome<readonly (readonly [string, string])[]> {
  const problems: Problem[] = []
  const kept = entriesOf(map).filter(([name]) => {
    if (isHeaderName(name)) return true
    problems.push(headerNameFlaw(name, `${path}[${name}]`))
    return false
  })
  return outcome(kept, problems)
}
