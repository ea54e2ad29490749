// Converting and translating gives what translating gives: for every manifest of the founding documents, and for objects
// that use everything a dialect has.
import { describe, expect, it } from 'vitest'
import { kinds } from '../../src/api/kinds.ts'
import { convertedYaml, convertManifests } from '../../src/cli/convert.ts'
import { crd } from '../../src/schema/crd.ts'
import { createValidator } from '../../src/schema/validate.ts'
import { objectSeeds, seed, standaloneSeeds } from '../seeds/seeds.ts'
import { contents, translated } from './world.ts'

const gateway = `
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: gw, namespace: ns}
spec: {gatewayClassName: agentgateway, listeners: [{name: http, port: 8080, protocol: HTTP, allowedRoutes: {namespaces: {from: All}}}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: r, namespace: ns}
spec:
  parentRefs: [{name: gw}]
  rules: [{name: one, backendRefs: [{name: b, group: gateway.kgateway.dev, kind: Backend}, {name: tools, group: gateway.kgateway.dev, kind: Backend}]}]
`
const secret = `
apiVersion: v1
kind: Secret
metadata: {name: s, namespace: ns}
stringData: {Authorization: Bearer k}
---
apiVersion: v1
kind: Service
metadata: {name: authz, namespace: ns}
spec: {ports: [{port: 80}]}
`
const backends = `
apiVersion: gateway.kgateway.dev/v1alpha1
kind: Backend
metadata: {name: b, namespace: ns}
spec:
  type: AI
  ai:
    priorityGroups:
      - providers: [{name: one, openai: {model: m, authToken: {kind: SecretRef, secretRef: {name: s}}}, authHeader: {headerName: x-key}}]
      - providers: [{name: two, bedrock: {region: eu-west-1}}]
---
apiVersion: gateway.kgateway.dev/v1alpha1
kind: Backend
metadata: {name: tools, namespace: ns}
spec: {mcp: {targets: [{name: t, static: {host: h, port: 80}}]}, type: MCP}
`
const policies = `
apiVersion: gateway.kgateway.dev/v1alpha1
kind: GatewayExtension
metadata: {name: ext, namespace: ns}
spec: {type: ExtAuth, extAuth: {grpcService: {backendRef: {name: authz}}}}
---
apiVersion: gateway.kgateway.dev/v1alpha1
kind: TrafficPolicy
metadata: {name: p, namespace: ns}
spec:
  targetRefs: [{kind: HTTPRoute, name: r}, {kind: Gateway, name: gw}, {kind: Backend, name: tools, group: gateway.kgateway.dev}]
  rbac: {action: Deny, policy: {matchExpressions: ['jwt.sub == "x"']}}
  extAuth: {extensionRef: {name: ext}}
  rateLimit: {local: {tokenBucket: {maxTokens: 20, tokensPerFill: 10, fillInterval: 1s}}}
  cors: {allowOrigins: ["*"]}
  csrf: {additionalOrigins: [{exact: "https://a.test"}]}
  timeouts: {request: 5s}
  retry: {attempts: 2, statusCodes: [503], perTryTimeout: 1s}
  buffer: {maxRequestSize: 1Mi}
  headerModifiers: {request: {add: [{name: a, value: b}]}}
  transformation: {request: {set: [{name: a, value: request.path}]}}
  ai: {promptGuard: {request: {regex: {builtins: [SSN]}, webhook: {host: {host: guard.test, port: 80}}}}, defaults: [{field: user, value: x}]}
`
const models = `
apiVersion: v1
kind: Secret
metadata: {name: keys, namespace: ns, labels: {agentkube.io/llmgateway: llm}}
stringData: {alice: '{"key": "1", "metadata": {"name": "alice"}}'}
---
apiVersion: agentkube.io/v1alpha1
kind: LLMGateway
metadata: {name: llm, namespace: ns}
spec:
  upstreams:
    - {name: a, provider: openai, credentialsRef: {name: s}, models: [x, y], priority: 1}
    - {name: b, provider: vllm, endpoint: "https://vllm.test/v1", models: [x], priority: 2}
  routing: {defaultModel: x, modelMap: [{from: z, to: y}]}
  rateLimit: {requestsPerMinute: 6, scope: perClient}
  guardrails: {piiRedaction: true, inputFilters: [prompt-injection]}
  auth: {mode: apikey}
---
apiVersion: agentkube.io/v1alpha1
kind: MCP
metadata: {name: servers, namespace: ns}
spec:
  upstreams:
    - {name: far, kind: http, endpoint: "https://mcp.test", tools: {mode: allow, allow: [a]}}
    - {name: near, kind: stdio, image: i, cmd: c, tools: {mode: deny, deny: [b]}}
`
const worlds: readonly (readonly [string, string])[] = [
  ...objectSeeds.map((name) => [name, seed(name)] as const),
  ['every kind of Backend', [gateway, secret, backends].join('---')],
  ['everything in a TrafficPolicy', [gateway, secret, backends, policies].join('---')],
  ['LLMGateway and MCP', [secret, models].join('---')],
]

const converted = async (text: string) => convertManifests(['-'], async () => text)

describe.each(worlds)('%s', (_, text) => {
  it('gives the same resources converted as it is', async () => {
    const { documents } = await converted(text)
    const [original, after] = await Promise.all([translated(text), translated(convertedYaml(documents))])
    expect(contents(after.resources)).toEqual(contents(original.resources))
    expect(original.resources.length).toBeGreaterThan(2)
  })

  it('is accepted by the schemas of our kinds once it is converted', async () => {
    const { documents } = await converted(text)
    const validator = createValidator(kinds.map(crd))
    const verdicts = documents.flatMap(({ object }) => validator.validate(object)?.problems ?? [])
    expect(verdicts).toEqual([])
  })

  it('stays what it is when it is converted again', async () => {
    const { documents } = await converted(text)
    const again = await converted(convertedYaml(documents))
    expect(again.documents.map(({ object }) => object)).toEqual(documents.map(({ object }) => object))
    expect(again.problems).toEqual([])
  })
})

describe.each(standaloneSeeds)('%s', (name) => {
  it('becomes objects that are accepted and attached', async () => {
    const { documents } = await converted(seed(name))
    const validator = createValidator(kinds.map(crd))
    const refusals = documents.flatMap(({ object }) => validator.validate(object)?.problems ?? [])
    expect(refusals).toEqual([])
    const seen = await translated(convertedYaml(documents))
    const conditions = seen.statuses.flatMap(({ kind, metadata }) => {
      const status = seen.statusOf(`${kind} ${metadata.namespace ?? ''}/${metadata.name}`)
      return [...(status.parents ?? []), ...(status.ancestors ?? [])].flatMap((each) => each.conditions)
    })
    const refused = conditions.filter((each) => each.status === 'False' && each.type !== 'Accepted')
    expect(refused).toEqual([])
  })
})
