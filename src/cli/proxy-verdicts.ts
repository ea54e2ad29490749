// What proxies refuse, as statuses and Events tell it: on the Gateway that is then not wholly programmed, and on the object
// that a user can edit. Only the proxies of this replica are known here; each replica writes Events of its own. For how long
// proxies may be away or silent before that is told: attendance.ts.
import type { EventObject, EventRecorder } from '../cluster/events.ts'
import { displayRef, type GatewayKey, nameKey, objectKey, splitNameKey, type TypedRef } from '../core/keys.ts'
import type { Snapshot } from '../snapshot/snapshot.ts'
import type { Verdicts } from '../status/writer.ts'
import type { ConditionDraft, ParentRefStatus, ParentStatusDraft, StatusDraft } from '../translate/model.ts'
import type { SessionView, XdsEvents } from '../xds/session-view.ts'
import type { Attendance, Unattended } from './attendance.ts'

/** A resource that a proxy holds to be wrong, and the object that is to be mended. */
export interface Refusal {
  readonly gateway: GatewayKey
  readonly resource: string
  readonly owner: TypedRef
  readonly message: string
}

const quietMs = 200
/** How often it is looked who is there. */
const roundMs = 5_000
const GATEWAY = { group: 'gateway.networking.k8s.io', kind: 'Gateway' }

/** What the connected proxies refuse now; each resource of a Gateway once. */
export function refusals(sessions: readonly SessionView[], snapshot: Pick<Snapshot, 'find'>): readonly Refusal[] {
  const found = new Map<string, Refusal>()
  for (const { gateway, types, hasRejections } of sessions) {
    if (!hasRejections) continue
    for (const { rejections } of Object.values(types)) {
      for (const { name, severity, message } of rejections) {
        if (severity !== 'error') continue
        const [owner = { ...GATEWAY, ...splitNameKey(gateway) }] = snapshot.find(gateway, name)?.owners ?? []
        found.set(`${gateway} ${name}`, { gateway, resource: name, owner, message })
      }
    }
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, refusal]) => refusal)
}

/** A draft that says what proxies refuse. */
export function withRefusals(draft: StatusDraft, refused: readonly Refusal[]): StatusDraft {
  const { object, body } = draft
  if (object.kind === 'Gateway' && body.shape === 'gateway') {
    const own = refused.filter(({ gateway }) => gateway === nameKey(object.namespace, object.name))
    if (own.length === 0) return draft
    const message = own.map((refusal) => `${displayRef(refusal.owner)}: ${sentence(refusal)}`).join('; ')
    return { ...draft, body: { ...body, conditions: body.conditions.map(overruled(notProgrammed(message))) } }
  }
  const key = objectKey(object)
  const own = refused.filter(({ owner }) => objectKey(owner) === key)
  if (own.length === 0) return draft
  const message = own.map(sentence).join('; ')
  switch (body.shape) {
    case 'route': {
      const parents = body.parents.map((parent) => ({
        ...parent,
        conditions: withPartiallyInvalid(parent.conditions, message),
      }))
      return { ...draft, body: { ...body, parents } }
    }
    case 'policy': {
      const partial: ConditionDraft = { type: 'Accepted', status: 'True', reason: 'PartiallyValid', message }
      return { ...draft, body: { ...body, ancestors: whereRefused(own, body.ancestors, partial) } }
    }
    case 'inferencepool': {
      // Of the reasons that the API knows for this, the one that blames the parent.
      const unsupported: ConditionDraft = { type: 'Accepted', status: 'False', reason: 'NotSupportedByParent', message }
      return { ...draft, body: { ...body, parents: whereRefused(own, body.parents, unsupported) } }
    }
    case 'conditions': {
      const refusedOnes: ConditionDraft = { type: 'Accepted', status: 'False', reason: 'Invalid', message }
      return { ...draft, body: { ...body, conditions: body.conditions.map(overruled(refusedOnes)) } }
    }
    case 'listenerset':
      return { ...draft, body: { ...body, conditions: body.conditions.map(overruled(notProgrammed(message))) } }
    default:
      return draft
  }
}

function notProgrammed(message: string): ConditionDraft {
  return { type: 'Programmed', status: 'False', reason: 'Invalid', message }
}

/** Those of the Gateways that refuse have the condition. */
function whereRefused(
  refused: readonly Refusal[],
  all: readonly ParentStatusDraft[],
  condition: ConditionDraft,
): readonly ParentStatusDraft[] {
  return all.map((parent) => {
    const isConcerned = refused.some(({ gateway }) => concerns(gateway, parent.ref, all))
    return isConcerned ? { ...parent, conditions: parent.conditions.map(overruled(condition)) } : parent
  })
}

// What a policy attaches to stands for all Gateways. A Gateway may be named without its namespace, unless another
// ancestor would then look the same.
function concerns(gateway: GatewayKey, ref: ParentRefStatus, all: readonly ParentStatusDraft[]): boolean {
  if (ref.kind !== undefined && ref.kind !== GATEWAY.kind) return true
  const { namespace, name } = splitNameKey(gateway)
  const isNamed = (other: ParentRefStatus): boolean => other.name === name && other.namespace === namespace
  if (isNamed(ref)) return true
  return ref.namespace === undefined && ref.name === name && !all.some((other) => isNamed(other.ref))
}

