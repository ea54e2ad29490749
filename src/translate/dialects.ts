// Objects of other projects seen from translation: which of the objects made of them count, who is told about what becomes
// of those, and the statuses of the originals. What they become is decided in dialects/.
import { completed } from '../api/completed.ts'
import { displayRef, objectKey, type TypedRef } from '../core/keys.ts'
import type { Problem } from '../core/problem.ts'
import {
  type Carried,
  type CarriedTarget,
  type DialectSettings,
  type MadeObject,
  type Missing,
  originalPath,
} from '../dialects/carried.ts'
import { isLoss } from '../dialects/fields.ts'
import type { Reader } from '../engine/collection.ts'
import type { GatewayClass } from '../kube/gateway-types.ts'
import { type KubeObject, keyOf, refOf } from '../kube/object.ts'
import { deploymentKey, type ProxyDeployment } from '../kube/proxy-deployment.ts'
import { imageOf } from './deployments.ts'
import type { ConditionDraft, ParentStatusDraft, StatusBody, Translation } from './model.ts'
import { GATEWAY_GROUP } from './parents.ts'
import { condition, isError, text } from './problem-texts.ts'
import { KGATEWAY_GROUP } from './references.ts'
import { type ServingReads, servingStatus } from './serving-status.ts'
import type { DeploySettings, TranslateSettings } from './settings.ts'

/** Kind of the objects that run without any Gateway. */
const SERVER_KIND = 'MCPServer'

/** What dialects depend on; without deployment no image is ever used. */
export function dialectSettings(settings: TranslateSettings, deploy: DeploySettings | undefined): DialectSettings {
  const { className, clusterDomain } = settings
  const parts = { registry: undefined, repository: undefined, tag: undefined, digest: undefined, pullPolicy: undefined }
  const proxyImage = (deploy && imageOf(parts, deploy)) ?? ''
  return { className, clusterDomain, proxyImage }
}

/** An object that stands for one of another project. */
export interface StandIn extends MadeObject {
  /** Object key of what was made. */
  readonly key: string
  readonly origin: TypedRef
  /** `apiVersion` of the original. */
  readonly originVersion: string
}

/** Our own kinds as users write them, by kind. */
export type OwnObjects = Readonly<Record<string, Reader<KubeObject>>>

/**
 * What is made of an object, as far as nobody has written an object of that name himself. What belongs to a Gateway of its
 * own is of no use, and would do harm, on the Gateway of somebody else.
 */
export function standInsOf(carried: Carried, own: OwnObjects): readonly StandIn[] {
  const free = carried.made.filter(({ object }) => own[object.kind]?.get(keyOf(object)) === undefined)
  if (carried.served !== undefined && free.length < carried.made.length) return []
  return free.map((made) => ({
    object: completed(made.object),
    paths: made.paths,
    key: objectKey(refOf(made.object)),
    origin: carried.origin,
    originVersion: carried.apiVersion,
  }))
}

/** The translation of a stand-in is about the original, and its status is nobody's: the original has its own. */
export function credited(translation: Translation, standIns: Reader<StandIn>): Translation {
  const standIn = standIns.get(objectKey(translation.object))
  if (standIn === undefined) return translation
  const { origin } = standIn
  const self = objectKey(translation.object)
  return {
    object: translation.object,
    resources: translation.resources.map((resource) => ({
      ...resource,
      owners: resource.owners.map((owner) => (objectKey(owner) === self ? origin : owner)),
    })),
    ...(translation.demands === undefined ? {} : { demands: translation.demands }),
    problems: [],
  }
}

/** The class of a controller that has kinds of its own which are read here. */
export function foreignClassOf(
  { metadata, spec }: GatewayClass,
  { controllerName }: Pick<TranslateSettings, 'controllerName'>,
): readonly string[] {
  // What is read from a folder may be of any type.
  const name: unknown = spec?.controllerName
  return typeof name === 'string' && name.startsWith('kgateway.dev/') && name !== controllerName ? [metadata.name] : []
}

/** What the status of an original is made from. */
export interface OriginReads extends ServingReads {
  /** Names of classes of kgateway's own controller. */
  readonly foreignClasses: Reader<string>
  readonly standIns: Reader<StandIn>
  /** Translations of stand-ins, by object key. */
  readonly translations: Reader<Translation>
}

/** Status and problems of an object of another project; nothing of one that another controller takes care of. */
export function translateOrigin(
  carried: Carried,
  read: OriginReads,
  settings: Pick<TranslateSettings, 'runMcpServers'>,
): Translation {
  const { origin, apiVersion, generation } = carried
  if (origin.kind === SERVER_KIND && !settings.runMcpServers) return { object: origin, resources: [], problems: [] }
  const found = carried.made.map((made) => outcomeOf(made, carried, read))
  const missing = (carried.unresolved ?? []).map(missingProblem)
  const problems = [...carried.problems, ...missing, ...found.flatMap((each) => each.problems)]
  const body = carried.replicas === undefined ? bodyOf(carried, problems, found) : servingStatus(carried, found, read)
  // Conditions without the name of a controller are one writer's: kgateway's own, where it runs.
  if (origin.group === KGATEWAY_GROUP && body.shape === 'conditions' && read.foreignClasses.list().length > 0)
    return { object: origin, resources: [], problems }
  return { object: origin, resources: [], status: { object: origin, apiVersion, generation, body }, problems }
}

