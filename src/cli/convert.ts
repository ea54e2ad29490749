// `agwcp convert`: whatever is written in another dialect as objects of agentgateway.dev and the Gateway API; everything
// else as it was. Each object says where it comes from and what could not be carried over, so that nothing is lost unseen.
import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { text } from 'node:stream/consumers'
import { dump, load } from 'js-yaml'
import { displayRef } from '../core/keys.ts'
import type { Problem } from '../core/problem.ts'
import type { DialectReads, ForeignObject, Lookup } from '../dialects/carried.ts'
import { dialectKinds } from '../dialects/registry.ts'
import { isStandalone } from '../dialects/standalone/check.ts'
import { convertStandalone } from '../dialects/standalone/convert.ts'
import { expandMcpShorthand } from '../features/backends/mcp-shorthand.ts'
import { isJsonList, isJsonObject, type Json, type JsonObject, objectIn } from '../kube/json.ts'
import { byLabels } from '../kube/labels.ts'
import { type KubeObject, keyOf, refOf } from '../kube/object.ts'
import { watchedKinds } from '../sources/kubernetes/kinds.ts'
import { admission } from '../sources/manifests/defaults.ts'
import { listManifests } from '../sources/manifests/files.ts'
import { parseFieldPath } from '../sources/manifests/locate.ts'
import { type ManifestItem, type Origin, parseManifests, problemAt } from '../sources/manifests/parse.ts'
import type { ReportedProblem } from '../sources/source.ts'
import { DEFAULT_TRANSLATE_SETTINGS } from '../translate/settings.ts'
import { problemLine } from './print.ts'

/** The command's flags. */
export interface ConvertFlags {
  readonly filename: readonly string[]
  readonly output: string
}

/** One object of the output. */
export interface ConvertedDocument {
  readonly object: JsonObject
  /** What it was made from; absent for what was left as it is. */
  readonly from?: string
  /** What of that could not be carried over. */
  readonly notes: readonly string[]
}

/** What the command prints. */
export interface ConvertResult {
  readonly documents: readonly ConvertedDocument[]
  readonly problems: readonly ReportedProblem[]
}

const { className, clusterDomain } = DEFAULT_TRANSLATE_SETTINGS
const settings = { className, clusterDomain, proxyImage: 'cr.agentgateway.dev/agentgateway:v1.5.0' }

/** Converts the documents of some files, in their order. */
export async function convertManifests(
  filename: readonly string[],
  stdin: () => Promise<string> = () => text(process.stdin),
): Promise<ConvertResult> {
  const problems: ReportedProblem[] = []
  const files = await Promise.all(filename.map((path) => readFiles(path, stdin, problems)))
  const parsed = files.flat().map(({ path, content }) => ({ path, ...parseManifests(path, content, watchedKinds) }))
  const read = lookups(parsed.flatMap(({ items }) => items))
  const documents: ConvertedDocument[] = []
  for (const { path, items, foreign, problems: found } of parsed) {
    const standalone = new Set(foreign.filter(({ value }) => isStandalone(value)).map(({ origin }) => origin.line))
    problems.push(
      ...found.filter(
        ({ reason, line }) => reason !== 'UnknownKind' && !(reason === 'InvalidDocument' && standalone.has(line)),
      ),
    )
    const converted = [
      ...items.map((item) => ({ at: item.origin.line, result: convertItem(item, read) })),
      ...foreign.map((each) => ({ at: each.origin.line, result: convertForeign(each, path) })),
    ].toSorted((a, b) => a.at - b.at)
    for (const { result } of converted) {
      documents.push(...result.documents)
      problems.push(...result.problems)
    }
  }
  return { documents, problems }
}

interface FileText {
  readonly path: string
  readonly content: string
}

async function readFiles(
  path: string,
  stdin: () => Promise<string>,
  problems: ReportedProblem[],
): Promise<readonly FileText[]> {
  if (path === '-') return [{ path: 'standard input', content: await stdin() }]
  const files: FileText[] = []
  for (const entry of listManifests(path).entries.values()) {
    if ('stamp' in entry) files.push({ path: entry.path, content: readFileSync(entry.path, 'utf8') })
    else problems.push(entry)
  }
  return files
}

// What dialects look up among the objects of all files, as an API server would have stored them.
function lookups(items: readonly ManifestItem[]): DialectReads {
  const admit = admission()
  const of = <T extends KubeObject>(collection: string): Lookup<T> => {
    const objects = items
      .filter(({ kind }) => kind.collection === `source/${collection}`)
      // What an API server would do is done to a copy; the collection says what kind the objects are of.
      .map(({ kind, object }) => (admit(kind, structuredClone(object)).object ?? object) as unknown as T)
    const byKey = new Map(objects.map((object) => [keyOf(object), object]))
    return {
      get: (key) => byKey.get(key),
      where: (_, value) => objects.filter((object) => byLabels.labels(object).includes(value)),
    }
  }
  return {
    secrets: of('secrets'),
    services: of('services'),
    backends: of('backends'),
    configmaps: of('configmaps'),
    gateways: of('gateways'),
    gatewayextensions: of('gatewayextensions'),
    mcpservers: of('mcpservers'),
    mcps: of('mcps'),
  }
}

