// Which policies act on a request, where proxies look for them, and which of them yields to which. What a policy does is
// not looked at. Each list below begins with what counts first.
import type {
  Backend,
  BackendPolicySpec,
  FrontendPolicySpec,
  Listener,
  Policy,
  PolicyTarget,
  Route,
  RouteBackend,
  TrafficPolicySpec,
} from '../../wire/messages.ts'
import type { ProxyView } from './view.ts'

/** A policy that is attached to something on a request's way. */
export interface AttachedPolicy {
  /** The object that says it. */
  readonly from: string
  /** Family and field, such as `traffic.cors`. */
  readonly kind: string
  /** What it is attached to. */
  readonly on: string
  /** Whose policy of this kind counts instead; absent when this one counts. */
  readonly yieldsTo?: string
  /** Only for some requests, as its own conditions say. */
  readonly isConditional?: true
}

/** The traffic policies of a request: those that count for every one, and all that are attached. */
export interface TrafficPolicies {
  readonly specs: readonly TrafficPolicySpec[]
  readonly attached: readonly AttachedPolicy[]
}

/** The listener and the rules that a request has met, from the outermost on. */
export interface Way {
  readonly listener: Listener
  readonly port: number
  readonly routes: readonly Route[]
}

interface Found extends AttachedPolicy {
  readonly spec?: TrafficPolicySpec
  /** Locks its kind against more specific policies. */
  readonly isOverride?: boolean
}

/** A place that policies attach to. */
interface Level {
  readonly on: string
  readonly isMeant: (target: PolicyTarget) => boolean
}

type Spec = TrafficPolicySpec | BackendPolicySpec | FrontendPolicySpec

/** Traffic policies: those that run before a rule is chosen, then those of the rules. */
export function trafficPolicies(view: ProxyView, { listener, routes }: Way): TrafficPolicies {
  const levels = listenerLevels(listener)
  const early = levels.flatMap((level) => trafficAt(view, level, 'GATEWAY'))
  const late = [
    ...[...routes]
      .reverse()
      .flatMap((route) => [
        ...(route.trafficPolicies ?? []).map(
          (spec): Found => ({ from: routeText(route), kind: `traffic.${fieldOf(spec)}`, on: 'itself', spec }),
        ),
        ...routeLevels(route).flatMap((level) => trafficAt(view, level, 'ROUTE')),
      ]),
    ...levels.flatMap((level) => trafficAt(view, level, 'ROUTE')),
  ]
  const settled = [...settle(early), ...settle(withOverrides(late))]
  return {
    specs: settled.flatMap(({ yieldsTo, isConditional, spec }) =>
      yieldsTo === undefined && isConditional === undefined && spec !== undefined ? [spec] : [],
    ),
    attached: settled.map(shown),
  }
}

/** Policies for one backend of the innermost rule. */
export function backendPolicies(view: ProxyView, way: Way, chosen: RouteBackend): readonly AttachedPolicy[] {
  const { backend: reference, backendPolicies: own } = chosen
  const backend = view.backend(reference?.backend ?? '')
  const routes = [...way.routes].reverse()
  const [inner] = routes
  const levels = [
    ...routes.flatMap(routeLevels),
    ...(backend ? [backendLevel(backend.name ?? {})] : serviceLevels(reference?.service ?? {}, reference?.port)),
    // Those of ListenerSets are never consulted.
    ...listenerLevels(way.listener).filter((level) => !level.on.startsWith('ListenerSet')),
  ]
  const found = [
    ...inline(own, inner === undefined ? 'the rule' : routeText(inner)),
    ...inline(backend?.inlinePolicies, `backend ${backend?.key}`),
    ...levels.flatMap((level) => backendAt(view, level)),
  ]
  const sections = sectionsOf(view, backend).map(settle)
  return [...sections.flat(), ...withSections(settle(found), sections)].map(shown)
}

