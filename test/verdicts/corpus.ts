// Objects and the verdicts on them, as recorded in the YAML files beside this one. The same corpus goes to our validator
// and to a real API server. `node test/verdicts/record.ts` records anew what our validator says.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { load } from 'js-yaml'
import { kinds } from '../../src/api/kinds.ts'
import { type Crd, crd } from '../../src/schema/crd.ts'
import { isCrd, type Validator } from '../../src/schema/validate.ts'

/** One object and what the API server says of it; no problems means that it is accepted. */
export interface Case {
  /** The rule that the object breaks or keeps, where that is what it is for. */
  readonly rule?: string
  readonly object: unknown
  /** `path: message`, in any order; `<nil>` where the server names no path. */
  readonly problems: readonly string[]
}

/** The folder of the corpus. */
export const folder = import.meta.dirname

function crdFile(path: string): Crd {
  const document = load(readFileSync(path, 'utf8'))
  if (!isCrd(document)) throw new Error(`${path} is not a CRD`)
  return document
}

/** Kinds that we define, and the one that exists for tests. */
export const ownCrds: readonly Crd[] = [...kinds.map(crd), crdFile(join(folder, 'widget-crd.yaml'))]

function foreignCrdFiles(): readonly string[] {
  const own = process.env.CRDS_DIR
  if (own === undefined) return []
  return ['gateway-api-experimental', 'inference']
    .map((name) => join(dirname(own), name))
    .filter(existsSync)
    .flatMap((path) =>
      readdirSync(path)
        .toSorted()
        .map((name) => join(path, name)),
    )
}

/** Kinds of other projects, found beside CRDS_DIR; none when that is not set. */
export const foreignCrds: readonly Crd[] = foreignCrdFiles().map(crdFile)

/** The recorded cases of one file. */
export function readCases(file: string): readonly Case[] {
  // Written by record.ts; a wrong shape shows as a failing case.
  return load(readFileSync(join(folder, file), 'utf8')) as readonly Case[]
}

/** All files of recorded cases. */
export function caseFiles(): readonly string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.yaml') && name !== 'widget-crd.yaml')
    .toSorted()
}

/** What our validator says of an object, in the form of the corpus; undefined when its kind is not known. */
export function ourProblems(validator: Validator, object: unknown): readonly string[] | undefined {
  return validator
    .validate(object)
    ?.problems.map(({ path, message }) => `${path === '' ? '<nil>' : path}: ${message}`)
    .toSorted()
}
