// A Gateway's binds, its own listeners, and its status: acceptance, addresses, and what its listeners add up to. Which
// listeners there are is decided in gateway-plan.ts, each single one in listeners.ts; how many routes are attached is
// known later and filled in here. (spec: Gateway API, Gateway conditions)

import { type GatewayKey, nameKey, objectKey, type TypedRef } from '../core/keys.ts'
import { shortenedName } from '../core/names.ts'
import type { Problem, Reason } from '../core/problem.ts'
import type { Reader } from '../engine/collection.ts'
import type { Gateway } from '../kube/gateway-types.ts'
import { listOf } from '../kube/lists.ts'
import { keyOf } from '../kube/object.ts'
import type { Bind } from '../wire/messages.ts'
import type { AssignedAddresses } from './gateway-addresses.ts'
import { type GatewayPlan, gatewayRef, type PlannedBind, usableAddresses } from './gateway-plan.ts'
import { bindKey, type ListenerOutcome } from './listeners.ts'
import type { ConditionDraft, ListenerStatusDraft, ScopedResource, StatusDraft, Translation } from './model.ts'
import type { AttachedCount } from './parents.ts'
import { KGATEWAY_GROUP } from './references.ts'

/** What rendering or applying a Gateway's deployment came to; absent when nobody has deployed it yet. */
export interface DeploymentVerdict {
  readonly gateway: GatewayKey
  readonly problem: { readonly reason: 'InvalidParameters' | 'DeploymentFailed'; readonly message: string } | undefined
}

/** What translating a Gateway reads; `outcomes` has the index `owner`. */
export interface GatewayReads {
  readonly plans: Reader<GatewayPlan>
  readonly outcomes: Reader<ListenerOutcome>
}

/** What its status reads besides; `outcomes` has the index `gateway`. */
export interface GatewayStatusReads {
  readonly attached: Reader<AttachedCount>
  readonly outcomes: Reader<ListenerOutcome>
  readonly deployments: Reader<DeploymentVerdict>
  readonly addresses: Reader<AssignedAddresses>
}

/** Translates a Gateway of ours; counts of attached routes and ListenerSets are still zero. */
export function translateGateway(gateway: Gateway, read: GatewayReads): readonly Translation[] {
  const plan = read.plans.get(keyOf(gateway))
  if (plan === undefined) return []
  const object = gatewayRef(gateway)
  const outcomes = plan.failure === undefined ? outcomesOf(object, read.outcomes) : []
  const listeners: readonly ListenerStatusDraft[] =
    plan.failure === undefined
      ? outcomes.map(listenerStatus)
      : listOf(gateway.spec?.listeners).map(({ name }) => unservedListener(name))
  return [
    {
      object,
      resources: [...plan.binds.map((bind) => bindResource(bind, plan)), ...listenerResources(outcomes)],
      status: {
        object,
        apiVersion: gateway.apiVersion,
        generation: gateway.metadata.generation ?? 0,
        body: {
          shape: 'gateway',
          conditions: conditionsOf(gateway, plan, outcomes),
          listeners,
          attachedListenerSets: 0,
        },
      },
      problems: [...gatewayProblems(gateway, plan), ...outcomes.flatMap(({ problems }) => problems)],
    },
  ]
}

/** Completes the status of a Gateway with what attaches to it, and with what its deployment found. */
export function gatewayStatus(translation: Translation, read: GatewayStatusReads): readonly StatusDraft[] {
  const { status, object } = translation
  if (status?.body.shape !== 'gateway') return []
  const gateway = nameKey(object.namespace, object.name)
  const sets = new Set<string>()
  for (const outcome of read.outcomes.where('gateway', gateway)) {
    const { owner, isServed, isValid, conflict } = outcome
    if (owner.kind === 'ListenerSet' && isServed && isValid && conflict === undefined)
      sets.add(nameKey(owner.namespace, owner.name))
  }
  const verdict = read.deployments.get(gateway)
  const assigned = read.addresses.get(gateway)
  const { conditions, listeners } = status.body
  return [
    {
      ...status,
      body: {
        shape: 'gateway',
        conditions: withMissingAddress(withDeployment(conditions, verdict), object, assigned),
        listeners: withCounts(listeners, object, read.attached),
        attachedListenerSets: sets.size,
        ...(verdict === undefined ? {} : { isDeploymentKnown: true }),
        ...(assigned === undefined ? {} : { addresses: assigned.addresses }),
      },
    },
  ]
}

/** Outcomes of an object's listeners in the order of its spec. */
export function outcomesOf(owner: TypedRef, outcomes: Reader<ListenerOutcome>): readonly ListenerOutcome[] {
  return [...outcomes.where('owner', objectKey(owner))].sort((a, b) => a.order - b.order)
}