function missingProblem({ path, what }: Missing): Problem {
  return { reason: 'Pending', path, message: `${what} not found` }
}

/** What became of one stand-in. */
export interface MadeOutcome {
  readonly key: string
  readonly problems: readonly Problem[]
  readonly remark: string | undefined
}

function outcomeOf({ object, paths }: MadeObject, { origin, made, served }: Carried, read: OriginReads): MadeOutcome {
  const key = objectKey(refOf(object))
  const needed = (served === undefined ? [object] : made.map((each) => each.object))
    .map((each) => displayRef(refOf(each)))
    .join(', ')
  const standIn = read.standIns.get(key)
  if (standIn === undefined || objectKey(standIn.origin) !== objectKey(origin)) {
    const message = `what this object becomes exists already: ${needed}`
    return { key, problems: [{ reason: 'Conflicted', path: '', message }], remark: undefined }
  }
  const translation = read.translations.get(key)
  // An object without content stands for one that was refused, and that has been said already.
  const isEmpty = JSON.stringify(object.spec) === '{}'
  const problems = isEmpty ? [] : (translation?.problems ?? [])
  return {
    key,
    problems: problems.map((problem) => ({ ...problem, path: originalPath(paths, problem.path) })),
    remark: translation?.remark,
  }
}

function bodyOf(carried: Carried, problems: readonly Problem[], found: readonly MadeOutcome[]): StatusBody {
  if (carried.targets !== undefined) {
    return { shape: 'policy', ancestors: carried.targets.map((target) => ancestorOf(target, carried, found)) }
  }
  const remarks = found.flatMap(({ remark }) => (remark === undefined ? [] : [remark]))
  return { shape: 'conditions', conditions: [acceptance(carried.origin.kind, problems, remarks)] }
}

const isUnsupported = ({ reason }: Problem): boolean => reason === 'UnsupportedValue'
const isWarning = (problem: Problem): boolean => !isError(problem)

function acceptance(kind: string, problems: readonly Problem[], remarks: readonly string[]): ConditionDraft {
  const errors = problems.filter(isError)
  return errors.length > 0
    ? condition('Accepted', 'False', 'Invalid', text(errors))
    : condition('Accepted', 'True', 'Accepted', joined([`${kind} accepted`, ...remarks, text(problems)]))
}

function ancestorOf(target: CarriedTarget, carried: Carried, found: readonly MadeOutcome[]): ParentStatusDraft {
  const { ref, policy } = target
  const made = policy === undefined ? undefined : found.find(({ key }) => key === objectKey(policy))
  // Paths of targets tell whose failure to attach it is.
  const others = new Set((carried.targets ?? []).filter((each) => each !== target).map((each) => each.path))
  const isAbout = (problem: Problem): boolean => ![...others].some((other) => problem.path.startsWith(other))
  const problems = [...carried.problems, ...(made?.problems ?? [])].filter(isAbout)
  const pending = problems.filter(({ reason }) => reason === 'Pending')
  const errors = problems.filter((problem) => isError(problem) && problem.reason !== 'Pending')
  const warnings = problems.filter(isWarning)
  const isBroken = target.problems.some(isError)
  const accepted =
    errors.length > 0
      ? condition('Accepted', 'False', errors.every(isUnsupported) ? 'Unsupported' : 'Invalid', text(errors))
      : condition(
          'Accepted',
          'True',
          warnings.some(isLoss) ? 'PartiallyValid' : 'Valid',
          joined(['Policy accepted', text(warnings)]),
        )
  const attached =
    isBroken || policy === undefined
      ? condition('Attached', 'False', 'Pending', `Policy is not attached to ${ref.kind} ${ref.name}`)
      : pending.length > 0
        ? condition('Attached', 'False', 'Pending', text(pending))
        : condition('Attached', 'True', 'Attached', 'Attached to all targets')
  const { namespace } = carried.origin
  return { ref: { ...ref, namespace }, conditions: [accepted, attached] }
}

function joined(parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join('; ')
}

/** A deployment of a Gateway that stands for something else belongs to that, with whatever else it runs. */
export function ownedByOrigin(
  deployment: ProxyDeployment,
  read: { readonly standIns: Reader<StandIn>; readonly carried: Reader<Carried> },
): ProxyDeployment {
  const { namespace, name } = deployment.owner
  const standIn = read.standIns.get(objectKey({ group: GATEWAY_GROUP, kind: 'Gateway', namespace, name }))
  if (standIn === undefined) return deployment
  const { origin, originVersion } = standIn
  const owner = { ...deployment.owner, apiVersion: originVersion, kind: origin.kind }
  const workload = read.carried.get(objectKey(origin))?.workload ?? []
  return deployment.kind === 'rendered'
    ? { ...deployment, owner, objects: [...deployment.objects, ...workload] }
    : { ...deployment, owner }
}

/** What runs an MCPServer. */
export function serverDeployment(carried: Carried): readonly ProxyDeployment[] {
  const { origin, apiVersion, generation, uid, workload } = carried
  if (origin.kind !== SERVER_KIND || workload.length === 0) return []
  const { kind, namespace, name } = origin
  const owner = { apiVersion, kind, namespace, name, uid, generation }
  return [{ kind: 'rendered', gateway: deploymentKey(kind, namespace, name), owner, name, objects: workload }]
}
