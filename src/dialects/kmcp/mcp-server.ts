// kmcp's MCPServer: what runs it, and what keeps it from running. References are really looked up, and what would start but
// never answer is refused with the reason.
import { nameKey } from '../../core/keys.ts'
import type { Problem } from '../../core/problem.ts'
import { isJsonList, type Json, type JsonObject, objectIn, textEntries } from '../../kube/json.ts'
import { type Carried, carriedFrame, type DialectContext, type DialectKind, type ForeignObject } from '../carried.ts'
import { dropUnread, type Fields, readFields } from '../fields.ts'
import { present } from '../made.ts'
import { renderServer } from './workload.ts'

/** MCPServer of kagent.dev/v1alpha1. */
export const mcpServer: DialectKind = { group: 'kagent.dev', kind: 'MCPServer', plural: 'mcpservers', carry }

const DEFAULT_PORT = 3000
/** Images for commands that need none of their own. */
const COMMAND_IMAGES: Readonly<Record<string, string>> = {
  uvx: 'ghcr.io/astral-sh/uv:debian',
  npx: 'node:24-alpine',
}

function carry(object: ForeignObject, context: DialectContext): Carried {
  const problems: Problem[] = []
  const spec = readFields(object.spec, 'spec', problems)
  const namespace = object.metadata.namespace ?? ''
  const transport = spec.text('transportType')
  if (transport !== 'stdio' && transport !== 'http') spec.tell('must be stdio or http', { field: 'transportType' })
  spec.json('stdioTransport')
  // A hint for clients: starting a process per session takes its time.
  spec.text('timeout')
  const http = spec.fields('httpTransport')
  http?.text('path')
  http?.drop('tls', 'the Service of the server speaks plain HTTP')
  const deployment = spec.fields('deployment') ?? readFields({}, 'spec.deployment', problems)
  const port = deployment.whole('port') ?? DEFAULT_PORT
  if (port < 1 || port > 65535) deployment.tell('must be between 1 and 65535', { field: 'port' })
  if (transport === 'http') checkTargetPort(http, port, spec)
  const plan = planOf(object, deployment, { port, isStdio: transport === 'stdio', context })
  dropUnread(spec, problems, 'an MCPServer is run without it')
  const unresolved = plan.secrets.flatMap((name, i) =>
    context.read.secrets.get(nameKey(namespace, name)) === undefined
      ? [{ path: `spec.deployment.secretRefs[${i}]`, what: `Secret ${nameKey(namespace, name)}` }]
      : [],
  )
  const isRefused = problems.some(({ severity }) => severity !== 'warning')
  return {
    ...carriedFrame(object),
    made: [],
    // Pods wait for a Secret that is still missing, so the objects are there in time.
    workload: isRefused ? [] : renderServer(plan),
    problems,
    unresolved,
    replicas: plan.replicas,
  }
}

function checkTargetPort(http: Fields | undefined, port: number, spec: Fields): void {
  const targetPort = http?.whole('targetPort')
  if (targetPort === undefined) spec.tell('targetPort is required for transportType http', { field: 'httpTransport' })
  else if (targetPort !== port) {
    http?.tell(`the Service leads to deployment.port ${port}, where nothing listens; both must be the same`, {
      field: 'targetPort',
    })
  }
}

interface PlanScope {
  readonly port: number
  readonly isStdio: boolean
  readonly context: DialectContext
}

function planOf(object: ForeignObject, from: Fields, { port, isStdio, context }: PlanScope) {
  const { name } = object.metadata
  const cmd = from.text('cmd')
  const image = from.text('image') || (cmd === undefined ? undefined : COMMAND_IMAGES[cmd])
  if (image === undefined) from.tell('an image is required, unless cmd is uvx or npx', { field: 'image' })
  if (isStdio && cmd === undefined)
    from.tell('the command to start is required for transportType stdio', { field: 'cmd' })
  const args = from.texts('args')
  const env = textEntries(from.json('env'))
  const process = isStdio ? { name, port, cmd: cmd ?? '', args, env } : undefined
  const securityContext = from.json('securityContext')
  const adapter = from.fields('initContainer')
  const replicas = from.whole('replicas') ?? 1
  if (replicas < 0) from.tell('must not be negative', { field: 'replicas' })
  const given = from.text('serviceAccountName')
  const account = from.fields('serviceAccount')
  if (given !== undefined && account !== undefined) {
    from.tell('does not go with serviceAccountName', { field: 'serviceAccount' })
  }
  const annotations = textEntries(account?.json('annotations'))
  const made = {
    labels: textEntries(account?.json('labels')),
    ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
  }
  return {
    ...{ name, port, replicas, env, process, securityContext },
    image: image ?? '',
    pullPolicy: from.text('imagePullPolicy') ?? 'IfNotPresent',
    pullSecrets: from.json('imagePullSecrets'),
    command: cmd === undefined ? [] : [cmd],
    args,
    secrets: namesIn(from, 'secretRefs'),
    configMaps: namesIn(from, 'configMapRefs'),
    adapterImage: adapter?.text('image') ?? context.settings.proxyImage,
    adapter: present({
      imagePullPolicy: adapter?.text('imagePullPolicy'),
      resources: adapter?.json('resources'),
      securityContext: adapter?.json('securityContext') ?? securityContext,
    }),
    account: { name: given ?? name, made: given === undefined ? made : undefined },
    labels: textEntries(from.json('labels')),
    annotations: textEntries(from.json('annotations')),
    volumes: listIn(from.json('volumes')),
    mounts: listIn(from.json('volumeMounts')),
    sidecars: listIn(from.json('sidecars')),
    resources: from.json('resources'),
    podSecurityContext: from.json('podSecurityContext'),
    placement: present({
      tolerations: from.json('tolerations'),
      affinity: from.json('affinity'),
      nodeSelector: from.json('nodeSelector'),
    }),
  }
}

function namesIn(from: Fields, field: string): readonly string[] {
  return from.list(field).flatMap((ref) => ref.text('name') ?? [])
}

function listIn(value: Json | undefined): readonly Json[] {
  return isJsonList(value) ? value : []
}

/** Where an MCPServer answers. */
export interface ServerAddress {
  readonly port: number
  readonly path: string
}

/** Where an MCPServer answers, as far as its spec tells. */
export function serverAddress(object: ForeignObject): ServerAddress {
  const spec: JsonObject = objectIn(object.spec)
  const { port } = objectIn(spec.deployment)
  const { path } = objectIn(spec.httpTransport)
  return {
    port: typeof port === 'number' ? port : DEFAULT_PORT,
    path: spec.transportType === 'http' && typeof path === 'string' && path !== '' ? path : '/mcp',
  }
}
