// Names that the certificate of a server may be asked to carry: host names, addresses and URIs. Proxies refuse TLS
// settings with any other, and connections that were to be encrypted would not be.
import { isIP } from 'node:net'
import type { Problem } from '../../core/problem.ts'
import { flaw } from './flaws.ts'
import { itemsOf } from './lists.ts'

const LABEL = '(?!-)[A-Za-z0-9_-]{1,63}(?<!-)'
const HOST_NAME = new RegExp(`^${LABEL}(?:\\.${LABEL})*\\.?$`)
const URI = /^[A-Za-z][A-Za-z0-9+.-]*:\/\/[!-~]+$/

/** Whether this is the name of a host as a certificate has it: no wildcard, no label of more than 63 characters. */
export function isHostName(name: string): boolean {
  if (typeof name !== 'string') return false
  return isIP(name) !== 0 || (name.length <= 253 && HOST_NAME.test(name) && !/(?:^|\.)\d+\.?$/.test(name))
}

/** Alternative names, sorted out. */
export interface AlternativeNames {
  readonly kept: readonly string[]
  readonly problems: readonly Problem[]
  /** Names were asked for and none can be: nothing must be trusted then, for no names means any name of the host. */
  readonly isLost: boolean
}

/** The names that proxies take. The others are left out, so that fewer certificates are trusted and not more. */
export function alternativeNames(names: readonly string[] | undefined, path: string): AlternativeNames {
  const problems: Problem[] = []
  // Nothing has seen to it that the names of an unchecked object are texts.
  const asked = itemsOf(names).map(String)
  const kept = asked.filter((name, i) => {
    if (isHostName(name) || URI.test(name)) return true
    problems.push(flaw(`${path}[${i}]`, unusable(name)))
    return false
  })
  return { kept, problems, isLost: asked.length > 0 && kept.length === 0 }
}

function unusable(name: string): string {
  const what = `"${name}" is not a name that a certificate can be asked for and is left out`
  return name.includes('*')
    ? `${what}: proxies take no wildcards, so list the names themselves`
    : `${what}: write a host name, an IP address or a URI`
}