/** A listener's entry in a status, nothing attached yet. */
export function listenerStatus({ name, supportedKinds, conditions }: ListenerOutcome): ListenerStatusDraft {
  return { name, attachedRoutes: 0, supportedKinds, conditions }
}

/** The listeners that are sent, for the Gateway that serves them. */
export function listenerResources(outcomes: readonly ListenerOutcome[]): readonly ScopedResource[] {
  const resources: ScopedResource[] = []
  for (const { resource, gateway, gatewayRef, owner } of outcomes) {
    if (resource === undefined) continue
    const owners = owner.kind === 'Gateway' ? [owner] : [owner, gatewayRef]
    resources.push({ gateway, resource: { kind: 'listener', listener: resource }, owners })
  }
  return resources
}

/** Fills in how many routes are attached. */
export function withCounts(
  listeners: readonly ListenerStatusDraft[],
  owner: TypedRef,
  attached: Reader<AttachedCount>,
): readonly ListenerStatusDraft[] {
  return listeners.map((listener) => {
    const routes = attached.get(`${objectKey(owner)}/${listener.name}`)?.routes ?? 0
    return { ...listener, attachedRoutes: routes }
  })
}

function bindResource(bind: PlannedBind, plan: GatewayPlan): ScopedResource {
  const message: Bind = {
    key: bindKey(plan.gateway, bind.port),
    port: bind.port,
    protocol: bind.protocol,
    tunnelProtocol: bind.isHbone ? 'HBONE_GATEWAY' : 'DIRECT',
    mode: bind.isInternal ? 'INTERNAL' : 'STANDARD',
  }
  const owners = bind.owners.some(({ kind }) => kind === 'Gateway') ? bind.owners : [...bind.owners, plan.ref]
  return { gateway: plan.gateway, resource: { kind: 'bind', bind: message }, owners }
}

// All listeners of a Gateway whose addresses cannot be had say the same: nothing is wrong with them.
function unservedListener(name: string): ListenerStatusDraft {
  return {
    name,
    attachedRoutes: 0,
    supportedKinds: [],
    conditions: [
      { type: 'Accepted', status: 'True', reason: 'Accepted', message: 'Successfully accepted Listener' },
      {
        type: 'Conflicted',
        status: 'False',
        reason: 'NoConflicts',
        message: 'Successfully verified that Listener has no conflicts',
      },
      { type: 'ResolvedRefs', status: 'True', reason: 'ResolvedRefs', message: 'Successfully resolved all references' },
      { type: 'Programmed', status: 'True', reason: 'Programmed', message: 'Successfully programmed Listener' },
    ],
  }
}

function condition(
  type: string,
  isTrue: boolean,
  reason: Reason | 'Accepted' | 'DeploymentFailed' | 'Programmed' | 'ResolvedRefs',
  message: string,
): ConditionDraft {
  return { type, status: isTrue ? 'True' : 'False', reason, message }
}

function conditionsOf(
  gateway: Gateway,
  plan: GatewayPlan,
  outcomes: readonly ListenerOutcome[],
): readonly ConditionDraft[] {
  const conditions: ConditionDraft[] = [acceptedOf(gateway, plan, outcomes)]
  const backend = gateway.spec?.tls?.backend
  if (typeof backend === 'object' && backend !== null) {
    const client = outcomes.find((outcome) => outcome.clientCertificate !== undefined)?.clientCertificate
    conditions.push(
      client === undefined
        ? condition('ResolvedRefs', true, 'ResolvedRefs', 'All references were resolved')
        : condition('ResolvedRefs', false, client.reason, client.message),
    )
  }
  if (isLax(gateway)) {
    conditions.push(
      condition('InsecureFrontendValidationMode', true, 'ConfigurationChanged', 'Insecure fallback mode enabled'),
    )
  }
  const hasHostname = usableAddresses(gateway).some(({ type }) => type === 'Hostname')
  conditions.push(
    hasHostname
      ? condition('Programmed', false, 'AddressNotUsable', 'Hostname addresses may not be used')
      : condition('Programmed', true, 'Programmed', 'Successfully programmed Gateway'),
  )
  const parameters = parametersProblem(gateway)
  return parameters === undefined ? conditions : withParametersProblem(conditions, parameters)
}

