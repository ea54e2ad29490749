// kgateway's TrafficPolicy as AgentgatewayPolicies: one per kind of target, because `rbac` means tools on an MCP Backend and
// requests anywhere else. Each target is judged by itself; a bad one costs the others nothing.
import { nameKey, type TypedRef } from '../../core/keys.ts'
import type { Problem } from '../../core/problem.ts'
import type { JsonObject } from '../../kube/json.ts'
import { refOf } from '../../kube/object.ts'
import {
  type Carried,
  type CarriedTarget,
  carriedFrame,
  type DialectContext,
  type DialectKind,
  type ForeignObject,
  type MadeObject,
} from '../carried.ts'
import { dropUnread, type Fields, readFields } from '../fields.ts'
import { GATEWAY_API, make, OURS, present, unlessEmpty } from '../made.ts'
import { backendKindOf, KGATEWAY } from './backend.ts'
import { isForeign } from './foreign-targets.ts'
import { type CarriedPrompts, carryPrompts } from './prompts.ts'
import { type CarriedSections, carryTrafficFields } from './traffic-fields.ts'

/** TrafficPolicy of gateway.kgateway.dev/v1alpha1. */
export const kgatewayTrafficPolicy: DialectKind = {
  group: KGATEWAY,
  kind: 'TrafficPolicy',
  plural: 'trafficpolicies',
  carry,
}

/** Kinds that can be targeted: the group that is right, and what is targeted in our own kind. */
const TARGETS: Readonly<Record<string, { readonly group: string; readonly made: JsonObject }>> = {
  Gateway: { group: GATEWAY_API, made: { group: GATEWAY_API, kind: 'Gateway' } },
  HTTPRoute: { group: GATEWAY_API, made: { group: GATEWAY_API, kind: 'HTTPRoute' } },
  Backend: { group: KGATEWAY, made: { group: OURS, kind: 'AgentgatewayBackend' } },
}

/** A target that the policy can take effect on. */
interface Target {
  readonly kind: string
  readonly made: JsonObject
  readonly isSelector: boolean
  readonly path: string
  readonly ref: CarriedTarget['ref']
  readonly problems: readonly Problem[]
}

interface Content {
  readonly rbac: JsonObject | undefined
  readonly prompts: CarriedPrompts
  readonly sections: CarriedSections
}

function carry(object: ForeignObject, context: DialectContext): Carried {
  const problems: Problem[] = []
  const spec = readFields(object.spec, 'spec', problems)
  const { namespace } = refOf(object)
  const rbac = spec.fields('rbac')
  const refs = spec.list('targetRefs')
  const own = refs.filter((ref) => !isForeign(ref, namespace, context))
  const targets = [
    ...own.map((ref) => readTarget(ref, { namespace, context, isRbac: rbac !== undefined })),
    ...spec.list('targetSelectors').map(readSelector),
  ]
  if (targets.length === 0 && refs.length > 0)
    return { ...carriedFrame(object), made: [], workload: [], problems: [], targets: [] }
  if (targets.length === 0) spec.tell('a target is required: targetRefs or targetSelectors', { field: 'targetRefs' })
  const ai = spec.fields('ai')
  const content: Content = {
    rbac: rbac && carryRules(rbac),
    prompts: ai === undefined ? { ai: undefined, backends: [] } : carryPrompts(ai, object.metadata.name),
    sections: carryTrafficFields(spec, { namespace, read: context.read, problems }),
  }
  dropUnread(spec, problems, 'an AgentgatewayPolicy has nothing like it')
  const effective = targets.filter((target) => target.problems.every(({ severity }) => severity === 'warning'))
  problems.push(...misplaced(content, effective))
  const policies = policiesOf(object, content, effective)
  return {
    ...carriedFrame(object),
    made: [
      ...policies.map(({ made }) => made),
      ...content.prompts.backends.map(({ name, spec: backend }) =>
        make('AgentgatewayBackend', object, { name, spec: backend, paths: [['spec.static', 'spec.ai.promptGuard']] }),
      ),
    ],
    workload: [],
    problems: [...problems, ...targets.flatMap((target) => target.problems)],
    targets: targets.map((target) => ({
      path: target.path,
      ref: target.ref,
      policy: policies.find((policy) => policy.targets.includes(target))?.ref,
      problems: target.problems,
    })),
  }
}

interface TargetScope {
  readonly namespace: string
  readonly context: DialectContext
  readonly isRbac: boolean
}

function readTarget(ref: Fields, scope: TargetScope): Target {
  const problems: Problem[] = []
  const kind = ref.text('kind') ?? ''
  const name = ref.text('name') ?? ''
  const group = ref.text('group')
  const sectionName = ref.text('sectionName') || undefined
  const known = Object.hasOwn(TARGETS, kind) ? TARGETS[kind] : undefined
  if (known === undefined) problems.push(unknownKind(kind, ref.at('kind')))
  else if (group !== undefined && group !== known.group) problems.push(wrongGroup(kind, group, ref.at('group')))
  if (kind === 'Backend') problems.push(...backendProblems(name, ref, scope))
  if (kind === 'Backend' && sectionName !== undefined) {
    const message = `${ref.at('sectionName')} has no effect: a policy applies to a Backend as a whole`
    problems.push({ reason: 'UnsupportedValue', path: ref.at('sectionName'), message, severity: 'warning' })
  }
  return {
    kind,
    made: present({ ...known?.made, name, sectionName: kind === 'Backend' ? undefined : sectionName }),
    isSelector: false,
    path: ref.path,
    ref: {
      group: known?.group ?? group ?? GATEWAY_API,
      kind,
      name,
      ...(sectionName === undefined ? {} : { sectionName }),
    },
    problems,
  }
}

