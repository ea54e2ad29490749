// Objects of other projects seen from translation: which of the objects made of them count, who is told about what becomes
// of those, and the statuses of the originals. What they become is decided in dialects/.
import { displayRef, objectKey, type TypedRef } from '../core/keys.ts'
import type { Problem } from '../core/problem.ts'
import {
  type Carried,
  type CarriedTarget,
  type DialectSettings,
  type MadeObject,
  originalPath,
} from '../dialects/carried.ts'
import { isLoss } from '../dialects/fields.ts'
import type { Reader } from '../engine/collection.ts'
import { type KubeObject, keyOf, refOf } from '../kube/object.ts'
import { imageOf } from './deployments.ts'
import type { ConditionDraft, ParentStatusDraft, StatusBody, Translation } from './model.ts'
import type { DeploySettings, TranslateSettings } from './settings.ts'

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
}

/** Our own kinds as users write them, by kind. */
export type OwnObjects = Readonly<Record<string, Reader<KubeObject>>>

/** What is made of an object, as far as nobody has written an object of that name himself. */
export function standInsOf(carried: Carried, own: OwnObjects): readonly StandIn[] {
  return carried.made
    .filter(({ object }) => own[object.kind]?.get(keyOf(object)) === undefined)
    .map((made) => ({ ...made, key: objectKey(refOf(made.object)), origin: carried.origin }))
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

/** What the status of an original is made from. */
export interface OriginReads {
  readonly standIns: Reader<StandIn>
  /** Translations of stand-ins, by object key. */
  readonly translations: Reader<Translation>
}

/** Status and problems of an object of another project. */
export function translateOrigin(carried: Carried, read: OriginReads): Translation {
  const { origin, apiVersion, generation } = carried
  const found = carried.made.map((made) => outcomeOf(made, origin, read))
  const problems = [...carried.problems, ...found.flatMap((each) => each.problems)]
  const status = { object: origin, apiVersion, generation, body: bodyOf(carried, problems, found) }
  return { object: origin, resources: [], status, problems }
}

interface MadeOutcome {
  readonly key: string
  readonly problems: readonly Problem[]
  readonly remark: string | undefined
}

function outcomeOf({ object, paths }: MadeObject, origin: TypedRef, read: OriginReads): MadeOutcome {
  const ref = refOf(object)
  const key = objectKey(ref)
  const standIn = read.standIns.get(key)
  if (standIn === undefined || objectKey(standIn.origin) !== objectKey(origin)) {
    const message = `${displayRef(ref)} exists already, and what is made of this object needs that name`
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
  return { shape: 'conditions', conditions: [backendAccepted(problems, remarks)] }
}

const isError = ({ severity }: Problem): boolean => severity !== 'warning'
const isWarning = (problem: Problem): boolean => !isError(problem)
const said = ({ path, message }: Problem): string =>
  path === '' || message.includes(path) ? message : `${path}: ${message}`
const text = (problems: readonly Problem[]): string => [...new Set(problems.map(said))].join('\n')

function backendAccepted(problems: readonly Problem[], remarks: readonly string[]): ConditionDraft {
  const errors = problems.filter(isError)
  return errors.length > 0
    ? condition('Accepted', 'False', 'Invalid', text(errors))
    : condition('Accepted', 'True', 'Accepted', joined(['Backend accepted', ...remarks, text(problems)]))
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
      ? condition('Accepted', 'False', 'Invalid', text(errors))
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

function condition(type: string, status: ConditionDraft['status'], reason: string, message: string): ConditionDraft {
  return { type, status, reason, message }
}
