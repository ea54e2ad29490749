import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { load } from 'js-yaml'
import { describe, expect, it } from 'vitest'
import { watchedKinds } from '../kubernetes/kinds.ts'
import { admission, type Validate } from './defaults.ts'
import { parseManifests } from './parse.ts'
import type { Shape } from './shape.ts'
import { shapes } from './shapes.ts'

/** Admits the one object of a text. */
function admit(text: string, validate?: Validate) {
  const [item] = parseManifests('a.yaml', text, watchedKinds).items
  if (item === undefined) throw new Error('no object')
  return admission(validate)(item.kind, item.object)
}

const gatewayApi = (kind: string, spec: string) =>
  admit(`apiVersion: gateway.networking.k8s.io/v1\nkind: ${kind}\nmetadata: {name: a, namespace: ns}\nspec: ${spec}\n`)

const core = (kind: string, rest: string) => admit(`apiVersion: v1\nkind: ${kind}\nmetadata: {name: a}\n${rest}\n`)

describe('defaults', () => {
  it('of an HTTPRoute are those of the API server', () => {
    const { object, problems } = gatewayApi(
      'HTTPRoute',
      `{parentRefs: [{name: g}], rules: [{backendRefs: [{name: s, port: 80}], filters: [{type: RequestRedirect, requestRedirect: {}},
       {type: CORS, cors: {}}]}, {matches: [{headers: [{name: h, value: v}]}, {path: {value: /x}}]}]}`,
    )
    expect(problems).toEqual([])
    expect(object).toMatchObject({
      metadata: { generation: 1 },
      spec: {
        parentRefs: [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'g' }],
        rules: [
          {
            matches: [{ path: { type: 'PathPrefix', value: '/' } }],
            backendRefs: [{ group: '', kind: 'Service', name: 's', port: 80, weight: 1 }],
            filters: [{ requestRedirect: { statusCode: 302 } }, { cors: { maxAge: 5 } }],
          },
          {
            matches: [
              { path: { type: 'PathPrefix', value: '/' }, headers: [{ type: 'Exact', name: 'h', value: 'v' }] },
              { path: { type: 'PathPrefix', value: '/x' } },
            ],
          },
        ],
      },
    })
    expect(gatewayApi('HTTPRoute', '{}').object).toMatchObject({
      spec: { rules: [{ matches: [{ path: { type: 'PathPrefix', value: '/' } }] }] },
    })
  })

  it('of one object are not shared with another', () => {
    const first = gatewayApi('HTTPRoute', '{}').object
    const second = gatewayApi('HTTPRoute', '{}').object
    expect(first).toEqual(second)
    expect(Reflect.get(Object(first), 'spec').rules).not.toBe(Reflect.get(Object(second), 'spec').rules)
  })

  it('of a Gateway open its listeners to their own namespace', () => {
    const listeners =
      '[{name: l, port: 80, protocol: HTTP}, {name: t, port: 443, protocol: HTTPS, tls: {certificateRefs: [{name: c}]}}]'
    expect(gatewayApi('Gateway', `{gatewayClassName: c, listeners: ${listeners}}`).object).toMatchObject({
      spec: {
        listeners: [
          { allowedRoutes: { namespaces: { from: 'Same' } } },
          { tls: { mode: 'Terminate', certificateRefs: [{ group: '', kind: 'Secret', name: 'c' }] } },
        ],
      },
    })
  })

  it('of core kinds are those that translation depends on', () => {
    expect(core('Service', 'spec: {ports: [{port: 80}, {port: 81, targetPort: http}]}').object).toMatchObject({
      spec: {
        type: 'ClusterIP',
        ports: [
          { port: 80, protocol: 'TCP', targetPort: 80 },
          { port: 81, targetPort: 'http' },
        ],
      },
    })
    expect(core('Secret', 'data: {a: eA==, b: eA==}\nstringData: {b: "y"}').object).toEqual({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'a', namespace: 'default' },
      type: 'Opaque',
      data: { a: 'eA==', b: 'eQ==' },
    })
    expect(core('Namespace', '').object?.metadata.labels).toEqual({ 'kubernetes.io/metadata.name': 'a' })
  })

  it('of kinds with a schema are left to the validator', () => {
    const text = 'apiVersion: agentgateway.dev/v1alpha1\nkind: AgentgatewayPolicy\nmetadata: {name: a}\nspec: {x: 1}\n'
    const problem = { severity: 'error', path: 'spec.x', reason: 'Invalid', message: 'no' } as const
    const refused = admit(text, (kind) =>
      kind.group === 'agentgateway.dev' ? { object: undefined, problems: [problem] } : undefined,
    )
    expect(refused).toEqual({ object: undefined, problems: [problem] })
    const changed = admit(text, (_, object) => ({ object: { ...object, spec: { x: 2 } }, problems: [] }))
    expect(changed.object).toMatchObject({ spec: { x: 2 }, metadata: { generation: 1 } })
    expect(admit(text).object).toMatchObject({ spec: { x: 1 } })
  })
})

