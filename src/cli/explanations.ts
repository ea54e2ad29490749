// Answers to `explain`, for the command and the admin server alike: about an object, or about a request to a Gateway.
import { explainRequest, type MetRule, type RequestExplanation } from '../admin/explain/explanation.ts'
import { readRequest } from '../admin/explain/request.ts'
import { type ProxyView, proxyView } from '../admin/explain/view.ts'
import type { Answer } from '../admin/server.ts'
import { closest } from '../core/closest.ts'
import { displayRef, type GatewayKey, nameKey, objectKey, splitNameKey, type TypedRef } from '../core/keys.ts'
import { objectIn, textIn } from '../kube/json.ts'
import { type KubeObject, refOf } from '../kube/object.ts'
import type { Snapshot } from '../snapshot/snapshot.ts'
import { type WatchedKind, watchedKinds } from '../sources/kubernetes/kinds.ts'
import type { Locate } from '../sources/manifests/folder.ts'
import type { ReportedProblem } from '../sources/source.ts'
import type { ConditionDraft, ParentRefStatus, StatusDraft } from '../translate/model.ts'
import type { Pipeline } from '../translate/pipeline.ts'
import { decodeAddress, decodeResource } from '../wire/decode.ts'
import { SHARED } from '../wire/entry.ts'
import type { SessionView } from '../xds/session-view.ts'
import type { Looks, ServedLooks } from './looks.ts'
import { refusals, withRefusals } from './proxy-verdicts.ts'
import { located } from './translate.ts'

/** What explanations are made from. */
export interface Explained {
  readonly pipeline: Pipeline
  readonly snapshot: Snapshot
  readonly locate: Locate
  /** Absent where no manifests are watched. */
  readonly looks?: Pick<ServedLooks, 'read'>
  /** Absent where no proxy can be connected. */
  readonly sessions?: readonly SessionView[]
}

/** An object and what has become of it. */
export interface ObjectExplanation {
  /** `Kind namespace/name` */
  readonly object: string
  readonly generation?: number
  readonly file?: string
  readonly line?: number
  /** The last commit that proxies could have heard of. */
  readonly commit: number
  /** How far the manifests are read that it stands in, if it does. */
  readonly looks?: Looks
  /** What it is attached to, or refused by. */
  readonly parents: readonly { readonly parent: string; readonly conditions: readonly ConditionDraft[] }[]
  readonly listeners: readonly {
    readonly name: string
    readonly attachedRoutes: number
    readonly conditions: readonly ConditionDraft[]
  }[]
  /** Those that are not about one parent. */
  readonly conditions: readonly ConditionDraft[]
  readonly problems: readonly ReportedProblem[]
  readonly resources: readonly ExplainedResource[]
  /** What every proxy knows of it. */
  readonly addresses: readonly Omit<ExplainedResource, 'gateway'>[]
  /** The Gateways concerned, and how far their proxies are; absent where none can be connected. */
  readonly gateways?: readonly {
    readonly gateway: GatewayKey
    readonly proxies: readonly { readonly node: string; readonly acknowledgedCommit: number }[]
  }[]
  /** What else there is to say, of objects of other projects. */
  readonly remark?: string
}

/** A resource that an object was made into. */
export interface ExplainedResource {
  readonly gateway: GatewayKey
  readonly name: string
  readonly version: string
  /** Proxies that hold this version; absent where none can be connected. */
  readonly heldBy?: readonly string[]
  readonly refusedBy?: readonly { readonly node: string; readonly message: string }[]
}

/** What a request explanation adds to what proxies hold: routes that never reached them, and problems of the one met. */
export interface RequestAnswer extends RequestExplanation {
  readonly notAttached: readonly { readonly object: string; readonly reason: string }[]
  readonly problems: readonly ReportedProblem[]
}

/** Answers `/explain` and the command: 400 for wrong usage, 404 for what is not there. */
export function explain(explained: Explained, query: URLSearchParams): Answer {
  const object = query.get('object')
  if (object !== null) return explainObject(explained, object, query.get('namespace') ?? undefined)
  const url = query.get('url')
  if (url !== null && url.trim() !== '') return explainUrl(explained, url, query)
  return refusal(400, 'say what to explain: object=KIND/NAME&namespace=NS, or url=URL&gateway=NS/NAME')
}

