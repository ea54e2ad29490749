// One file's text → its objects and what is wrong with it, document by document: a broken one does not hide the others.
// Whether an object's fields are right is decided in defaults.ts, which of two objects of one name counts in manifests.ts.
import { CORE_SCHEMA, load, mergeTag, YAMLException } from 'js-yaml'
import { keyIn, type WatchedKind } from '../kubernetes/kinds.ts'
import type { ReportedProblem } from '../source.ts'
import type { ManifestObject } from './defaults.ts'
import { type FieldPath, locateField, type Place } from './locate.ts'
import { recognise } from './recognise.ts'

/** Where an object stands: its document, and the way to it inside when that is a List. */
export interface Origin {
  readonly file: string
  /** Line on which the document begins. */
  readonly line: number
  /** The document's text, from which fields are located when that is needed. */
  readonly text: string
  readonly within: FieldPath
}

/** An object of a watched kind, as written. */
export interface ManifestItem {
  readonly kind: WatchedKind
  readonly key: string
  readonly object: ManifestObject
  readonly origin: Origin
}

/** A document that no watched kind describes; other commands may read it. */
export interface ForeignDocument {
  readonly value: unknown
  readonly origin: Origin
}

/** What a file says. */
export interface ParsedFile {
  readonly items: readonly ManifestItem[]
  readonly foreign: readonly ForeignDocument[]
  readonly problems: readonly ReportedProblem[]
  /** Whether some document could not be read, so that objects may be missing. */
  readonly isBroken: boolean
}

/** Files larger than this are refused: nobody wrote them, and reading them would stop everything else. */
export const maxBytes = 64 * 1024 * 1024

const schema = CORE_SCHEMA.withTags(mergeTag)
/** Enough for any honest use of anchors, and far too few for an explosion of them. */
const maxNodes = 1_000_000

/** What a file's reading gathers. */
interface Findings {
  readonly items: ManifestItem[]
  readonly foreign: ForeignDocument[]
  readonly problems: ReportedProblem[]
  isBroken: boolean
}

/** Reads YAML or JSON with any number of documents. */
export function parseManifests(file: string, text: string, kinds: readonly WatchedKind[]): ParsedFile {
  const findings: Findings = { items: [], foreign: [], problems: [], isBroken: false }
  for (const document of splitDocuments(text)) {
    const origin: Origin = { file, line: document.line, text: document.text, within: [] }
    try {
      const value = copied(parseDocument(document.text), document.text)
      if (value !== null && value !== undefined) read(value, origin, { findings, kinds })
    } catch (error) {
      findings.isBroken = true
      findings.problems.push(syntaxProblem(error, origin))
    }
  }
  return findings
}

/** A problem of an object, located in its file. */
export function problemAt(
  origin: Origin,
  path: string,
  about: Pick<ReportedProblem, 'severity' | 'object' | 'reason' | 'message'>,
  steps: FieldPath = [],
): ReportedProblem {
  const { line, column } = locate(origin, steps)
  return { ...about, file: origin.file, line, column, path }
}

/** Where a field of an object stands; the beginning of its document when it cannot be told. */
export function locate(origin: Origin, path: FieldPath): Place {
  const steps = [...origin.within, ...path]
  const found = steps.length === 0 ? undefined : (locateTop(origin.text, steps) ?? locateField(origin.text, steps))
  return found === undefined ? { line: origin.line, column: 1 } : { ...found, line: found.line + firstLine(origin) - 1 }
}

/** Fields at the left margin are found without a syntax tree: a whole folder may be of an outdated version. */
function locateTop(text: string, [name, ...more]: FieldPath): Place | undefined {
  if (name !== 'kind' && name !== 'apiVersion') return undefined
  const at = more.length > 0 ? -1 : text.search(name === 'kind' ? /^kind:/m : /^apiVersion:/m)
  return at < 0 ? undefined : { line: 1 + countLines(text, 0, at), column: 1 }
}

/** The number, in the file, of the first line of a document's text: what comes before its content is in it too. */
function firstLine(origin: Origin): number {
  const content = contentAt(origin.text)
  return origin.line - countLines(origin.text, 0, content ?? 0)
}

interface DocumentText {
  readonly text: string
  /** Line of the first content. */
  readonly line: number
}

