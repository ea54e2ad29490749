// `agwcp validate`: a verdict per object, as the API server would give it, plus what translation finds. File, line,
// object, field, what is wrong, what to do. How objects are read and judged is decided in sources/manifests and schema/.

import { text } from 'node:stream/consumers'
import { dump } from 'js-yaml'
import { displayRef } from '../core/keys.ts'
import { compareStrings } from '../core/order.ts'
import { checkStandalone, isStandalone } from '../dialects/standalone/check.ts'
import { refOf } from '../kube/object.ts'
import { isCrd, type Validator } from '../schema/validate.ts'
import { type Admit, alreadyAdmitted, type ManifestObject } from '../sources/manifests/defaults.ts'
import { type Manifests, readManifests } from '../sources/manifests/folder.ts'
import { parseFieldPath } from '../sources/manifests/locate.ts'
import { type ForeignDocument, problemAt } from '../sources/manifests/parse.ts'
import type { ReportedProblem } from '../sources/source.ts'
import { print } from './print.ts'
import { admitBy, offlineValidator, readCrds, verdictOn } from './verdicts.ts'

/** What the command is given. */
export interface ValidateFlags {
  readonly filename: readonly string[]
  readonly crds: readonly string[]
  readonly output: string
}

/** What translation finds in accepted objects: missing references, conflicts, no effect. */
export type FindProblems = (manifests: Manifests) => Promise<readonly ReportedProblem[]>

/** The verdict on one object. */
export interface ObjectVerdict {
  /** `Kind namespace/name`. */
  readonly object: string
  readonly file: string
  readonly line: number
  /** `unchecked`: there is no CRD of its kind. */
  readonly verdict: 'accepted' | 'refused' | 'unchecked'
}

/** A proxy's own configuration file as it should be. */
export interface CorrectedFile {
  readonly file: string
  readonly line: number
  readonly config: unknown
}

/** What the command prints. */
export interface ValidateResult {
  readonly objects: readonly ObjectVerdict[]
  readonly problems: readonly ReportedProblem[]
  /** Present when there is such a file. */
  readonly corrected?: readonly CorrectedFile[]
}

interface Judged {
  readonly object: ManifestObject
  readonly isRefused: boolean
  readonly isChecked: boolean
}

// Objects that the manifest source does not watch still get a verdict when somebody gave their CRD.
function judgeForeign(validator: Validator, { value, origin }: ForeignDocument): ValidateResult {
  const verdict = verdictOn(validator, value)
  if (verdict === undefined) return { objects: [], problems: [] }
  // A document of a kind with a CRD has kind and apiVersion; its name may be missing.
  const { kind, metadata } = value as ManifestObject
  const namespace = metadata?.namespace
  const object = `${kind} ${namespace === undefined ? '' : `${namespace}/`}${metadata?.name ?? ''}`.trim()
  const problems = verdict.problems.map(({ path, ...about }) =>
    problemAt(origin, path, { ...about, object }, parseFieldPath(path)),
  )
  const judged: ObjectVerdict = {
    object,
    file: origin.file,
    line: origin.line,
    verdict: verdict.object === undefined ? 'refused' : 'accepted',
  }
  return { objects: [judged], problems }
}

// The proxy's own files are no objects, and have no place in a cluster; but whoever has one wants to know.
function judgeStandalone({ value, origin }: ForeignDocument): ValidateResult {
  if (!isStandalone(value)) return { objects: [], problems: [] }
  const { problems, corrected } = checkStandalone(value)
  const object = 'proxy configuration'
  const { file, line } = origin
  const located = problems.map(({ path, reason, message, severity = 'error' }) =>
    problemAt(origin, path, { object, reason, message, severity }, parseFieldPath(path)),
  )
  const isRefused = located.some(({ severity }) => severity === 'error')
  return {
    objects: [{ object, file, line, verdict: isRefused ? 'refused' : 'accepted' }],
    problems: located,
    ...(corrected === undefined ? {} : { corrected: [{ file, line, config: corrected }] }),
  }
}

function verdictOf(judged: Judged, manifests: Manifests): ObjectVerdict {
  const ref = refOf(judged.object)
  const object = displayRef(ref)
  const place = manifests.locate(ref, '') ?? manifests.problems.find((each) => each.object === object)
  const verdict = judged.isRefused ? 'refused' : judged.isChecked ? 'accepted' : 'unchecked'
  return { object, file: place?.file ?? '', line: place?.line ?? 1, verdict }
}

function byPlace(left: ReportedProblem | ObjectVerdict, right: ReportedProblem | ObjectVerdict): number {
  return compareStrings(left.file, right.file) || left.line - right.line
}

