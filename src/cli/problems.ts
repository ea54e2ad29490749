// Everything that is wrong with what `serve` serves, located in its files: for the admin server and the first page of
// output alike.
import { splitNameKey } from '../core/keys.ts'
import type { ReportedProblem } from '../sources/source.ts'
import { decodeResource } from '../wire/decode.ts'
import { SHARED, type XdsEntry } from '../wire/entry.ts'
import type { FoundProblem } from './run.ts'
import type { Running } from './serve.ts'
import { located } from './translate.ts'

/** Problems of files, of objects, and of Gateways that cannot share this machine. */
export function problemsOf({ pipeline, fileProblems, locate, runsProxies }: Running): readonly ReportedProblem[] {
  const found = pipeline.translations
    .list()
    .flatMap(({ object, problems }) => problems.map((problem) => ({ ...problem, object })))
  const conflicts = runsProxies ? portConflicts(pipeline.xds.list()) : []
  return [...fileProblems.list().flat(), ...located([...found, ...conflicts], locate)]
}

/** Gateways whose proxies would listen on one port of this machine; one problem per port and later Gateway. */
export function portConflicts(entries: readonly XdsEntry[]): readonly FoundProblem[] {
  const wanted = new Map<number, Set<string>>()
  for (const { scope, encoded } of entries) {
    if (scope === SHARED || !encoded.name.startsWith('bind/')) continue
    const { bind } = decodeResource(encoded)
    const port = bind?.port ?? 0
    if (port === 0 || bind?.mode === 'INTERNAL') continue
    wanted.set(port, (wanted.get(port) ?? new Set()).add(scope))
  }
  return [...wanted]
    .sort(([a], [b]) => a - b)
    .flatMap(([port, gateways]) => {
      const [first, ...others] = [...gateways].sort()
      return others.map((other) => ({
        object: gatewayRef(other),
        path: 'spec.listeners',
        reason: 'Conflicted' as const,
        message: `Gateways ${first} and ${other} both want port ${port}, and their proxies run on one machine: only one gets it. Give the other another port.`,
      }))
    })
}

function gatewayRef(gateway: string): FoundProblem['object'] {
  return { group: 'gateway.networking.k8s.io', kind: 'Gateway', ...splitNameKey(gateway) }
}