/** Policies for connections to a listener. */
export function frontendPolicies(view: ProxyView, { listener, port }: Way): readonly AttachedPolicy[] {
  const { gatewayName, gatewayNamespace } = listener.name ?? {}
  const portLevel: Level = {
    on: `port ${port}`,
    isMeant: ({ gateway }) =>
      gateway?.name === gatewayName &&
      gateway?.namespace === gatewayNamespace &&
      !gateway?.listener &&
      gateway?.port === port,
  }
  const levels = listenerLevels(listener).toSpliced(-1, 0, portLevel)
  const found = levels.flatMap((level) =>
    policiesAt(view, level).flatMap((policy) => (policy.frontend ? [foundIn(policy, policy.frontend, level)] : [])),
  )
  return settle(found).map(shown)
}

/** A rule as it is spoken of. */
export function routeText({ name }: Route): string {
  const { kind = 'HTTPRoute', namespace = '', name: own = '', ruleName = '' } = name ?? {}
  return `${kind} ${namespace}/${own}${ruleName === '' ? '' : ` rule ${ruleName}`}`
}

function trafficAt(view: ProxyView, level: Level, phase: 'ROUTE' | 'GATEWAY'): readonly Found[] {
  return policiesAt(view, level).flatMap((policy): readonly Found[] => {
    const [first] = policy.conditional?.policies ?? []
    const spec = policy.traffic ?? first?.traffic
    if (!spec || (spec.phase ?? 'ROUTE') !== phase) return []
    const found = foundIn(policy, spec, level)
    return [
      {
        ...found,
        kind: `traffic.${fieldOf(spec)}`,
        spec,
        isOverride: policy.inheritance === 'OVERRIDE',
        ...(policy.traffic ? {} : { isConditional: true as const }),
      },
    ]
  })
}

function backendAt(view: ProxyView, level: Level): readonly Found[] {
  return policiesAt(view, level).flatMap((policy) => (policy.backend ? [foundIn(policy, policy.backend, level)] : []))
}

function policiesAt({ policies }: ProxyView, { isMeant }: Level): readonly Policy[] {
  return policies.filter(({ target }) => target && isMeant(target))
}

function foundIn({ name, backend, frontend }: Policy, spec: Spec, { on }: Level): Found {
  const family = backend ? 'backend' : frontend ? 'frontend' : 'traffic'
  return { from: `${name?.kind} ${name?.namespace}/${name?.name}`, kind: `${family}.${fieldOf(spec)}`, on }
}

function inline(specs: readonly BackendPolicySpec[] | undefined, from: string): readonly Found[] {
  return (specs ?? []).map((spec) => ({ from, kind: `backend.${fieldOf(spec)}`, on: 'itself' }))
}

function fieldOf(spec: Spec): string {
  return spec.kind ?? Object.keys(spec).find((field) => field !== 'phase') ?? '?'
}

/** The innermost first. */
function listenerLevels({ name }: Listener): readonly Level[] {
  const { gatewayName = '', gatewayNamespace = '', listenerName = '', listenerSet } = name ?? {}
  const isGateway = ({ gateway }: PolicyTarget): boolean =>
    gateway?.name === gatewayName && gateway?.namespace === gatewayNamespace
  const isSet = ({ listenerSet: target }: PolicyTarget): boolean =>
    target?.name === listenerSet?.name && target?.namespace === listenerSet?.namespace
  const set = `ListenerSet ${listenerSet?.namespace}/${listenerSet?.name}`
  return [
    {
      on: `listener ${listenerName}`,
      isMeant: (target) => isGateway(target) && target.gateway?.listener === listenerName && !target.gateway.port,
    },
    ...(listenerSet
      ? [
          {
            on: `${set} listener ${listenerName}`,
            isMeant: (target: PolicyTarget) => isSet(target) && target.listenerSet?.section === listenerName,
          },
          { on: set, isMeant: (target: PolicyTarget) => isSet(target) && !target.listenerSet?.section },
        ]
      : []),
    {
      on: `Gateway ${gatewayNamespace}/${gatewayName}`,
      isMeant: (target) => isGateway(target) && !target.gateway?.listener && !target.gateway?.port,
    },
  ]
}

