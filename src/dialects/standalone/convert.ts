// A proxy's own configuration file as objects for a cluster: a Gateway with its routes, backends, policies, and MCPServers
// for processes. What cannot be carried over is named; what guards something is never left out, but closed.
import type { Problem } from '../../core/problem.ts'
import type { JsonObject } from '../../kube/json.ts'
import type { KubeObject } from '../../kube/object.ts'
import { dropUnread, type Fields, NOT_CARRIED, readFields } from '../fields.ts'
import { GATEWAY_API, OURS, present } from '../made.ts'
import { carryBackend } from './backends.ts'
import { checkStandalone } from './check.ts'
import { carryPolicies } from './policies.ts'

/** An object to apply. */
export interface ConvertedObject extends KubeObject {
  readonly spec: JsonObject
}

/** What a file becomes. */
export interface ConvertedFile {
  readonly objects: readonly ConvertedObject[]
  readonly problems: readonly Problem[]
}

/** Everything that the pieces of a conversion add to. */
export interface Conversion {
  readonly objects: ConvertedObject[]
  readonly problems: Problem[]
  readonly className: string
  /** Makes a name that is free, and one for Kubernetes. */
  readonly nameOf: (kind: string, wanted: string) => string
}

/** Converts a file; `name` is what its Gateway is called. */
export function convertStandalone(config: JsonObject, name: string, className: string): ConvertedFile {
  const { problems: found, corrected } = checkStandalone(config)
  const mended = found.map((problem): Problem => ({ ...problem, severity: 'warning' }))
  const conversion = newConversion(className)
  const { objects, problems } = conversion
  const whole = readFields(corrected ?? config, '', problems)
  whole.ignore('config', 'ui')
  if (whole.has('config')) whole.drop('config', 'settings of the proxy process are those of AgentgatewayParameters')
  const gateway = conversion.nameOf('Gateway', name)
  const listeners: JsonObject[] = []
  const names = new Set<string>()
  for (const bind of whole.list('binds')) {
    const port = bind.whole('port')
    for (const [i, listener] of bind.list('listeners').entries()) {
      const wanted = listener.text('name') ?? (i === 0 ? `port-${port}` : `port-${port}-${i}`)
      const listenerName = free(kubernetesName(wanted), names)
      listeners.push(carryListener(listener, { name: listenerName, port: port ?? 0 }))
      for (const [r, route] of listener.list('routes').entries()) {
        carryRoute(route, { gateway, listener: listenerName, index: r, conversion })
      }
      listener.drop('tcpRoutes', 'write a TCPRoute')
      listener.drop('policies', 'write an AgentgatewayPolicy for the Gateway')
    }
  }
  dropUnread(whole, problems, 'there is no object for it; write it by hand')
  const spec = { gatewayClassName: className, listeners }
  if (listeners.length > 0) {
    objects.unshift({ apiVersion: `${GATEWAY_API}/v1`, kind: 'Gateway', metadata: { name: gateway }, spec })
  }
  return { objects, problems: [...mended, ...problems] }
}

function newConversion(className: string): Conversion {
  const taken = new Map<string, Set<string>>()
  return {
    ...{ objects: [], problems: [], className },
    nameOf: (kind, wanted) => {
      const names = taken.get(kind) ?? new Set<string>()
      taken.set(kind, names)
      return free(kubernetesName(wanted), names)
    },
  }
}

function free(wanted: string, taken: Set<string>): string {
  let name = wanted
  for (let i = 2; taken.has(name); i++) name = `${wanted}-${i}`
  taken.add(name)
  return name
}

/** A name that Kubernetes takes. */
export function kubernetesName(text: string): string {
  const name = text
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 200)
  return name === '' ? 'converted' : name
}

function carryListener(from: Fields, { name, port }: { readonly name: string; readonly port: number }): JsonObject {
  const protocol = from.text('protocol') ?? 'HTTP'
  if (from.has('tls')) {
    from.json('tls')
    from.tell('certificates become a Secret that the listener names: tls.certificateRefs', {
      field: 'tls',
      reason: NOT_CARRIED,
      severity: 'warning',
    })
  }
  return present({ name, port, protocol, hostname: from.text('hostname') })
}

interface RouteScope {
  readonly gateway: string
  readonly listener: string
  readonly index: number
  readonly conversion: Conversion
}

function carryRoute(from: Fields, { gateway, listener, index, conversion }: RouteScope): void {
  const { objects, nameOf } = conversion
  const name = nameOf('HTTPRoute', from.text('name') ?? from.text('ruleName') ?? `${gateway}-${listener}-${index}`)
  from.ignore('namespace')
  const backends = from.list('backends').flatMap((backend) => carryBackend(backend, name, conversion))
  const matches = from.list('matches').map(carryMatch)
  const hostnames = from.texts('hostnames')
  const policies = from.fields('policies')
  const carried = policies && carryPolicies(policies, { route: name, backends, conversion })
  const rule = present({
    matches: matches.length === 0 ? [{ path: { type: 'PathPrefix', value: '/' } }] : matches,
    filters: carried?.filters,
    backendRefs: backends.length === 0 ? undefined : backends.map(({ ref }) => ref),
  })
  objects.push({
    apiVersion: `${GATEWAY_API}/v1`,
    kind: 'HTTPRoute',
    metadata: { name },
    spec: present({
      parentRefs: [{ name: gateway, sectionName: listener }],
      hostnames: hostnames.length === 0 ? undefined : hostnames,
      rules: [rule],
    }),
  })
  for (const { name: policy, spec } of carried?.policies ?? []) {
    const metadata = { name: nameOf('AgentgatewayPolicy', policy) }
    objects.push({ apiVersion: `${OURS}/v1alpha1`, kind: 'AgentgatewayPolicy', metadata, spec })
  }
}

const PATH_TYPES = { exact: 'Exact', pathPrefix: 'PathPrefix', regex: 'RegularExpression' } as const

function carryMatch(from: Fields): JsonObject {
  const path = from.fields('path')
  const kind = (['exact', 'pathPrefix', 'regex'] as const).find((each) => path?.has(each))
  const value = kind === undefined ? undefined : path?.text(kind)
  return present({
    path: kind === undefined || value === undefined ? undefined : { type: PATH_TYPES[kind], value },
    headers: valueMatches(from, 'headers'),
    queryParams: valueMatches(from, 'query'),
    method: from.text('method'),
  })
}

function valueMatches(from: Fields, field: string): readonly JsonObject[] | undefined {
  const list = from.list(field).map((each) => {
    const value = each.fields('value')
    const regex = value?.text('regex')
    return present({
      type: regex === undefined ? 'Exact' : 'RegularExpression',
      name: each.text('name'),
      value: regex ?? value?.text('exact'),
    })
  })
  return list.length === 0 ? undefined : list
}
