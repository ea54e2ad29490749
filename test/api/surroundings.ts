// A small world in which the references of a generated object resolve, and where such an object is of use: targets for
// policies, routes to backends, Secrets with every key that is read. Its names are `a` and `b`.
import { generateKeyPairSync } from 'node:crypto'
import type { KubeObject } from '../../src/kube/object.ts'
import { isObject, type JsonObject } from '../../src/schema/structure.ts'
import { issueCertificate } from '../certificates.ts'
import type { Objects, Texts } from './leaves.ts'

const NAMESPACE = 'ns'
const GATEWAY = 'gateway.networking.k8s.io/v1'
const AGENTGATEWAY = 'agentgateway.dev/v1alpha1'

function object(apiVersion: string, kind: string, name: string, body: object): KubeObject {
  return { apiVersion, kind, metadata: { namespace: NAMESPACE, name, labels: { a: 'a', [name]: 'a' } }, ...body }
}

const pair = issueCertificate('a.example')
const other = issueCertificate('b.example')
const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const keySet = (kid: string): string => JSON.stringify({ keys: [{ ...publicKey.export({ format: 'jwk' }), kid }] })
/** A key set. */
export const KEY_SET = keySet('k')

function secret(name: string, { certificate, privateKey }: typeof pair, authority: string): KubeObject {
  const data = {
    ...{ Authorization: `Bearer ${name}`, accessKey: name, secretKey: name, sessionToken: name },
    ...{ clientID: name, tenantID: name, clientSecret: name, 'credentials.json': `{"type":"${name}"}` },
    ...{ signingKey: privateKey, certificate, 'tls.crt': certificate, 'tls.key': privateKey, 'ca.crt': authority },
    ...{ '.htaccess': `${name}:{SHA}${name}`, a: `${name}-a`, b: `${name}-b` },
  }
  const encoded = Object.entries(data).map(([key, text]) => [key, Buffer.from(text).toString('base64')])
  return object('v1', 'Secret', name, { type: 'Opaque', data: Object.fromEntries(encoded) })
}

function routeTo(name: string, kind: string, more: object = {}): KubeObject {
  const group = kind === 'Service' ? '' : 'agentgateway.dev'
  return object(GATEWAY, 'HTTPRoute', name, {
    spec: {
      parentRefs: [{ name: 'a' }],
      hostnames: [`${name}.example`],
      rules: [{ name: 'a', backendRefs: [{ group, kind, name, port: 80 }] }],
    },
    ...more,
  })
}

function backend(name: string, spec: object): readonly KubeObject[] {
  return [object(AGENTGATEWAY, 'AgentgatewayBackend', name, { spec }), routeTo(name, 'AgentgatewayBackend')]
}

function model(name: string): KubeObject {
  return object(AGENTGATEWAY, 'AgentgatewayModel', name, {
    spec: { parentRefs: [{ name: 'models' }], provider: 'OpenAI', match: { model: name } },
  })
}

function service(name: string): KubeObject {
  return object('v1', 'Service', name, {
    spec: {
      clusterIP: '10.0.0.1',
      ports: [
        { name: 'a', port: 80, targetPort: 80, appProtocol: 'agentgateway.dev/mcp' },
        { name: 'b', port: 1, targetPort: 1 },
        { name: 'c', port: 2, targetPort: 2 },
        { name: 'd', port: 3, targetPort: 3 },
      ],
    },
  })
}

const models = {
  name: 'a',
  protocol: 'HTTP',
  port: 80,
  allowedRoutes: { kinds: [{ group: 'agentgateway.dev', kind: 'AgentgatewayModel' }] },
}
const listener = { name: 'a', protocol: 'HTTP', port: 80, allowedRoutes: { namespaces: { from: 'All' } } }