/** Splits at `---`, which at the beginning of a line can be nothing else in YAML; leaves out what has no content. */
function* splitDocuments(whole: string): Generator<DocumentText> {
  const text = whole.charCodeAt(0) === 0xfeff ? whole.slice(1) : whole
  const marker = /^---(?=\s|$)/gm
  let start = 0
  let line = 1
  while (start < text.length) {
    marker.lastIndex = start + 1
    const end = marker.exec(text)?.index ?? text.length
    const document = text.slice(start, end)
    const content = contentAt(document)
    if (content !== undefined) yield { text: document, line: line + countLines(document, 0, content) }
    line += countLines(text, start, end)
    start = end
  }
}

/** Where the content of a document begins, after its marker, comments, directives and blank lines. */
function contentAt(document: string): number | undefined {
  const skipped = /(?:---(?=\s|$))?(?:[ \t\r\n]+|(?<=^|\s)#[^\n]*|^%[^\n]*|^\.\.\.[ \t\r]*$)*/my
  skipped.lastIndex = 0
  const end = skipped.exec(document)?.[0].length ?? 0
  if (end >= document.length) return undefined
  // Content that begins in the middle of a line belongs to that line.
  return end
}

function countLines(text: string, from: number, to: number): number {
  let count = 0
  for (let at = text.indexOf('\n', from); at >= 0 && at < to; at = text.indexOf('\n', at + 1)) count++
  return count
}

function parseDocument(text: string): unknown {
  if (/^\s*[{[]/.test(text)) {
    try {
      return JSON.parse(text)
    } catch {
      // YAML in flow style looks like this too, and its parser says where an error is.
    }
  }
  return load(text, { schema })
}

/**
 * A copy of what was parsed. What aliases share is copied for each, because an object's fields are filled in place, each
 * by the meaning of its own position. And a copy is a third smaller than what the parser puts together piece by piece.
 */
function copied(value: unknown, text: string): unknown {
  if (value === undefined) return undefined
  if (/[\s[{,:-]\*[^\s*]/.test(text)) limitNodes(value)
  return JSON.parse(JSON.stringify(value))
}

/** Aliases of aliases can stand for more than any memory holds. */
function limitNodes(value: unknown): void {
  let nodes = 0
  const count = (node: unknown): void => {
    if (++nodes > maxNodes) throw new YAMLException('the aliases of this document expand to too much')
    if (typeof node === 'object' && node !== null) for (const each of Object.values(node)) count(each)
  }
  count(value)
}

function syntaxProblem(error: unknown, origin: Origin): ReportedProblem {
  const mark = error instanceof YAMLException ? error.mark : undefined
  const said = error instanceof YAMLException ? error.reason : error instanceof Error ? error.message : String(error)
  const reason = withoutValues(said)
  // `{{ x }}` is YAML of a sort, a mapping as a key, and is reported where that mapping began to matter.
  const template = reason.includes('complex keys') ? origin.text.indexOf('{{') : -1
  // What is missing at the end is missed on the last line that there is.
  const lastLine = countLines(origin.text, 0, origin.text.trimEnd().length)
  const place =
    mark === undefined
      ? undefined
      : { line: Math.min(mark.line, lastLine) + firstLine(origin), column: mark.line > lastLine ? 1 : mark.column + 1 }
  const line = template < 0 ? place?.line : firstLine(origin) + countLines(origin.text, 0, template)
  const hint = template < 0 ? '' : '; a Helm template must be rendered first'
  return {
    severity: 'error',
    object: guessObject(origin.text),
    file: origin.file,
    line: line ?? origin.line,
    column: template < 0 ? (place?.column ?? 1) : template - origin.text.lastIndexOf('\n', template),
    path: '',
    reason: 'SyntaxError',
    message: `this document is not valid YAML and left out: ${reason}${hint}`,
  }
}

// An unquoted value that begins with a character of YAML's own is taken for a name, which the parser then quotes; it may
// be a password.
function withoutValues(reason: string): string {
  if (/\balias "/.test(reason)) return 'unidentified alias: a value that begins with * must be quoted'
  return /\btag\b.*(!<|"|: )/.test(reason) ? 'unknown tag: a value that begins with ! must be quoted' : reason
}

/** What a document that cannot be read is probably about. */
function guessObject(text: string): string {
  const kind = /^kind:[ \t]*["']?(\w+)/m.exec(text)?.[1]
  const name = /^metadata:[^\n]*\n(?:[ \t]+[^\n]*\n)*?[ \t]+name:[ \t]*["']?([\w.-]+)/m.exec(text)?.[1]
  return kind === undefined ? '' : name === undefined ? kind : `${kind} ${name}`
}

/** Fields that a proxy's own configuration file begins with. */
const standaloneFields = ['binds', 'config', 'llm', 'mcp']

interface Reading {
  readonly findings: Findings
  readonly kinds: readonly WatchedKind[]
}

function read(value: unknown, origin: Origin, reading: Reading): void {
  const { findings, kinds } = reading
  const refuse = (object: string, path: string, message: string): void => {
    const about = { severity: 'error', object, reason: 'InvalidDocument', message } as const
    findings.isBroken = true
    findings.problems.push(problemAt(origin, path, about, path === '' ? [] : path.split('.')))
  }
  if (!isRecord(value)) {
    const found = Array.isArray(value) ? 'a list' : 'a single value'
    refuse('', '', `a document must be an object with apiVersion and kind; this one is ${found}`)
    return
  }
  const { apiVersion, kind } = value
  if (typeof apiVersion !== 'string' || typeof kind !== 'string' || apiVersion === '' || kind === '') {
    const missing = typeof kind !== 'string' || kind === '' ? 'kind' : 'apiVersion'
    findings.foreign.push({ value, origin })
    const isStandalone = standaloneFields.some((field) => field in value)
    const hint = isStandalone ? '; this looks like a configuration file of a proxy itself, which must be converted' : ''
    refuse(typeof kind === 'string' ? kind : '', '', `${missing} is missing, or not a string${hint}`)
    return
  }
  if (kind.endsWith('List') && Array.isArray(value.items)) {
    for (const [i, item] of value.items.entries()) {
      const typed = isRecord(item) && kind !== 'List' ? { apiVersion, kind: kind.slice(0, -4), ...item } : item
      read(typed, { ...origin, within: [...origin.within, 'items', i] }, reading)
    }
    return
  }
  const recognition = recognise(apiVersion, kind, kinds)
  if (recognition.is !== 'watched') {
    findings.foreign.push({ value, origin })
    if (recognition.is === 'foreign') return
    const about = { severity: 'warning', object: nameOf(value, kind), reason: 'UnknownKind' } as const
    findings.problems.push(problemAt(origin, 'kind', { ...about, message: recognition.message }, ['kind']))
    return
  }
  const named = withName(value)
  if (named === undefined) {
    refuse(nameOf(value, kind), ...complaint(value.metadata))
    return
  }
  findings.items.push(item(recognition.kind, named, origin))
  if (recognition.warning === undefined) return
  const about = { severity: 'warning', object: nameOf(value, kind), reason: 'OutdatedVersion' } as const
  findings.problems.push(problemAt(origin, 'apiVersion', { ...about, message: recognition.warning }, ['apiVersion']))
}

/** The object, when its metadata is good enough to give it a key. */
function withName(value: Record<string, unknown>): (Record<string, unknown> & Named) | undefined {
  const { metadata } = value
  if (!isRecord(metadata) || typeof metadata.name !== 'string' || metadata.name === '') return undefined
  if (!isAbsent(metadata.namespace) && typeof metadata.namespace !== 'string') return undefined
  return { ...value, metadata: { ...metadata, name: metadata.name } }
}

/** Path and sentence for metadata that `withName` does not take. */
function complaint(metadata: unknown): [path: string, message: string] {
  if (!isRecord(metadata)) return ['metadata', 'metadata is missing, or not a mapping']
  if (typeof metadata.name === 'string' && metadata.name !== '') {
    return ['metadata.namespace', 'metadata.namespace must be a string']
  }
  return ['metadata.name', 'metadata.name is missing, or not a string']
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null
}

interface Named {
  readonly metadata: { readonly name: string; readonly namespace?: unknown }
}

function item(kind: WatchedKind, value: Record<string, unknown> & Named, origin: Origin): ManifestItem {
  const { namespace: written, ...metadata } = value.metadata
  const namespace = typeof written === 'string' && written !== '' ? written : 'default'
  const object: ManifestObject = {
    ...value,
    apiVersion: kind.group === '' ? kind.version : `${kind.group}/${kind.version}`,
    kind: kind.kind,
    metadata: kind.namespaced ? { ...metadata, namespace } : metadata,
  }
  return { kind, key: keyIn(kind, object.metadata), object, origin }
}

function nameOf(value: Record<string, unknown>, kind: string): string {
  const { metadata } = value
  if (!isRecord(metadata) || typeof metadata.name !== 'string') return kind
  return typeof metadata.namespace === 'string'
    ? `${kind} ${metadata.namespace}/${metadata.name}`
    : `${kind} ${metadata.name}`
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
