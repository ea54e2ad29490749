// What `serve` prints when it is ready: what it serves, what is wrong, and how to go on.
import { splitNameKey } from '../core/keys.ts'
import { shortenedName } from '../core/names.ts'
import { SHARED } from '../wire/entry.ts'
import { problemLine } from './print.ts'
import { problemsOf } from './problems.ts'
import type { Running } from './serve.ts'

const MOST_PROBLEMS = 20

/** The text, for standard output. */
export function welcome(
  running: Running,
  at: { readonly adminPort: number; readonly xdsPort: number; readonly paths: readonly string[] },
): string {
  const { snapshot } = running
  const lines = ['', `agentgateway control plane, serving ${at.paths.join(', ')}`, '']
  const gateways = snapshot.scopes().filter((scope) => scope !== SHARED)
  for (const gateway of gateways) {
    const names = snapshot.list(gateway).map(({ encoded }) => encoded.name)
    const count = (kind: string): number => names.filter((name) => name.startsWith(`${kind}/`)).length
    const ports = names.flatMap((name) => (name.startsWith('bind/') ? [name.split('/')[1]] : []))
    lines.push(
      `  ✓ Gateway ${gateway}: port ${ports.join(', ')}; ${count('listener')} listeners, ${count('route') + count('tcp_route')} routes, ${count('backend')} backends, ${count('policy')} policies`,
    )
  }
  if (gateways.length === 0)
    lines.push('  ✗ no Gateway of ours is there: nothing is served. A Gateway needs gatewayClassName: agentgateway.')
  const problems = problemsOf(running)
  if (problems.length > 0)
    lines.push('', ...problems.slice(0, MOST_PROBLEMS).map((problem) => `  ${problemLine(problem)}`))
  if (problems.length > MOST_PROBLEMS)
    lines.push(`  … and ${problems.length - MOST_PROBLEMS} more: agwcp translate -f ${at.paths.join(' -f ')}`)
  lines.push('', `  page and dumps   http://localhost:${at.adminPort}/`)
  const [first] = gateways
  if (first !== undefined && !running.runsProxies) {
    const { namespace, name } = splitNameKey(first)
    lines.push(
      '  connect a proxy  ' +
        `XDS_ADDRESS=http://127.0.0.1:${at.xdsPort} NAMESPACE=${namespace} GATEWAY=${shortenedName(name)} agentgateway -c '{}'`,
    )
  }
  return `${lines.join('\n')}\n\n`
}