/** The objects beside the generated one, which is called `x`. */
export const surroundings: readonly KubeObject[] = [
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE, labels: { a: 'a' } } },
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'b', labels: { b: 'a' } } },
  { apiVersion: GATEWAY, kind: 'GatewayClass', metadata: { name: 'agentgateway' }, ...classSpec() },
  object(GATEWAY, 'Gateway', 'a', {
    spec: {
      gatewayClassName: 'agentgateway',
      listeners: [listener, { ...listener, name: 'b', port: 81 }],
      allowedListeners: { namespaces: { from: 'Same' } },
      infrastructure: { parametersRef: { group: 'agentgateway.dev', kind: 'AgentgatewayParameters', name: 'x' } },
    },
  }),
  object(GATEWAY, 'Gateway', 'models', { spec: { gatewayClassName: 'agentgateway', listeners: [models] } }),
  object(GATEWAY, 'ListenerSet', 'a', {
    spec: { parentRef: { name: 'a' }, listeners: [{ ...listener, name: 'c', port: 82 }] },
  }),
  object(AGENTGATEWAY, 'AgentgatewayParameters', 'x', { spec: {} }),
  secret('a', pair, other.certificate),
  secret('b', other, pair.certificate),
  object('v1', 'ConfigMap', 'a', { data: { 'ca.crt': pair.certificate, a: 'a', b: 'b' } }),
  object('v1', 'ConfigMap', 'b', { data: { 'ca.crt': other.certificate, a: 'a', b: 'b' } }),
  service('a'),
  service('b'),
  routeTo('a', 'Service'),
  routeTo('b', 'Service'),
  ...backend('static', { static: { host: 'a.example', port: 80 } }),
  ...backend('ai', { ai: { groups: [{ providers: [{ name: 'a', openai: {} }] }] } }),
  ...backend('mcp', { mcp: { targets: [{ name: 'a', static: { host: 'a.example', port: 80 } }] } }),
  routeTo('x', 'AgentgatewayBackend'),
  ...['a', 'b'].map((name) =>
    object('inference.networking.k8s.io/v1', 'InferencePool', name, {
      spec: { selector: { matchLabels: { a: 'a' } }, targetPorts: [{ number: 80 }] },
    }),
  ),
  model('a'),
  model('b'),
]

function classSpec(): object {
  return { spec: { controllerName: 'agentgateway.dev/agentgateway' } }
}

const BY_FIELD: Readonly<Record<string, readonly string[]>> = {
  name: ['a', 'b'],
  group: ['', 'a.b'],
  kind: ['Secret', 'Other'],
  tokenType: ['Jwt', 'AccessToken'],
  path: ['/a', '/b'],
  http2FrameSize: ['64Ki', '32Ki'],
  inline: [KEY_SET, keySet('l')],
  operator: ['In', 'Exists', 'NotIn'],
  host: ['a.example', 'b.example'],
  baseURL: ['https://a.example', 'https://b.example/c'],
}

/** Texts that fields of some names need to be of use. */
export const texts: Texts = (steps) => BY_FIELD[steps.at(-1) ?? '']