function readSelector(from: Fields): Target {
  const problems: Problem[] = []
  const kind = from.text('kind') ?? ''
  const group = from.text('group')
  const known = kind !== 'Backend' && Object.hasOwn(TARGETS, kind) ? TARGETS[kind] : undefined
  const sectionName = from.text('sectionName') || undefined
  if (known === undefined) problems.push(unknownKind(kind, from.at('kind')))
  else if (group !== undefined && group !== known.group) problems.push(wrongGroup(kind, group, from.at('group')))
  return {
    kind,
    made: present({ ...known?.made, matchLabels: from.json('matchLabels') ?? {}, sectionName }),
    isSelector: true,
    path: from.path,
    ref: { group: group ?? GATEWAY_API, kind, name: 'StatusSummary' },
    problems,
  }
}

function unknownKind(kind: string, path: string): Problem {
  const instead = kind === 'XListenerSet' ? '; write a ListenerSet and an AgentgatewayPolicy for it' : ''
  return { reason: 'Invalid', path, message: `${kind || 'a target without kind'} cannot be targeted${instead}` }
}

function wrongGroup(kind: string, group: string, path: string): Problem {
  const message = `the group of ${kind} is ${TARGETS[kind]?.group}, not "${group}"; the policy is applied all the same`
  return { reason: 'Invalid', path, message, severity: 'warning' }
}

function backendProblems(name: string, ref: Fields, { namespace, context, isRbac }: TargetScope): readonly Problem[] {
  const { path } = ref
  const backend = context.read.backends.get(nameKey(namespace, name))
  if (backend === undefined) return [{ reason: 'Invalid', path, message: `Backend ${name} not found` }]
  const kind = backendKindOf(backend.spec)
  if (!isRbac || kind === 'MCP') return []
  const message = `rbac at a Backend says which tools may be used, and Backend ${name} is not of type MCP`
  return [{ reason: 'Invalid', path, message }]
}

function carryRules(from: Fields): JsonObject | undefined {
  const policy = from.fields('policy')
  const matchExpressions = policy?.texts('matchExpressions') ?? []
  const action = from.text('action')
  if (action !== undefined && action !== 'Allow' && action !== 'Deny') {
    from.tell('must be Allow or Deny', { field: 'action' })
  }
  if (matchExpressions.length === 0) {
    from.tell('at least one expression is required', { field: 'policy' })
    // Nobody is let in by mistake.
    return { action: 'Require', policy: { matchExpressions: ['false'] } }
  }
  return present({ action: action === 'Deny' ? 'Deny' : undefined, policy: { matchExpressions } })
}

/** What a policy says that means nothing at the kind of target it has. */
function misplaced({ rbac, sections }: Content, targets: readonly Target[]): readonly Problem[] {
  const problems: Problem[] = []
  const others = targets.some(({ kind }) => kind !== 'Backend')
  if (others && JSON.stringify(rbac ?? '').includes('mcp.')) {
    const message = 'mcp.* is only known where an MCP Backend is targeted; on a Gateway or route the rule never matches'
    problems.push({ reason: 'Invalid', path: 'spec.rbac.policy.matchExpressions', message, severity: 'warning' })
  }
  if (targets.length > 0 && !others) {
    for (const [made, written] of sections.paths) {
      const field = made.split('.').at(-1) ?? ''
      const isSet = made.startsWith('spec.traffic.') ? sections.traffic[field] : sections.backend[field]
      const message = `${written} has no effect: at a Backend only rbac and ai apply`
      if (isSet !== undefined)
        problems.push({ reason: 'UnsupportedValue', path: written, message, severity: 'warning' })
    }
  }
  return problems
}

interface MadePolicy {
  readonly ref: TypedRef
  readonly made: MadeObject
  readonly targets: readonly Target[]
}

function policiesOf(object: ForeignObject, content: Content, targets: readonly Target[]): readonly MadePolicy[] {
  const groups = Map.groupBy(targets, ({ kind, isSelector }) => `${kind.toLowerCase()}${isSelector ? '-selected' : ''}`)
  return [...groups].flatMap(([suffix, members]) => {
    const spec = specFor(content, members)
    if (spec === undefined) return []
    const { name } = object.metadata
    const made = make('AgentgatewayPolicy', object, {
      ...(groups.size === 1 ? {} : { name: `${name}-${suffix}` }),
      spec,
      paths: [
        ...content.sections.paths,
        ['spec.traffic.authorization', 'spec.rbac'],
        ['spec.backend.mcp.authorization', 'spec.rbac'],
        ['spec.backend.ai', 'spec.ai'],
        ...members.map(({ path }, i): [string, string] => [
          `spec.${members[0]?.isSelector ? 'targetSelectors' : 'targetRefs'}[${i}]`,
          path,
        ]),
      ],
    })
    return [{ ref: refOf(made.object), made, targets: members }]
  })
}

function specFor({ rbac, prompts, sections }: Content, members: readonly Target[]): JsonObject | undefined {
  const [first] = members
  if (first === undefined) return undefined
  const isBackend = first.kind === 'Backend'
  const traffic = isBackend ? undefined : unlessEmpty(present({ ...sections.traffic, authorization: rbac }))
  const backend = unlessEmpty(
    present({
      ...(isBackend ? {} : sections.backend),
      ai: prompts.ai,
      mcp: isBackend && rbac !== undefined ? { authorization: rbac } : undefined,
    }),
  )
  if (traffic === undefined && backend === undefined) return undefined
  const refs = members.map(({ made }) => made)
  return present({
    ...(first.isSelector ? { targetSelectors: refs } : { targetRefs: refs }),
    traffic,
    backend,
  })
}
