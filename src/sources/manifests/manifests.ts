// Files → the objects that count: what an API server would admit, which of two definitions of one object wins, what
// stays of a file that is broken for the moment. Reads no disk and knows no time.
import { displayRef, type TypedRef } from '../../core/keys.ts'
import type { KubeObject } from '../../kube/object.ts'
import { refOf } from '../../kube/object.ts'
import { atTheDoor, type LiveObject } from '../kubernetes/door.ts'
import { keyIn, liveCollection, type WatchedKind } from '../kubernetes/kinds.ts'
import type { Batch, Edit, ReportedProblem } from '../source.ts'
import { type Admit, impliedNamespace, type ManifestObject, type Verdict } from './defaults.ts'
import { parseFieldPath } from './locate.ts'
import { type ForeignDocument, locate, type Origin, type ParsedFile, problemAt } from './parse.ts'

/** One object that a file defines, as the rest of the program will see it. */
export interface Definition {
  readonly kind: WatchedKind
  readonly key: string
  readonly object: KubeObject
  readonly live: LiveObject | undefined
  readonly origin: Origin
}

/** A file, judged. */
export interface JudgedFile {
  readonly definitions: readonly Definition[]
  readonly foreign: readonly ForeignDocument[]
  readonly problems: readonly ReportedProblem[]
}

/** What all files together say. */
export interface World {
  /** By collection and key. */
  readonly definitions: ReadonlyMap<string, Definition>
  readonly problems: ReadonlyMap<string, readonly ReportedProblem[]>
}

/** The world before anything was read. */
export const emptyWorld: World = { definitions: new Map(), problems: new Map() }

function idOf(kind: WatchedKind, key: string): string {
  return `${kind.collection} ${key}`
}

/**
 * Judges what was parsed. Of objects that the file can no longer tell, because it is broken or because an API server
 * would refuse them as they are now, the former definitions stay.
 */
export function judge(parsed: ParsedFile, admit: Admit, former: JudgedFile | undefined): JudgedFile {
  const definitions: Definition[] = []
  const problems = [...parsed.problems]
  const refused = new Set<string>()
  for (const { kind, key, object, origin } of parsed.items) {
    const name = displayRef(refOf(object))
    const verdict = attempt(admit, kind, object)
    for (const { path, ...about } of verdict.problems) {
      problems.push(problemAt(origin, path, { ...about, object: name }, parseFieldPath(path)))
    }
    if (verdict.object === undefined) refused.add(idOf(kind, key))
    else definitions.push({ kind, key, origin, ...atTheDoor(kind, verdict.object) })
  }
  const told = new Set(definitions.map(({ kind, key }) => idOf(kind, key)))
  const kept = (former?.definitions ?? []).filter(({ kind, key }) => {
    const id = idOf(kind, key)
    return !told.has(id) && (parsed.isBroken || refused.has(id))
  })
  return { definitions: [...kept, ...definitions], foreign: parsed.foreign, problems }
}

/** A fault in our own validation concerns the object it met, and no other. */
function attempt(admit: Admit, kind: WatchedKind, object: ManifestObject): Verdict {
  try {
    return admit(kind, object)
  } catch (error) {
    const message = `checking this object failed: ${error instanceof Error ? error.message : String(error)}`
    return { object: undefined, problems: [{ severity: 'error', path: '', reason: 'InternalError', message }] }
  }
}

/** Puts files together; of two definitions of one object the later counts. `implied` is the kind of namespaces, if any. */
export function combine(files: ReadonlyMap<string, JudgedFile>, implied: WatchedKind | undefined): World {
  const definitions = new Map<string, Definition>()
  const problems = new Map<string, ReportedProblem[]>()
  for (const [file, judged] of files) problems.set(file, [...judged.problems])
  for (const { definitions: defined } of files.values()) {
    for (const definition of defined) {
      const id = idOf(definition.kind, definition.key)
      const overridden = definitions.get(id)
      definitions.set(id, definition)
      if (overridden !== undefined) problems.get(overridden.origin.file)?.push(duplicate(overridden, definition))
    }
  }
  if (implied !== undefined) addNamespaces(definitions, implied)
  return { definitions, problems }
}