/** A Gateway's draft that says what is unusual about its proxies. One that is not programmed anyway stays as it is. */
function withAttendance(draft: StatusDraft, unattended: Unattended | undefined): StatusDraft {
  const { body } = draft
  if (unattended === undefined || body.shape !== 'gateway') return draft
  const conditions = body.conditions.map((condition): ConditionDraft => {
    if (condition.type !== 'Programmed' || condition.status !== 'True') return condition
    const { is, message } = unattended
    // Another replica may have its proxies: that nobody is here makes nothing untrue.
    return is === 'absent'
      ? { ...condition, message: `${condition.message}; ${message}` }
      : { ...condition, status: 'False', reason: 'Pending', message }
  })
  return { ...draft, body: { ...body, conditions } }
}

/** Follows what proxies refuse, and whether they are there. */
export class ProxyVerdicts implements Verdicts {
  private readonly context: {
    readonly sessions: () => readonly SessionView[]
    readonly snapshot: Pick<Snapshot, 'find'>
    readonly attendance: Pick<Attendance, 'look' | 'restart'>
  }
  private current: readonly Refusal[] = []
  private unattended: ReadonlyMap<GatewayKey, Unattended> = new Map()
  private timer: NodeJS.Timeout | undefined
  private rounds: NodeJS.Timeout | undefined
  private readonly listeners = new Set<(keys: Iterable<string>) => void>()

  constructor(context: ProxyVerdicts['context']) {
    this.context = context
  }

  adjust(draft: StatusDraft): StatusDraft {
    const { namespace, name } = draft.object
    const judged = this.current.length === 0 ? draft : withRefusals(draft, this.current)
    return withAttendance(judged, this.unattended.get(nameKey(namespace, name)))
  }

  /** Who is there counts from now on: whoever begins to write has heard of no proxy for a reason. */
  observe(changed: (keys: Iterable<string>) => void): () => void {
    this.listeners.add(changed)
    this.context.attendance.restart()
    this.unattended = new Map()
    this.rounds ??= setInterval(() => this.look(), roundMs).unref()
    return () => {
      this.listeners.delete(changed)
      if (this.listeners.size > 0) return
      clearInterval(this.rounds)
      this.rounds = undefined
    }
  }

  /** What has to be heard of sessions. */
  events(): XdsEvents {
    const later = ({ gateway }: SessionView): void => {
      if (this.current.length > 0 || this.unattended.has(gateway)) this.lookSoon()
    }
    return { connected: later, rejected: () => this.lookSoon(), acknowledged: later, disconnected: later }
  }

  /** A rollout makes all proxies answer at once. */
  private lookSoon(): void {
    this.timer ??= setTimeout(() => {
      this.timer = undefined
      this.look()
    }, quietMs).unref()
  }

  /** Looks at the sessions again. */
  look(): void {
    const next = refusals(this.context.sessions(), this.context.snapshot)
    const unattended = this.rounds === undefined ? this.unattended : this.context.attendance.look()
    const gateways = [...new Set([...this.unattended.keys(), ...unattended.keys()])].filter(
      (gateway) => this.unattended.get(gateway)?.message !== unattended.get(gateway)?.message,
    )
    const before = new Set(this.current.map((refusal) => JSON.stringify(refusal)))
    const after = new Set(next.map((refusal) => JSON.stringify(refusal)))
    const changed = [
      ...this.current.filter((refusal) => !after.has(JSON.stringify(refusal))),
      ...next.filter((refusal) => !before.has(JSON.stringify(refusal))),
    ]
    if (changed.length + gateways.length === 0) return
    this.current = next
    this.unattended = unattended
    const gatewayKey = (gateway: GatewayKey): string => objectKey({ ...GATEWAY, ...splitNameKey(gateway) })
    const keys = [
      ...changed.flatMap(({ gateway, owner }) => [gatewayKey(gateway), objectKey(owner)]),
      ...gateways.map(gatewayKey),
    ]
    for (const listener of this.listeners) listener(new Set(keys))
  }
}

/** Writes Events of what a proxy refused: its own words on the Gateway, and each resource on its owner. */
export function recordRefusals(
  recorder: EventRecorder,
  context: {
    readonly snapshot: Pick<Snapshot, 'find'>
    /** The object as an Event names it; undefined when it is gone. */
    readonly identify: (object: TypedRef) => EventObject | undefined
  },
): NonNullable<XdsEvents['rejected']> {
  const { snapshot, identify } = context
  const reason = 'AgentGatewayNackError'
  const tell = (object: TypedRef, message: string): void => {
    const identified = identify(object)
    if (identified !== undefined) void recorder.record(identified, { type: 'Warning', reason, message })
  }
  return ({ gateway }, { rejections, message }) => {
    tell({ ...GATEWAY, ...splitNameKey(gateway) }, message)
    for (const rejection of rejections) {
      const [owner] = snapshot.find(gateway, rejection.name)?.owners ?? []
      if (owner === undefined || owner.kind === 'Gateway') continue
      tell(owner, sentence({ gateway, resource: rejection.name, owner, message: rejection.message }))
    }
  }
}

function sentence({ gateway, resource, message }: Refusal): string {
  return `a proxy of Gateway ${gateway} refuses ${resource}: ${message}`
}

/** Translation may have left out a part itself; both are told. */
function withPartiallyInvalid(conditions: readonly ConditionDraft[], message: string): readonly ConditionDraft[] {
  const known = conditions.find(({ type }) => type === 'PartiallyInvalid')
  const partial: ConditionDraft = {
    ...{ type: 'PartiallyInvalid', status: 'True', reason: known?.reason ?? 'UnsupportedValue' },
    message: known === undefined ? message : `${known.message}; ${message}`,
  }
  return [...conditions.filter((condition) => condition !== known), partial]
}

/** Puts a condition in the place of the one of its type. */
function overruled(by: ConditionDraft): (draft: ConditionDraft) => ConditionDraft {
  return (draft) => (draft.type === by.type && draft.status === 'True' ? by : draft)
}
