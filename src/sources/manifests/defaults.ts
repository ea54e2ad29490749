// What an API server would do to an object before storing it: defaults, `stringData`, and refusing what it would refuse.
// Kinds with a schema are judged by the validator that is passed in; the others by the tables of shapes.ts.
import type { KubeObject } from '../../kube/object.ts'
import type { WatchedKind } from '../kubernetes/kinds.ts'
import { admitShape, type FieldProblem } from './shape.ts'
import { metadataShape, shapes } from './shapes.ts'

/** An object as a manifest holds it, before anybody has checked more than its kind and name. */
export type ManifestObject = KubeObject & Record<string, unknown>

/** What becomes of an object: refused when there is none. */
export interface Verdict {
  readonly object: KubeObject | undefined
  readonly problems: readonly FieldProblem[]
}

/** The API server's part, for one object. */
export type Admit = (kind: WatchedKind, object: ManifestObject) => Verdict

/** A validator of the kinds that it has schemas for; undefined for others. */
export type Validate = (kind: WatchedKind, object: ManifestObject) => Verdict | undefined

/** Objects as the API server stored them already: nothing is added and nothing refused. */
export const alreadyAdmitted: Admit = (_, object) => ({ object, problems: [] })

/** Does to objects what the API server would; kinds that `validate` knows are left to it. */
export function admission(validate: Validate = () => undefined): Admit {
  return (kind, object) => {
    const problems = [
      ...admitShape(metadataShape, object.metadata, 'metadata'),
      ...naming(kind, object),
      ...encoding(kind, object),
    ]
    if (problems.some(isError)) return { object: undefined, problems }
    const verdict = validate(kind, object) ?? byShape(kind, object)
    const all = [...problems, ...verdict.problems]
    return { object: verdict.object === undefined ? undefined : finish(kind, verdict.object), problems: all }
  }
}

function byShape(kind: WatchedKind, object: ManifestObject): Verdict {
  const shape = shapes[`${kind.group}/${kind.kind}`]
  const problems = shape === undefined ? [] : admitShape(shape, object, '')
  return { object: problems.some(isError) ? undefined : object, problems }
}

function isError(problem: FieldProblem): boolean {
  return problem.severity === 'error'
}

const label = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/
const subdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/
const serviceName = /^[a-z]([-a-z0-9]*[a-z0-9])?$/

function naming(kind: WatchedKind, { metadata }: ManifestObject): readonly FieldProblem[] {
  const problems: FieldProblem[] = []
  const check = (field: 'name' | 'namespace', pattern: RegExp, longest: number): void => {
    const value = metadata[field]
    if (typeof value !== 'string' || (pattern.test(value) && value.length <= longest)) return
    const rule = `at most ${longest} lower-case letters, digits and "-"${pattern === subdomain ? ' or "."' : ''}`
    const message = `metadata.${field} must be ${rule}, and start and end with a letter or digit`
    problems.push({ severity: 'error', path: `metadata.${field}`, reason: 'FieldValueInvalid', message })
  }
  if (kind.kind === 'Service' && kind.group === '') check('name', serviceName, 63)
  else if (kind.kind === 'Namespace' && kind.group === '') check('name', label, 63)
  else check('name', subdomain, 253)
  if (kind.namespaced) check('namespace', label, 63)
  return problems
}

const bytesFields: Readonly<Record<string, string>> = { Secret: 'data', ConfigMap: 'binaryData' }
const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/

/** What bytes are written as must be base64. The value itself is never shown: it may be a secret in clear. */
function encoding(kind: WatchedKind, object: ManifestObject): readonly FieldProblem[] {
  const field = kind.group === '' ? bytesFields[kind.kind] : undefined
  const values = field === undefined ? undefined : object[field]
  if (typeof values !== 'object' || values === null) return []
  return Object.entries(values)
    .filter(([, value]) => typeof value === 'string' && !base64.test(value.replace(/[\r\n]/g, '')))
    .map(([key]) => ({
      severity: 'error',
      path: `${field}[${key}]`,
      reason: 'FieldValueInvalid',
      message: `the value is not base64${field === 'data' ? '; plain text belongs under stringData' : ''}`,
    }))
}

/** What follows from other fields, and is no default of a schema. */
function finish(kind: WatchedKind, object: KubeObject): KubeObject {
  const finished = (finishers[`${kind.group}/${kind.kind}`] ?? same)(object)
  if (kind.group === '' || finished.metadata.generation !== undefined) return finished
  return { ...finished, metadata: { ...finished.metadata, generation: 1 } }
}

const same = (object: KubeObject): KubeObject => object

interface WithSpec extends KubeObject {
  readonly spec?: { readonly ports?: readonly { readonly port?: number; readonly targetPort?: number | string }[] }
}

interface WithStringData extends KubeObject {
  readonly data?: Readonly<Record<string, string>>
  readonly stringData?: Readonly<Record<string, string>>
}

const finishers: Readonly<Record<string, (object: KubeObject) => KubeObject>> = {
  '/Namespace': (namespace) => withNameLabel(namespace),
  '/Service': (service: WithSpec) => {
    const ports = service.spec?.ports?.map((port) => ({ ...port, targetPort: port.targetPort ?? port.port }))
    const withPorts: WithSpec = { ...service, spec: { ...service.spec, ...(ports === undefined ? {} : { ports }) } }
    return withPorts
  },
  '/Secret': ({ stringData, ...secret }: WithStringData) => {
    if (stringData === undefined) return secret
    const encoded = Object.entries(stringData).map(([key, value]) => [key, Buffer.from(value).toString('base64')])
    const folded: WithStringData = { ...secret, data: { ...secret.data, ...Object.fromEntries(encoded) } }
    return folded
  },
}

/** The API server labels each namespace with its name, so that selectors can name it. */
function withNameLabel(namespace: KubeObject): KubeObject {
  const { name, labels } = namespace.metadata
  return {
    ...namespace,
    metadata: { ...namespace.metadata, labels: { ...labels, 'kubernetes.io/metadata.name': name } },
  }
}

/** A namespace that objects are in and that no manifest declares: in a cluster it would have to exist. */
export function impliedNamespace(name: string): KubeObject {
  return withNameLabel({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })
}