function refusal(status: number, error: string): Answer {
  return { status, body: { error } }
}

function explainUrl(explained: Explained, url: string, query: URLSearchParams): Answer {
  const asked = readRequest({
    url,
    method: query.get('method') || 'GET',
    headers: query.getAll('header').filter(Boolean),
  })
  if (typeof asked === 'string') return refusal(400, asked)
  const { pipeline, snapshot } = explained
  const gateways = pipeline.gateways.list().map(({ object }) => nameKey(object.namespace, object.name))
  const [only, ...others] = gateways
  const name = query.get('gateway') || (others.length === 0 ? only : undefined)
  if (name === undefined)
    return gateways.length === 0
      ? refusal(404, 'there is no Gateway of ours')
      : refusal(400, `say which Gateway is meant: ${gateways.join(', ')}`)
  const gateway = snapshot.gatewayOf(splitNameKey(name).namespace, splitNameKey(name).name)
  if (gateway === undefined) return refusal(404, `there is no Gateway ${name}${among(gateways)}`)
  const view = viewOf(snapshot, gateway)
  // Files that are only looked at need no pods to be right.
  const served = explained.sessions === undefined ? view : { ...view, endpoints: endpointsIn(snapshot) }
  const explanation = explainRequest(gateway, served, asked)
  const met = metRules(explanation.rule)
  const answer: RequestAnswer = {
    ...explanation,
    notAttached: statusesOf(explained).flatMap((draft) => notAttached(explained, gateway, draft)),
    problems: problemsAbout(explained, (ref, path) =>
      met.some(
        ({ route, index }) =>
          ref.kind === route.kind &&
          ref.namespace === route.namespace &&
          ref.name === route.name &&
          // What is wrong with other rules is of no concern here.
          (!path.startsWith('spec.rules[') || path.startsWith(`spec.rules[${index}]`)),
      ),
    ),
  }
  return { body: answer }
}

function metRules(rule: MetRule | undefined): readonly MetRule[] {
  return rule === undefined ? [] : [rule, ...rule.backends.flatMap((backend) => metRules(backend.rule))]
}

/** What a Gateway's proxies hold; only kinds of resources that are named, where any are. */
export function viewOf(snapshot: Snapshot, gateway: GatewayKey, kinds: readonly string[] = []): ProxyView {
  const isWanted = (name: string): boolean => kinds.length === 0 || kinds.some((kind) => name.startsWith(`${kind}/`))
  return proxyView(
    snapshot.list(gateway).flatMap(({ encoded }) => (isWanted(encoded.name) ? [decodeResource(encoded)] : [])),
    ({ namespace = '', hostname = '' }) => {
      const entry = snapshot.find(SHARED, `${namespace}/${hostname}`)
      return (entry && decodeAddress(entry.encoded).service) ?? undefined
    },
  )
}

/** Counts the workloads of a Service that take requests; they are in its namespace. */
function endpointsIn(snapshot: Snapshot): NonNullable<ProxyView['endpoints']> {
  const addresses = snapshot.list(SHARED)
  return ({ namespace = '', hostname = '' }) =>
    addresses.filter(({ encoded }) => {
      if (!encoded.name.includes(`/${namespace}/`)) return false
      const { workload } = decodeAddress(encoded)
      return workload?.services?.[`${namespace}/${hostname}`] !== undefined && workload.status !== 'UNHEALTHY'
    }).length
}

function notAttached(
  explained: Explained,
  gateway: GatewayKey,
  { object, body }: StatusDraft,
): RequestAnswer['notAttached'] {
  if (body.shape !== 'route') return []
  return body.parents.flatMap(({ ref, conditions }) => {
    const denied = conditions.find(({ type, status }) => type === 'Accepted' && status === 'False')
    const parent = { ...ref, namespace: ref.namespace ?? object.namespace }
    if (denied === undefined || !isOf(explained, parent, gateway)) return []
    const section = ref.sectionName === undefined ? '' : ` (listener ${ref.sectionName})`
    return [{ object: displayRef(object), reason: `${denied.message || denied.reason}${section}` }]
  })
}