describe('refusals', () => {
  const refused = (verdict: ReturnType<typeof admit>) => {
    expect(verdict.object).toBeUndefined()
    return verdict.problems.map(({ path, reason, message }) => ({ path, reason, message }))
  }

  it('name the field of a wrong type, and what is expected', () => {
    const rules = '[{backendRefs: [{name: s, port: "80"}, {name: 5}], filters: {}}]'
    expect(refused(gatewayApi('HTTPRoute', `{hostnames: example.com, rules: ${rules}}`))).toEqual([
      {
        path: 'spec.hostnames',
        reason: 'FieldValueTypeInvalid',
        message: 'spec.hostnames must be a list, not a string',
      },
      {
        path: 'spec.rules[0].filters',
        reason: 'FieldValueTypeInvalid',
        message: 'spec.rules[0].filters must be a list, not a mapping',
      },
      {
        path: 'spec.rules[0].backendRefs[0].port',
        reason: 'FieldValueTypeInvalid',
        message: 'spec.rules[0].backendRefs[0].port must be an integer, without quotes, not a string',
      },
      {
        path: 'spec.rules[0].backendRefs[1].name',
        reason: 'FieldValueTypeInvalid',
        message: 'spec.rules[0].backendRefs[1].name must be a string: write it in quotes, not a number',
      },
    ])
  })

  it.each([
    ['Gateway', '{listeners: [{name: l, port: 80}]}', ['spec.gatewayClassName', 'spec.listeners[0].protocol']],
    ['Gateway', '{gatewayClassName: c, listeners: []}', ['spec.listeners']],
    [
      'Gateway',
      '{gatewayClassName: c, listeners: [{name: l, port: 70000, protocol: HTTP}]}',
      ['spec.listeners[0].port'],
    ],
    ['HTTPRoute', 'null', ['spec']],
    ['HTTPRoute', '[]', ['spec']],
    ['HTTPRoute', '{rules: [{matches: [{path: {type: Prefix, value: /}}]}]}', ['spec.rules[0].matches[0].path.type']],
    [
      'HTTPRoute',
      '{rules: [{filters: [{requestRedirect: {statusCode: 300}}]}]}',
      ['spec.rules[0].filters[0].type', 'spec.rules[0].filters[0].requestRedirect.statusCode'],
    ],
    ['TLSRoute', '{rules: [{backendRefs: []}]}', ['spec.hostnames', 'spec.rules[0].backendRefs']],
    [
      'ReferenceGrant',
      '{from: [{kind: X}], to: [{group: "", kind: Service}]}',
      ['spec.from[0].group', 'spec.from[0].namespace'],
    ],
  ])('of a %s with spec %s name the fields', (kind, spec, paths) => {
    expect(refused(gatewayApi(kind, spec)).map(({ path }) => path)).toEqual(paths)
  })

  it('never show a value that may be secret', () => {
    const [problem] = refused(core('Secret', 'stringData: {password: 12345}'))
    expect(problem).toMatchObject({ path: 'stringData.password' })
    expect(problem?.message).not.toContain('12345')
  })

  it('come for metadata that the API server would not take', () => {
    const paths = (metadata: string) =>
      refused(admit(`apiVersion: v1\nkind: ConfigMap\nmetadata: ${metadata}\n`)).map(({ path }) => path)
    expect(paths('{name: My_Map}')).toEqual(['metadata.name'])
    expect(paths('{name: a, namespace: a.b}')).toEqual(['metadata.namespace'])
    expect(paths('{name: a, labels: {version: 1}}')).toEqual(['metadata.labels.version'])
    expect(paths('{name: a, annotations: []}')).toEqual(['metadata.annotations'])
  })

  it('do not come for unknown fields, which are dropped with a warning', () => {
    const { object, problems } = gatewayApi('HTTPRoute', '{rules: [{backendRef: [], filters: null}], foo: 1}')
    expect(object).toMatchObject({ spec: { rules: [{}] } })
    expect(JSON.stringify(object)).not.toMatch(/backendRef"|foo|null/)
    expect(problems.map(({ severity, message }) => [severity, message])).toEqual([
      ['warning', 'unknown field "spec.foo", which has no effect'],
      ['warning', 'unknown field "spec.rules[0].backendRef", which has no effect; did you mean backendRefs?'],
    ])
  })
})

const golden = process.env.GOLDEN_DIR
if (golden === undefined) console.warn('SKIPPED: comparing shapes with the public CRDs needs GOLDEN_DIR')

describe.skipIf(golden === undefined)('the tables', () => {
  interface Schema {
    readonly type?: string
    readonly properties?: Readonly<Record<string, Schema>>
    readonly items?: Schema
    readonly additionalProperties?: Schema
    readonly required?: readonly string[]
    readonly enum?: readonly unknown[]
    readonly default?: unknown
    readonly minimum?: number
    readonly minItems?: number
  }

  /** Types, required fields, values and defaults of a schema, one line per field. */
  function* facts(schema: Schema, path: string): Generator<string> {
    const allowed = schema.enum === undefined ? '' : ` of ${schema.enum.toSorted().join()}`
    const fallback = schema.default === undefined ? '' : ` = ${JSON.stringify(schema.default)}`
    const limit = schema.minimum === undefined ? '' : ` >= ${schema.minimum}`
    yield `${path} ${schema.type}${allowed}${fallback}${limit}${schema.minItems === undefined ? '' : ' not empty'}`
    for (const name of schema.required ?? []) yield `${path}.${name} required`
    for (const [name, each] of Object.entries(schema.properties ?? {})) yield* facts(each, `${path}.${name}`)
    if (schema.items !== undefined) yield* facts(schema.items, `${path}[]`)
    if (schema.additionalProperties !== undefined) yield* facts(schema.additionalProperties, `${path}{}`)
  }

  function asSchema(shape: Shape): Schema {
    const fallback = shape.fallback === undefined ? {} : { default: shape.fallback }
    switch (shape.is) {
      case 'text':
        return { type: 'string', ...(shape.allowed === undefined ? {} : { enum: shape.allowed }), ...fallback }
      case 'whole':
        return {
          type: 'integer',
          ...(shape.allowed === undefined ? {} : { enum: shape.allowed }),
          ...(shape.min === undefined ? {} : { minimum: shape.min }),
          ...fallback,
        }
      case 'flag':
        return { type: 'boolean' }
      case 'list':
        return { type: 'array', items: asSchema(shape.of), ...(shape.atLeast ? { minItems: 1 } : {}), ...fallback }
      case 'map':
        return { type: 'object', additionalProperties: asSchema(shape.of) }
      case 'fields': {
        const properties = Object.entries(shape.fields).map(([name, each]) => [name, asSchema(each)] as const)
        return { type: 'object', properties: Object.fromEntries(properties), required: shape.required, ...fallback }
      }
      default:
        return { type: shape.is }
    }
  }

  const files: [kind: string, file: string][] = [
    ['GatewayClass', 'gatewayclasses'],
    ['Gateway', 'gateways'],
    ['ListenerSet', 'listenersets'],
    ['HTTPRoute', 'httproutes'],
    ['GRPCRoute', 'grpcroutes'],
    ['TCPRoute', 'tcproutes'],
    ['TLSRoute', 'tlsroutes'],
    ['ReferenceGrant', 'referencegrants'],
    ['BackendTLSPolicy', 'backendtlspolicies'],
  ]
  const crds: [key: string, path: string][] = [
    ...files.map(([kind, file]): [string, string] => [
      `gateway.networking.k8s.io/${kind}`,
      `gateway-api-experimental/gateway.networking.k8s.io_${file}.yaml`,
    ]),
    ['inference.networking.k8s.io/InferencePool', 'inference/inference.networking.k8s.io_inferencepools.yaml'],
  ]
  it.each(crds)('say of %s what its CRD says', (key, path) => {
    const text = readFileSync(resolve(golden ?? '', '../crds', path), 'utf8')
    // The file is a CRD: that is what the folder holds.
    const crd = load(text) as { spec: { versions: { storage: boolean; schema: { openAPIV3Schema: Schema } }[] } }
    const spec = crd.spec.versions.find((version) => version.storage)?.schema.openAPIV3Schema.properties?.spec
    const shape = shapes[key]
    const ours = shape === undefined ? undefined : asSchema(shape).properties?.spec
    expect([...facts(ours ?? {}, 'spec')].sort()).toEqual([...facts(spec ?? {}, 'spec')].sort())
  })
})