function duplicate(overridden: Definition, by: Definition): ReportedProblem {
  const object = displayRef(refOf(overridden.object))
  const message = `${object} is defined again in ${by.origin.file} on line ${by.origin.line}, and that definition counts`
  return problemAt(overridden.origin, '', { severity: 'warning', object, reason: 'Duplicate', message })
}

/** In a cluster the namespaces of all objects exist, and selectors find them. */
function addNamespaces(definitions: Map<string, Definition>, kind: WatchedKind): void {
  const namespaces = new Map<string, Definition>()
  for (const { object, origin } of definitions.values()) {
    const { namespace } = object.metadata
    if (namespace !== undefined && !namespaces.has(namespace)) {
      const implied = impliedNamespace(namespace)
      namespaces.set(namespace, { kind, key: namespace, object: implied, live: undefined, origin })
    }
  }
  for (const [name, definition] of namespaces) {
    const id = idOf(kind, name)
    if (!definitions.has(id)) definitions.set(id, definition)
  }
}

/** Every collection of the kinds, whole, the empty ones too. */
export function wholeBatches(world: World, kinds: readonly WatchedKind[]): readonly Batch[] {
  const collections = new Map<string, Map<string, KubeObject>>()
  for (const kind of kinds) {
    collections.set(kind.collection, new Map())
    if (kind.writesStatus) collections.set(liveCollection(kind), new Map())
  }
  for (const { kind, key, object, live } of world.definitions.values()) {
    collections.get(kind.collection)?.set(key, object)
    if (live !== undefined) collections.get(liveCollection(kind))?.set(key, live)
  }
  const replaced = [...collections].map(([replace, objects]): Batch => ({ replace, objects }))
  return [...replaced, ...reports(emptyWorld, world)]
}

/** What leads from one world to the next; empty when nothing does. */
export function changeBatches(before: World, after: World): readonly Batch[] {
  const edits: Edit[] = []
  for (const [id, definition] of after.definitions) {
    if (before.definitions.get(id) !== definition) edits.push(...editsOf(definition, true))
  }
  for (const id of vanished(before, after)) {
    const definition = before.definitions.get(id)
    if (definition !== undefined) edits.push(...editsOf(definition, false))
  }
  return [...(edits.length === 0 ? [] : [{ apply: edits }]), ...reports(before, after)]
}

/** Ids of the objects that are no longer there. */
export function vanished(before: World, after: World): readonly string[] {
  return [...before.definitions.keys()].filter((id) => !after.definitions.has(id))
}

function editsOf({ kind, key, object, live }: Definition, isThere: boolean): readonly Edit[] {
  const edit: Edit = { collection: kind.collection, key, object: isThere ? object : undefined }
  if (!kind.writesStatus) return [edit]
  return [edit, { collection: liveCollection(kind), key, object: isThere ? live : undefined }]
}

function reports(before: World, after: World): readonly Batch[] {
  const files = new Set([...before.problems.keys(), ...after.problems.keys()])
  return [...files].flatMap((report) => {
    const problems = after.problems.get(report) ?? []
    const isSame = JSON.stringify(before.problems.get(report) ?? []) === JSON.stringify(problems)
    return isSame ? [] : [{ report, problems }]
  })
}

/** A place in a manifest. */
export interface ManifestPlace {
  readonly file: string
  readonly line: number
  readonly column: number
}

/** Where a field of a definition stands. */
export function placeOf({ origin }: Definition, path: string): ManifestPlace {
  return { file: origin.file, ...locate(origin, parseFieldPath(path)) }
}

/** The definition of an object, by its kind and names. */
export function definitionOf(world: World, kinds: readonly WatchedKind[], object: TypedRef): Definition | undefined {
  const kind = kinds.find((each) => each.kind === object.kind && each.group === object.group)
  return kind === undefined ? undefined : world.definitions.get(idOf(kind, keyIn(kind, object)))
}