function isOf(
  { pipeline }: Explained,
  { kind = 'Gateway', namespace, name }: ParentRefStatus,
  gateway: GatewayKey,
): boolean {
  const key = nameKey(namespace, name)
  if (kind === 'Gateway') return key === gateway
  if (kind !== 'ListenerSet') return false
  const set = pipeline.source('source/listenersets')?.get(key)
  const parent = objectIn(objectIn(objectIn(set).spec).parentRef)
  return nameKey(textIn(parent.namespace) ?? namespace, textIn(parent.name) ?? '') === gateway
}

function explainObject(explained: Explained, text: string, namespace: string | undefined): Answer {
  const [, kindText = '', name = ''] = /^([^/]+)\/([^/]+)$/.exec(text) ?? []
  if (name === '') return refusal(400, `${text}: an object is written KIND/NAME`)
  const kinds = kindsOf(kindText)
  if (kinds.length === 0) {
    const near = closest(
      kindText,
      watchedKinds.flatMap(({ kind, plural }) => [kind, plural]),
    )
    return refusal(400, `nothing here reads the kind ${kindText}${near === undefined ? '' : `; is ${near} meant?`}`)
  }
  const named = kinds.flatMap((kind) => objectsOf(explained.pipeline, kind))
  const found = named.filter(
    ({ metadata }) => metadata.name === name && (namespace === undefined || (metadata.namespace ?? '') === namespace),
  )
  const [object, ...others] = found
  if (object === undefined) {
    const where = namespace === undefined ? '' : ` in namespace ${namespace}`
    return refusal(
      404,
      `there is no ${kinds[0]?.kind} ${name}${where}${among(named.map(({ metadata }) => nameKey(metadata.namespace, metadata.name)))}`,
    )
  }
  if (others.length > 0)
    return refusal(
      400,
      `say which one is meant with a namespace: ${found.map((each) => displayRef(refOf(each))).join(', ')}`,
    )
  return { body: explanationOf(explained, object) }
}

const MOST_NAMES = 5

function among(names: readonly string[]): string {
  if (names.length === 0) return ''
  const more = names.length > MOST_NAMES ? `, … (${names.length})` : ''
  return `; there ${names.length === 1 ? 'is' : 'are'} ${names.slice(0, MOST_NAMES).join(', ')}${more}`
}

/** The kinds that a text may mean: singular or plural, with or without the group. */
function kindsOf(text: string): readonly WatchedKind[] {
  const wanted = text.toLowerCase()
  return watchedKinds.filter(({ kind, plural, group }) =>
    [kind.toLowerCase(), plural].some((each) => each === wanted || `${each}.${group}` === wanted),
  )
}

function objectsOf({ source }: Pipeline, { collection }: WatchedKind): readonly KubeObject[] {
  return source(collection)?.list() ?? []
}

function explanationOf(explained: Explained, object: KubeObject): ObjectExplanation {
  const { pipeline, snapshot, sessions, locate, looks } = explained
  const ref = refOf(object)
  const key = objectKey(ref)
  const isOwn = (owner: TypedRef): boolean => objectKey(owner) === key
  const draft = statusesOf(explained).find((each) => isOwn(each.object))
  const place = locate(ref, '')
  const scopes = new Set(pipeline.xds.list().flatMap(({ scope, owners }) => (owners.some(isOwn) ? [scope] : [])))
  const entries = [...scopes]
    .sort()
    .flatMap((scope) =>
      snapshot
        .list(scope)
        .flatMap(({ encoded, owners }) =>
          owners.some(isOwn) ? [{ gateway: scope, ...held(encoded, scope, sessions) }] : [],
        ),
    )
  const isGateway = ref.kind === 'Gateway' && snapshot.gatewayOf(ref.namespace, ref.name) !== undefined
  const all = isGateway ? scopes.add(nameKey(ref.namespace, ref.name)) : scopes
  const remark = pipeline.translations.list().find((each) => isOwn(each.object))?.remark
  const generation = draft?.generation ?? object.metadata.generation
  return {
    object: displayRef(ref),
    ...(generation === undefined ? {} : { generation }),
    ...(place === undefined ? {} : { file: place.file, line: place.line }),
    commit: snapshot.commit,
    ...(looks === undefined ? {} : { looks: looks.read() }),
    ...statusParts(draft, ref.namespace),
    problems: problemsAbout(explained, isOwn),
    resources: entries.filter(({ gateway }) => gateway !== SHARED),
    addresses: entries.filter(({ gateway }) => gateway === SHARED).map(({ gateway: _, ...rest }) => rest),
    ...(sessions === undefined ? {} : { gateways: progress(all, sessions) }),
    ...(remark === undefined ? {} : { remark }),
  }
}