function acceptedOf(gateway: Gateway, plan: GatewayPlan, outcomes: readonly ListenerOutcome[]): ConditionDraft {
  if (hasUnknownAddress(gateway)) return condition('Accepted', false, 'UnsupportedAddress', 'Unknown address kind')
  const failures = outcomes.flatMap(({ name, conditions }) =>
    conditions
      .filter(({ type, status }) => (type === 'Accepted' || type === 'Programmed') && status === 'False')
      .map(({ message }) => ({ name, message })),
  )
  if (failures.length > 0) {
    const messages = failures.filter(({ message }) => message !== '').map(({ name, message }) => `${name}: ${message}`)
    const names = [...new Set(failures.map(({ name }) => name))]
    const isAnyAccepted = outcomes.some(({ conditions }) =>
      conditions.some(({ type, status }) => type === 'Accepted' && status === 'True'),
    )
    const detail = messages.length > 0 ? messages.join('; ') : names.join(', ')
    return condition('Accepted', isAnyAccepted, 'ListenersNotValid', `Some listeners are not accepted: ${detail}`)
  }
  if (plan.internalPortsError !== undefined) return condition('Accepted', false, 'Invalid', plan.internalPortsError)
  if (plan.failure !== undefined) return condition('Accepted', false, 'Invalid', plan.failure)
  const isEmpty = listOf(gateway.spec?.listeners).length === 0
  return condition('Accepted', true, 'Accepted', isEmpty ? 'Successfully accepted Gateway' : '')
}

function withDeployment(
  conditions: readonly ConditionDraft[],
  verdict: DeploymentVerdict | undefined,
): readonly ConditionDraft[] {
  if (verdict?.problem === undefined) return conditions
  const { reason, message } = verdict.problem
  if (reason === 'InvalidParameters') return withParametersProblem(conditions, message)
  return conditions.map((draft) =>
    draft.type === 'Programmed' && draft.status === 'True' ? condition('Programmed', false, reason, message) : draft,
  )
}

// Without a load balancer nothing is wrong with a Gateway, but whoever looks for its address has to know where to look.
function withMissingAddress(
  conditions: readonly ConditionDraft[],
  { namespace, name }: TypedRef,
  assigned: AssignedAddresses | undefined,
): readonly ConditionDraft[] {
  if (assigned === undefined || assigned.addresses.length > 0) return conditions
  const service = `${shortenedName(name)}.${namespace}.svc`
  return conditions.map((draft) =>
    draft.type === 'Programmed' && draft.status === 'True'
      ? {
          ...draft,
          message: `${draft.message}; nothing has given its Service an address, in the cluster it is ${service}`,
        }
      : draft,
  )
}

// A Gateway whose parameters are unusable is not deployed, so nothing is programmed either, unless there is a reason
// of its own for that.
function withParametersProblem(conditions: readonly ConditionDraft[], message: string): readonly ConditionDraft[] {
  return conditions.map((draft) => {
    if (draft.type === 'Accepted' && draft.reason !== 'UnsupportedAddress') {
      return condition('Accepted', false, 'InvalidParameters', message)
    }
    if (draft.type === 'Programmed' && draft.status === 'True')
      return condition('Programmed', false, 'Invalid', message)
    return draft
  })
}

function parametersProblem(gateway: Gateway): string | undefined {
  const ref = gateway.spec?.infrastructure?.parametersRef
  if (typeof ref !== 'object' || ref === null || (ref.kind ?? '').includes('AgentgatewayParameters')) return undefined
  if (ref.group === KGATEWAY_GROUP && ref.kind === 'GatewayParameters') return undefined
  return `infrastructure.parametersRef on Gateway ${keyOf(gateway)} references unsupported type`
}

function hasUnknownAddress(gateway: Gateway): boolean {
  return usableAddresses(gateway).some(({ type = 'IPAddress' }) => type !== 'IPAddress' && type !== 'Hostname')
}

function isLax(gateway: Gateway): boolean {
  const frontend = gateway.spec?.tls?.frontend
  const modes = [
    frontend?.default?.validation?.mode,
    ...listOf(frontend?.perPort).map(({ tls }) => tls?.validation?.mode),
  ]
  return modes.includes('AllowInsecureFallback')
}

function gatewayProblems(gateway: Gateway, plan: GatewayPlan): readonly Problem[] {
  const problems: Problem[] = []
  if (hasUnknownAddress(gateway)) {
    problems.push({ reason: 'UnsupportedAddress', path: 'spec.addresses', message: 'Unknown address kind' })
  } else if (plan.failure !== undefined) {
    problems.push({ reason: 'Invalid', path: 'spec.addresses', message: plan.failure })
  }
  if (plan.internalPortsError !== undefined) {
    problems.push({ reason: 'Invalid', path: 'metadata.annotations', message: plan.internalPortsError })
  }
  const parameters = parametersProblem(gateway)
  if (parameters !== undefined) {
    problems.push({ reason: 'InvalidParameters', path: 'spec.infrastructure.parametersRef', message: parameters })
  }
  return problems
}
