// CRDs for the offline commands: ours are built in, others come from `--crds` or stand among the manifests. Makes the
// validator's verdicts into what the manifest source asks for.
import { readFileSync } from 'node:fs'
import { loadAll } from 'js-yaml'
import { kinds } from '../api/kinds.ts'
import { dialectSchemas } from '../dialects/registry.ts'
import type { KubeObject } from '../kube/object.ts'
import { type Crd, crd } from '../schema/crd.ts'
import { createValidator, isCrd, type Validator, type VerdictProblem } from '../schema/validate.ts'
import { type Admit, admission, type ManifestObject, type Verdict } from '../sources/manifests/defaults.ts'
import { listManifests, unreadable } from '../sources/manifests/files.ts'
import type { FieldProblem } from '../sources/manifests/shape.ts'
import type { ReportedProblem } from '../sources/source.ts'

/** CRDs that were read, and what could not be. */
export interface ReadCrds {
  readonly crds: readonly Crd[]
  readonly problems: readonly ReportedProblem[]
}

function problem(file: string, reason: string, message: string): ReportedProblem {
  return { severity: 'error', object: '', file, line: 1, path: '', reason, message }
}

function readCrdFile(file: string): ReadCrds {
  try {
    const crds = loadAll(readFileSync(file, 'utf8')).filter(isCrd)
    return { crds, problems: [] }
  } catch (error) {
    const isSyntax = !(error instanceof Error && 'code' in error)
    const message = `the CRDs of ${file} cannot be read: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`
    return { crds: [], problems: [isSyntax ? problem(file, 'SyntaxError', message) : unreadable(file, error)] }
  }
}

/** Reads the CRDs of files and folders. A path without any is a problem: it was named for them. */
export function readCrds(paths: readonly string[]): ReadCrds {
  const read = paths.map((path): ReadCrds => {
    const entries = [...listManifests(path).entries.values()]
    const files = entries.map((entry) => ('stamp' in entry ? readCrdFile(entry.path) : { crds: [], problems: [entry] }))
    const crds = files.flatMap((each) => each.crds)
    const problems = files.flatMap((each) => each.problems)
    const none =
      crds.length === 0 && problems.length === 0 ? [problem(path, 'NoCrds', `there is no CRD in ${path}`)] : []
    return { crds, problems: [...problems, ...none] }
  })
  return { crds: read.flatMap((each) => each.crds), problems: read.flatMap((each) => each.problems) }
}

/** A validator of our kinds, of other dialects', and of those whose CRDs are given, which count before what is built in. */
export function offlineValidator(crds: readonly Crd[]): Validator {
  return createValidator([...kinds, ...Object.values(dialectSchemas).flat()].map(crd).concat(crds))
}

function told({ path, reason, message, hint, severity }: VerdictProblem): FieldProblem {
  // What the server says about rules it left out is no fault of the object.
  const isNotice = path === '' && message.includes('were not checked')
  return {
    severity: isNotice ? 'warning' : severity,
    path,
    reason: isNotice ? 'RulesNotChecked' : reason,
    message: isNotice
      ? 'rules of this kind were not checked yet; mend the other problems first'
      : hint === undefined
        ? message
        : `${message}; ${hint}`,
  }
}

/** The API server's verdict on an object of a manifest; undefined when no CRD of its kind is there. */
export function verdictOn(validator: Validator, object: unknown): Verdict | undefined {
  const verdict = validator.validate(object)
  if (verdict === undefined) return undefined
  const isRefused = verdict.problems.some(({ severity }) => severity === 'error')
  return {
    // The object keeps its apiVersion, kind and metadata, which the manifest source has looked at.
    object: isRefused ? undefined : (verdict.object as unknown as KubeObject),
    problems: verdict.problems.map(told),
  }
}

/** The API server's part for the manifest source: by CRD where there is one, else by what is known of the kind. */
export function admitBy(validator: Validator): Admit {
  const bare = admission()
  const full = admission((_, object: ManifestObject) => verdictOn(validator, object))
  return (kind, object) => {
    const verdict = verdictOn(validator, object)
    // A verdict that refuses says all there is to say; one that accepts is completed like any other object.
    return verdict === undefined ? bare(kind, object) : verdict.object === undefined ? verdict : full(kind, object)
  }
}