const INFERENCE = 'inference.networking.k8s.io'
const named = (more: object = {}) => ['a', 'b'].map((name) => ({ ...more, name }))
const backendRefs = [...named({ port: 80 }), ...named({ group: INFERENCE, kind: 'InferencePool' })]
const targets = [
  ...named({ group: 'gateway.networking.k8s.io', kind: 'HTTPRoute' }),
  { group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', name: 'a', sectionName: 'a' },
  { group: INFERENCE, kind: 'InferencePool', name: 'a' },
]
const gateway = { group: 'gateway.networking.k8s.io', kind: 'Gateway' }
const ports = [80, 81].map((port) => ({ ...gateway, port }))
const selected = [{ matchLabels: { a: 'a' } }, { matchLabels: { b: 'a' } }]

const custom = { custom: { formats: [{ type: 'Completions', path: '/a' }] }, host: 'a.example', port: 80 }

const BY_OBJECT: Readonly<Record<string, readonly object[]>> = {
  targets: [['a', 'b'].map((name) => ({ modelRef: { name }, priority: 1 }))],
  backendRef: backendRefs,
  provider: [custom],
  'providers[]': [{ ...custom, name: 'a' }],
  jwks: [{ inline: KEY_SET }, { jwksPath: '/a', backendRef: { name: 'a', port: 80 } }],
  ...Object.fromEntries(['secretRef', 'signingKeyRef', 'certificateRef'].map((field) => [field, named()])),
  'targetRefs[]': [...targets, ...ports.map((each) => ({ ...each, name: 'a' }))],
  'targetSelectors[]': [...targets, ...ports, gateway].flatMap(({ ...each }) =>
    selected.map((labels) => ({ ...without(each, 'name'), ...labels })),
  ),
}

function without(object: object, field: string): object {
  return Object.fromEntries(Object.entries(object).filter(([name]) => name !== field))
}

/** Objects that refer to something that is there. */
export const objects: Objects = (steps) => {
  const last = steps.at(-1) ?? ''
  return BY_OBJECT[last === '[]' ? `${steps.at(-2)}[]` : last] ?? []
}

const TARGETS: Readonly<Record<string, object>> = {
  Gateway: { group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'a' },
  HTTPRoute: { group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', name: 'a' },
  ...Object.fromEntries(
    ['static', 'ai', 'mcp'].map((name) => [name, { group: 'agentgateway.dev', kind: 'AgentgatewayBackend', name }]),
  ),
}

function targetFor([, section, field]: readonly string[]): object | undefined {
  if (section === 'backend') return TARGETS[field === 'ai' || field === 'mcp' ? field : 'static']
  return section === 'traffic' && field !== 'phase' ? TARGETS.HTTPRoute : TARGETS.Gateway
}

const PROVIDERS: Readonly<Record<string, string>> = {
  azure: 'Azure',
  vertexai: 'VertexAI',
  bedrock: 'Bedrock',
  custom: 'Custom',
}

const TYPES: Readonly<Record<string, object>> = {
  static: { static: { host: 'a.example', port: 80 } },
  ai: { ai: { provider: { openai: {} } } },
  mcp: { mcp: { targets: [{ name: 'a', static: { host: 'a.example', port: 80 } }] } },
}

// An external authorization of a backend needs a protocol, although its schema does not say so.
function usable(policies: unknown): unknown {
  if (!isObject(policies) || !isObject(policies.extAuth) || policies.extAuth.http !== undefined) return policies
  return { ...policies, extAuth: { ...policies.extAuth, grpc: policies.extAuth.grpc ?? {} } }
}

/** The spec attached to something where the field that `steps` lead to is of use, unless that is what is looked at. */
export function placed(kind: string, steps: readonly string[], spec: JsonObject): JsonObject {
  const [, first = ''] = steps
  const { targetRefs, targetSelectors, ...rest } = spec
  const delay = { delay: { duration: '1s' } }
  const guard = { authorization: { policy: { matchExpressions: ['a'] } } }
  switch (kind) {
    case 'AgentgatewayPolicy':
      if (first.startsWith('target'))
        return {
          ...(steps.at(-1) === 'port' ? { frontend: { accessLog: {} } } : { traffic: delay }),
          [first]: spec[first],
        }
      return {
        ...rest,
        ...(first === 'strategy' && { traffic: delay }),
        ...(steps[2] === 'phase' && { traffic: { ...Object(spec.traffic), ...guard } }),
        targetRefs: [targetFor(steps)],
      }
    case 'AgentgatewayModel': {
      const provider = PROVIDERS[first] ?? 'OpenAI'
      return {
        ...(first !== 'virtualModel' && { provider }),
        ...spec,
        ...(first in PROVIDERS && { provider }),
        ...(first !== 'parentRefs' && { parentRefs: [{ name: 'models' }] }),
      }
    }
    case 'AgentgatewayParameters':
      return first === 'daemonSet' ? { workload: { kind: 'DaemonSet' }, daemonSet: spec.daemonSet } : spec
    default:
      return first === 'policies'
        ? { policies: usable(spec.policies), ...(TYPES[steps[2] ?? ''] ?? TYPES.static) }
        : spec
  }
}