function routeLevels({ name }: Route): readonly Level[] {
  const { kind = '', namespace, name: own, ruleName = '' } = name ?? {}
  const isRoute = ({ route }: PolicyTarget): boolean =>
    route?.name === own && route?.namespace === namespace && (route?.kind ?? '') === kind
  const on = `${kind} ${namespace}/${own}`
  return [
    {
      on: `${on} rule ${ruleName}`,
      isMeant: (target) => isRoute(target) && ruleName !== '' && target.route?.routeRule === ruleName,
    },
    { on, isMeant: (target) => isRoute(target) && !target.route?.routeRule },
  ]
}

function backendLevel({ name, namespace }: NonNullable<Backend['name']>, section = ''): Level {
  return {
    on: `backend ${namespace}/${name}${section === '' ? '' : ` section ${section}`}`,
    isMeant: ({ backend }) =>
      backend?.name === name && backend?.namespace === namespace && (backend?.section ?? '') === section,
  }
}

/** For each provider or target of a backend, what counts before everything else once it is chosen. */
function sectionsOf(view: ProxyView, backend: Backend | undefined): readonly (readonly Found[])[] {
  const providers = (backend?.ai?.providerGroups ?? []).flatMap((group) => group.providers ?? [])
  const targets = (backend?.mcp?.targets ?? []).map(({ name, backend: reference }) => ({
    name,
    inlinePolicies: view.backend(reference?.backend ?? '')?.inlinePolicies,
  }))
  return [...providers, ...targets].map(({ name, inlinePolicies }) => {
    const level = backendLevel(backend?.name ?? {}, name)
    return [...inline(inlinePolicies, level.on), ...backendAt(view, level)]
  })
}

/** A policy for a whole backend yields where each of its sections has one of its own. */
function withSections(found: readonly Found[], sections: readonly (readonly Found[])[]): readonly Found[] {
  return found.map((each) => {
    if (each.yieldsTo !== undefined || ACCUMULATE.has(each.kind)) return each
    const winners = sections.flatMap((section) => section.find(({ kind }) => kind === each.kind) ?? [])
    if (winners.length === 0 || winners.length < sections.length) return each
    return { ...each, yieldsTo: winners.map(winnerText).join(', ') }
  })
}

function serviceLevels(
  { hostname, namespace }: { readonly hostname?: string; readonly namespace?: string },
  port: number | undefined,
): readonly Level[] {
  const isService = ({ service }: PolicyTarget): boolean =>
    hostname !== undefined && service?.hostname === hostname && service?.namespace === namespace
  return [
    { on: `service ${hostname}:${port}`, isMeant: (target) => isService(target) && target.service?.port === port },
    { on: `service ${hostname}`, isMeant: (target) => isService(target) && !target.service?.port },
  ]
}

// Of these all count.
const ACCUMULATE = new Set(['traffic.authorization', 'backend.authorization', 'backend.mcpAuthorization', 'backend.ai'])

function settle(found: readonly Found[]): readonly Found[] {
  const first = new Map<string, Found>()
  return found.map((each) => {
    const winner = first.get(each.kind)
    if (winner === undefined) first.set(each.kind, each)
    // What an override has locked out yields already.
    if (winner === undefined || each.yieldsTo !== undefined || ACCUMULATE.has(each.kind)) return each
    return { ...each, yieldsTo: winnerText(winner) }
  })
}

/** The outermost override of a kind counts before everything within; the outermost buffer does in any case. */
function withOverrides(found: readonly Found[]): readonly Found[] {
  const locks = new Map<string, Found>()
  for (const each of found) if (each.isOverride || each.kind === 'traffic.buffer') locks.set(each.kind, each)
  const within = new Set<string>()
  const rest = found.toReversed().flatMap((each) => {
    const lock = locks.get(each.kind)
    if (lock === each) within.add(each.kind)
    if (lock === undefined || lock === each || !within.has(each.kind)) return lock === each ? [] : [each]
    return [{ ...each, yieldsTo: winnerText(lock) }]
  })
  return [...locks.values(), ...rest.toReversed()]
}

function winnerText({ from, on }: Found): string {
  return `${from} (on ${on})`
}

function shown({ from, kind, on, yieldsTo, isConditional }: Found): AttachedPolicy {
  return { from, kind, on, ...(yieldsTo === undefined ? {} : { yieldsTo }), ...(isConditional && { isConditional }) }
}