/** Judges the objects of some files; `find` adds what translation says of them. */
export async function validateManifests(
  flags: Pick<ValidateFlags, 'filename' | 'crds'>,
  find: FindProblems = async () => [],
): Promise<ValidateResult> {
  const given = readCrds(flags.crds)
  const input = flags.filename.includes('-') ? await text(process.stdin) : ''
  const options = { paths: flags.filename, stdin: async () => input }
  const { foreign } = await readManifests({ ...options, admit: alreadyAdmitted })
  const found = foreign.map(({ value }) => value).filter(isCrd)
  const validator = offlineValidator([...given.crds, ...found])
  const judged: Judged[] = []
  const admitted = admitBy(validator)
  const admit: Admit = (kind, object) => {
    const verdict = admitted(kind, object)
    const isChecked = validator.find(kind.group, kind.kind) !== undefined || kind.group === ''
    judged.push({ object, isRefused: verdict.object === undefined, isChecked })
    return verdict
  }
  const manifests = await readManifests({ ...options, admit })
  const others = [
    ...manifests.foreign.map((each) => judgeForeign(validator, each)),
    ...manifests.foreign.map(judgeStandalone),
  ]
  const standalone = new Set(
    manifests.foreign.filter(({ value }) => isStandalone(value)).map(({ origin }) => `${origin.file}:${origin.line}`),
  )
  const known = new Set(others.flatMap((each) => each.objects).map(({ file, object }) => `${file} ${object}`))
  const problems = [
    ...given.problems,
    // That nothing here reads a kind does not matter to somebody who gave its CRD.
    ...manifests.problems.filter(
      ({ reason, file, line, object }) =>
        (reason !== 'UnknownKind' || !known.has(`${file} ${object}`)) &&
        (reason !== 'InvalidDocument' || !standalone.has(`${file}:${line}`)),
    ),
    ...others.flatMap((each) => each.problems),
    ...(await find(manifests)),
  ]
  const objects = [...judged.map((each) => verdictOf(each, manifests)), ...others.flatMap((each) => each.objects)]
  const corrected = others.flatMap((each) => each.corrected ?? [])
  return {
    objects: objects.toSorted(byPlace),
    problems: problems.toSorted(byPlace),
    ...(corrected.length === 0 ? {} : { corrected }),
  }
}

function lines({ objects, problems, corrected = [] }: ValidateResult): readonly string[] {
  const count = (verdict: ObjectVerdict['verdict']) => objects.filter((each) => each.verdict === verdict).length
  const errors = problems.filter(({ severity }) => severity === 'error').length
  const shown = problems.map(({ severity, object, file, line, column, path, message }) => {
    const place = `${file}:${line}${column === undefined ? '' : `:${column}`}`
    const subject = [object, path].filter((each) => each !== '').join(' ')
    return `${severity === 'error' ? '✗' : '!'} ${place}  ${subject === '' ? '' : `${subject}: `}${message}`
  })
  const unchecked = count('unchecked') === 0 ? '' : `, ${count('unchecked')} without a CRD to check them by (--crds)`
  const summary = `${errors === 0 ? '✓' : '✗'} ${objects.length} object${objects.length === 1 ? '' : 's'}: ${count('accepted')} accepted, ${count('refused')} refused${unchecked}; ${errors} error${errors === 1 ? '' : 's'}, ${problems.length - errors} warning${problems.length - errors === 1 ? '' : 's'}`
  const mended = corrected.flatMap(({ file, config }) => [
    `${file} as it should be (agwcp convert makes Kubernetes objects of it):`,
    ...dump(config, { lineWidth: -1, noRefs: true })
      .trimEnd()
      .split('\n')
      .map((line) => `  ${line}`),
  ])
  return [...shown, ...mended, summary]
}

/** Runs the command. 0: nothing is wrong; 1: objects have problems; 2: something could not be read. */
export async function validateCommand(flags: ValidateFlags, find?: FindProblems): Promise<number> {
  if (flags.filename.length === 0) {
    console.error('say what to validate: agwcp validate -f PATH')
    return 2
  }
  const result = await validateManifests(flags, find)
  if (flags.output === 'table') for (const line of lines(result)) console.log(line)
  else print(result, flags.output)
  const unreadable = new Set(['NotFound', 'Unreadable', 'NoCrds'])
  if (result.problems.some(({ reason }) => unreadable.has(reason))) return 2
  return result.problems.some(({ severity }) => severity === 'error') ? 1 : 0
}