function convertItem(item: ManifestItem, read: DialectReads): ConvertResult {
  const { kind, object, origin } = item
  const dialect = dialectKinds.find((each) => each.group === kind.group && each.kind === kind.kind)
  // MCPServers are run as they are; what extensions say has gone into the policies that refer to them.
  if (dialect !== undefined && dialect.kind !== 'MCPServer') {
    const carried = dialect.carry(structuredClone(object) as ForeignObject, { read, settings })
    const name = displayRef(refOf(object))
    const problems = carried.problems.map((problem) => reported(problem, { origin, name }))
    const isRefused = problems.some(({ severity }) => severity === 'error')
    const place = `${name} (${basename(origin.file)}:${origin.line})`
    const made = [...carried.made.map((each) => each.object), ...carried.workload].filter(
      ({ spec }) => !(isJsonObject(spec) && Object.keys(spec).length === 0),
    )
    return {
      documents:
        isRefused && carried.targets === undefined
          ? []
          : made.map((each, i) => ({
              object: printed(each, written(origin).metadata),
              from: place,
              notes: i === 0 ? problems.map(({ message }) => message) : [],
            })),
      problems,
    }
  }
  if (kind.kind === 'GatewayExtension') return { documents: [], problems: [] }
  const raw = written(origin)
  const { object: expanded, problems } = expandMcpShorthand(object)
  const changed = problems.length === 0 ? raw : { ...raw, spec: objectIn(expanded).spec }
  const name = displayRef(refOf(object))
  return {
    documents: [{ object: withOurKinds(changed), notes: problems.map(({ message }) => message) }],
    problems: problems.map((problem) => reported(problem, { origin, name })),
  }
}

function convertForeign(
  { value, origin }: { readonly value: unknown; readonly origin: Origin },
  path: string,
): ConvertResult {
  if (!isStandalone(value))
    return { documents: isJsonObject(value) ? [{ object: value, notes: [] }] : [], problems: [] }
  const name = basename(path).replace(/\.[^.]*$/, '')
  const { objects, problems } = convertStandalone(value, name, className)
  const place = `proxy configuration (${basename(origin.file)}:${origin.line})`
  const located = problems.map((problem) => reported(problem, { origin, name: 'proxy configuration' }))
  return {
    documents: objects.map((object, i) => ({
      object: printed(object, {}),
      from: place,
      notes: i === 0 ? located.map(({ path: field, message }) => `${field}: ${message}`) : [],
    })),
    problems: located,
  }
}

function reported(
  { path, reason, message, severity = 'error' }: Problem,
  { origin, name }: { readonly origin: Origin; readonly name: string },
): ReportedProblem {
  return problemAt(origin, path, { object: name, reason, message, severity }, parseFieldPath(path))
}

/** The document as it stands in its file: a namespace that was left out stays left out. */
function written({ text: document, within }: Origin): JsonObject {
  let value: unknown = load(document)
  for (const step of within) value = isJsonList(value) ? value[Number(step)] : objectIn(value)[String(step)]
  return objectIn(value)
}

function printed(object: KubeObject & { readonly spec?: unknown }, original: Json | undefined): JsonObject {
  const { apiVersion, kind, metadata, ...rest } = object
  const { namespace } = objectIn(original)
  const named: JsonObject = {
    name: metadata.name,
    ...(namespace === undefined ? {} : { namespace }),
    ...(metadata.labels === undefined ? {} : { labels: metadata.labels }),
    ...(metadata.annotations === undefined ? {} : { annotations: metadata.annotations }),
  }
  // What was made, and what a file holds, is JSON.
  return { apiVersion, kind, metadata: named, ...(rest as JsonObject) }
}

const KGATEWAY = 'gateway.kgateway.dev'

/** What kgateway's kinds that others refer to become. */
const OURS: Readonly<Record<string, string>> = {
  Backend: 'AgentgatewayBackend',
  GatewayParameters: 'AgentgatewayParameters',
}

/** References to kgateway's objects lead to what these become. */
function withOurKinds(value: JsonObject): JsonObject {
  const rewritten = (inner: Json): Json => {
    if (isJsonList(inner)) return inner.map(rewritten)
    if (!isJsonObject(inner)) return inner
    const entries = Object.entries(inner).flatMap(([key, each]) =>
      each === undefined ? [] : [[key, rewritten(each)] as const],
    )
    const copy: JsonObject = Object.fromEntries(entries)
    const ours = copy.group === KGATEWAY && typeof copy.kind === 'string' ? OURS[copy.kind] : undefined
    return ours === undefined ? copy : { ...copy, group: 'agentgateway.dev', kind: ours }
  }
  return objectIn(rewritten(value))
}

/** The documents as YAML, with comments about what they were made from. */
export function convertedYaml(documents: readonly ConvertedDocument[]): string {
  return documents
    .map(({ object, from, notes }) => {
      const comments = [...(from === undefined ? [] : [`from ${from}`]), ...notes]
      const lines = comments.flatMap((comment) => comment.split('\n')).map((line) => `# ${line}\n`)
      return `${lines.join('')}${dump(object, { lineWidth: -1, noRefs: true })}`
    })
    .join('---\n')
}

/** Runs the command. 0: everything was carried over; 1: something could not be; 2: something could not be read. */
export async function convertCommand(flags: ConvertFlags): Promise<number> {
  const { documents, problems } = await convertManifests(flags.filename)
  if (flags.output === 'json') {
    const list = { apiVersion: 'v1', kind: 'List', items: documents.map(({ object }) => object) }
    console.log(JSON.stringify(list, null, 2))
  } else process.stdout.write(convertedYaml(documents))
  for (const problem of problems) console.error(problemLine(problem))
  const unreadable = new Set(['NotFound', 'Unreadable', 'SyntaxError'])
  if (problems.some(({ reason }) => unreadable.has(reason))) return 2
  return problems.some(({ severity }) => severity === 'error') ? 1 : 0
}