function held(
  { name, version }: { readonly name: string; readonly version: string },
  scope: string,
  sessions: readonly SessionView[] | undefined,
): Omit<ExplainedResource, 'gateway'> {
  if (sessions === undefined) return { name, version }
  const concerned = sessions.filter(({ gateway }) => scope === SHARED || gateway === scope)
  return {
    name,
    version,
    heldBy: concerned.filter((session) => session.holds(name) === version).map(({ node }) => node),
    refusedBy: concerned.flatMap(({ node, types }) =>
      Object.values(types)
        .flatMap(({ rejections }) => rejections)
        .filter((rejection) => rejection.name === name && rejection.severity === 'error')
        .map(({ message }) => ({ node, message })),
    ),
  }
}

/** What is for everybody concerns every Gateway that has a proxy. */
function progress(scopes: ReadonlySet<string>, sessions: readonly SessionView[]): ObjectExplanation['gateways'] {
  const connected = scopes.has(SHARED) ? sessions.map(({ gateway }) => gateway) : []
  const gateways = new Set([...scopes, ...connected].filter((scope) => scope !== SHARED))
  return [...gateways].sort().map((gateway) => ({
    gateway,
    proxies: sessions
      .filter((session) => session.gateway === gateway)
      .map(({ node, acknowledgedCommit }) => ({ node, acknowledgedCommit })),
  }))
}

function statusesOf({ pipeline, snapshot, sessions = [] }: Explained): readonly StatusDraft[] {
  const refused = refusals(sessions, snapshot)
  const drafts = pipeline.statuses.list()
  return refused.length === 0 ? drafts : drafts.map((draft) => withRefusals(draft, refused))
}

function statusParts(
  draft: StatusDraft | undefined,
  namespace: string,
): Pick<ObjectExplanation, 'parents' | 'listeners' | 'conditions'> {
  const nothing = { parents: [], listeners: [], conditions: [] }
  if (draft === undefined) return nothing
  const { body } = draft
  switch (body.shape) {
    case 'gateway':
    case 'listenerset':
      return {
        ...nothing,
        conditions: body.conditions,
        listeners: body.listeners.map(({ name, attachedRoutes, conditions }) => ({ name, attachedRoutes, conditions })),
      }
    case 'route':
    case 'inferencepool':
      return { ...nothing, parents: body.parents.map(({ ref, conditions }) => shownParent(ref, namespace, conditions)) }
    case 'policy':
      return {
        ...nothing,
        parents: body.ancestors.map(({ ref, conditions }) => shownParent(ref, namespace, conditions)),
      }
    case 'gatewayclass':
    case 'conditions':
      return { ...nothing, conditions: body.conditions }
  }
}

function shownParent(
  { kind = 'Gateway', namespace, name, sectionName, port }: ParentRefStatus,
  own: string,
  conditions: readonly ConditionDraft[],
): ObjectExplanation['parents'][number] {
  const section = sectionName === undefined ? '' : ` listener ${sectionName}`
  return {
    parent: `${kind} ${nameKey(namespace ?? own, name)}${section}${port === undefined ? '' : ` port ${port}`}`,
    conditions,
  }
}

function problemsAbout(
  { pipeline, locate }: Explained,
  isMeant: (ref: TypedRef, path: string) => boolean,
): readonly ReportedProblem[] {
  const found = pipeline.translations
    .list()
    .flatMap(({ object, problems }) =>
      problems.flatMap((problem) => (isMeant(object, problem.path) ? [{ ...problem, object }] : [])),
    )
  return located(found, locate)
}
