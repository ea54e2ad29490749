import { afterEach, expect, test, vi } from 'vitest'
import { convertedYaml, convertManifests } from './convert.ts'

afterEach(() => vi.restoreAllMocks())

const convert = (text: string) => convertManifests(['-'], async () => text)

const backend = `apiVersion: gateway.kgateway.dev/v1alpha1
kind: Backend
metadata: {name: b}
spec: {type: MCP, mcp: {name: x, targets: [{static: {name: t, host: h, port: 1}}]}}
`

test('says in a comment where an object comes from, and what it lost', async () => {
  const { documents, problems } = await convert(backend)
  expect(convertedYaml(documents)).toBe(`# from Backend default/b (standard input:1)
# spec.mcp.name has no effect: nothing shows it to clients; the shape with mcp.name is of kgateway before 2.1
apiVersion: agentgateway.dev/v1alpha1
kind: AgentgatewayBackend
metadata:
  name: b
spec:
  mcp:
    targets:
      - name: t
        static:
          host: h
          port: 1
`)
  expect(problems).toMatchObject([{ severity: 'warning', object: 'Backend default/b', path: 'spec.mcp.name', line: 4 }])
})

test('leaves what it need not change as it stands, in its order, and leads references along', async () => {
  const route = `apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: r}
spec: {rules: [{backendRefs: [{group: gateway.kgateway.dev, kind: Backend, name: b}]}]}
`
  const others =
    'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d}\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n'
  const { documents } = await convert([route, others, backend].join('---\n'))
  expect(documents.map(({ object }) => [object.kind, object.metadata])).toEqual([
    ['HTTPRoute', { name: 'r' }],
    ['Deployment', { name: 'd' }],
    ['ConfigMap', { name: 'c' }],
    ['AgentgatewayBackend', { name: 'b' }],
  ])
  expect(documents[0]?.object.spec).toEqual({
    rules: [{ backendRefs: [{ group: 'agentgateway.dev', kind: 'AgentgatewayBackend', name: 'b' }] }],
  })
})

test('finds what a policy refers to in any of the files, and leaves extensions out', async () => {
  const policy = `apiVersion: gateway.kgateway.dev/v1alpha1
kind: TrafficPolicy
metadata: {name: p, namespace: ns}
spec: {targetRefs: [{kind: HTTPRoute, name: r}], extAuth: {extensionRef: {name: e}}}
---
apiVersion: gateway.kgateway.dev/v1alpha1
kind: GatewayExtension
metadata: {name: e, namespace: ns}
spec: {type: ExtAuth, extAuth: {grpcService: {backendRef: {name: authz, port: 9000}}}}
`
  const { documents, problems } = await convert(policy)
  expect(problems).toEqual([])
  expect(documents.map(({ object }) => object)).toMatchObject([
    {
      kind: 'AgentgatewayPolicy',
      metadata: { name: 'p', namespace: 'ns' },
      spec: { traffic: { extAuth: { backendRef: { name: 'authz', namespace: 'ns', port: 9000 } } } },
    },
  ])
})

test('makes nothing of an object that cannot be carried over, and says why', async () => {
  const { documents, problems } = await convert(backend.replace('host: h, ', ''))
  expect(documents).toEqual([])
  expect(problems.filter(({ severity }) => severity === 'error')).toMatchObject([
    { path: 'spec.mcp.targets[0].static.host', message: 'is required' },
  ])
})

test('reports files that are not there and documents that are no YAML, and converts the rest', async () => {
  const missing = await convertManifests(['/does/not/exist'])
  expect(missing.problems).toMatchObject([{ reason: 'NotFound' }])
  const { documents, problems } = await convert(`{{ broken\n---\n${backend}`)
  expect(documents).toHaveLength(1)
  expect(problems.some(({ reason }) => reason === 'SyntaxError')).toBe(true)
})

test('takes a List apart', async () => {
  const list = `apiVersion: v1
kind: List
items:
  - {apiVersion: v1, kind: ConfigMap, metadata: {name: a}}
  - ${JSON.stringify({ apiVersion: 'gateway.kgateway.dev/v1alpha1', kind: 'Backend', metadata: { name: 'b' }, spec: { static: { hosts: [{ host: 'h', port: 1 }] } } })}
`
  const { documents } = await convert(list)
  expect(documents.map(({ object }) => object.kind)).toEqual(['ConfigMap', 'AgentgatewayBackend'])
})
