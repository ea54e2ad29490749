import { describe, expect, it } from 'vitest'
import { carry, foreign, specsOf, told } from '../../../test/dialect-world.ts'
import type { KubeObject } from '../../kube/object.ts'
import { kgatewayBackend } from './backend.ts'
import { kgatewayTrafficPolicy } from './traffic-policy.ts'

const extensionKind = { group: 'gateway.kgateway.dev', kind: 'GatewayExtension' }
const world: readonly KubeObject[] = [
  foreign(kgatewayBackend, 'tools', '{type: MCP, mcp: {targets: [{name: t, static: {host: h, port: 1}}]}}'),
  foreign(kgatewayBackend, 'fixed', '{type: Static, static: {hosts: [{host: h, port: 1}]}}'),
  foreign(
    extensionKind,
    'auth',
    '{type: ExtAuth, extAuth: {grpcService: {backendRef: {name: authz}}, failOpen: true, withRequestBody: {maxRequestBytes: 10}}}',
  ),
  foreign(
    extensionKind,
    'limits',
    '{type: RateLimit, rateLimit: {domain: d, grpcService: {backendRef: {name: rls, port: 8081}}}}',
  ),
  foreign(extensionKind, 'proc', '{type: ExtProc, extProc: {grpcService: {backendRef: {name: p, port: 9}}}}'),
]
const become = (spec: string) => carry(kgatewayTrafficPolicy, foreign(kgatewayTrafficPolicy, 'p', spec), world)
const onRoute = (spec: string) =>
  become(`{targetRefs: [{group: gateway.networking.k8s.io, kind: HTTPRoute, name: r}], ${spec}}`)
const trafficOf = (spec: string) => {
  const carried = onRoute(spec)
  const [policy] = Object.values(specsOf(carried))
  return { traffic: Object(policy).traffic, told: told(carried) }
}

const httpRoute = { group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', name: 'r' }

describe('targets', () => {
  const rbac = `rbac: {policy: {matchExpressions: ['mcp.tool.name == "a"']}}`

  it('of a wrong group are meant all the same, with a warning', () => {
    const carried = become(`{targetRefs: [{name: tools, kind: Backend, group: gateway.networking.k8s.io}], ${rbac}}`)
    expect(specsOf(carried)).toEqual({
      'AgentgatewayPolicy p': {
        targetRefs: [{ group: 'agentgateway.dev', kind: 'AgentgatewayBackend', name: 'tools' }],
        backend: { mcp: { authorization: { policy: { matchExpressions: ['mcp.tool.name == "a"'] } } } },
      },
    })
    expect(told(carried)).toEqual([
      '! spec.targetRefs[0].group: the group of Backend is gateway.kgateway.dev, not "gateway.networking.k8s.io"; the policy is applied all the same',
    ])
  })

  it('of two kinds become two policies, each with the meaning that rules have there', () => {
    const carried = become(
      `{targetRefs: [{kind: Backend, name: tools, group: gateway.kgateway.dev}, {kind: HTTPRoute, name: r}, {kind: Gateway, name: g, sectionName: l}],
        rbac: {action: Deny, policy: {matchExpressions: ['jwt.sub == "x"']}}}`,
    )
    const authorization = { action: 'Deny', policy: { matchExpressions: ['jwt.sub == "x"'] } }
    expect(specsOf(carried)).toEqual({
      'AgentgatewayPolicy p-backend': {
        targetRefs: [{ group: 'agentgateway.dev', kind: 'AgentgatewayBackend', name: 'tools' }],
        backend: { mcp: { authorization } },
      },
      'AgentgatewayPolicy p-httproute': { targetRefs: [httpRoute], traffic: { authorization } },
      'AgentgatewayPolicy p-gateway': {
        targetRefs: [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'g', sectionName: 'l' }],
        traffic: { authorization },
      },
    })
    expect(told(carried)).toEqual([])
    expect(carried.targets?.map(({ ref, policy }) => [ref.kind, policy?.name])).toEqual([
      ['Backend', 'p-backend'],
      ['HTTPRoute', 'p-httproute'],
      ['Gateway', 'p-gateway'],
    ])
  })

  it('that are missing or cannot be checked cost the others nothing', () => {
    const carried = become(
      `{targetRefs: [{kind: Backend, name: gone, group: gateway.kgateway.dev}, {kind: Backend, name: fixed, group: gateway.kgateway.dev},
        {kind: XListenerSet, name: x}, {kind: Backend, name: tools, group: gateway.kgateway.dev}], ${rbac}}`,
    )
    expect(Object.keys(specsOf(carried))).toEqual(['AgentgatewayPolicy p'])
    expect(told(carried)).toEqual([
      'spec.targetRefs[0]: Backend gone not found',
      'spec.targetRefs[1]: rbac at a Backend says which tools may be used, and Backend fixed is not of type MCP',
      'spec.targetRefs[2].kind: XListenerSet cannot be targeted; write a ListenerSet and an AgentgatewayPolicy for it',
    ])
  })

  it('that are Gateways of other controllers are left to those', () => {
    const gateway = (gatewayClassName: string): KubeObject => ({
      ...{ apiVersion: 'gateway.networking.k8s.io/v1', kind: 'Gateway', metadata: { name: 'gw', namespace: 'ns' } },
      ...{ spec: { gatewayClassName } },
    })
    const spec = '{targetRefs: [{group: gateway.networking.k8s.io, kind: Gateway, name: gw}], timeouts: {request: 1s}}'
    const become = (className: string) =>
      carry(kgatewayTrafficPolicy, foreign(kgatewayTrafficPolicy, 'p', spec), [gateway(className)])
    expect(become('kgateway')).toMatchObject({ made: [], problems: [], targets: [] })
    expect(become('agentgateway').targets).toHaveLength(1)
  })

  it('by labels are read, unlike in kgateway itself', () => {
    expect(
      specsOf(become('{targetSelectors: [{kind: HTTPRoute, matchLabels: {a: b}}], timeouts: {request: 5s}}')),
    ).toEqual({
      'AgentgatewayPolicy p': {
        targetSelectors: [{ group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', matchLabels: { a: 'b' } }],
        traffic: { timeouts: { request: '5s' } },
      },
    })
  })

  it('where tools are unknown make a rule about tools useless, which is said', () => {
    expect(told(onRoute(rbac))).toEqual([
      '! spec.rbac.policy.matchExpressions: mcp.* is only known where an MCP Backend is targeted; on a Gateway or route the rule never matches',
    ])
  })

  it('that are Backends take nothing but rbac and ai', () => {
    expect(
      told(
        become('{targetRefs: [{kind: Backend, name: fixed, group: gateway.kgateway.dev}], timeouts: {request: 5s}}'),
      ),
    ).toEqual(['! spec.timeouts: spec.timeouts has no effect: at a Backend only rbac and ai apply'])
  })

  it('are required', () => {
    expect(told(become('{timeouts: {request: 5s}}'))).toEqual([
      'spec.targetRefs: a target is required: targetRefs or targetSelectors',
    ])
  })
})

describe('rules', () => {
  it('that are none let nobody in', () => {
    const { traffic, told } = trafficOf('rbac: {policy: {matchExpressions: []}}')
    expect(traffic.authorization).toEqual({ action: 'Require', policy: { matchExpressions: ['false'] } })
    expect(told).toEqual(['spec.rbac.policy: at least one expression is required'])
  })
})

describe('services that are asked', () => {
  it('are found where the extension is', () => {
    expect(trafficOf('extAuth: {extensionRef: {name: auth}, contextExtensions: {a: b}}').traffic.extAuth).toEqual({
      backendRef: { name: 'authz', namespace: 'ns', port: 80 },
      failureMode: 'FailOpen',
      forwardBody: { maxSize: 10 },
      grpc: { contextExtensions: { a: 'b' } },
    })
    expect(
      trafficOf(
        'extProc: {extensionRef: {name: proc}, processingMode: {requestBodyMode: BUFFERED, requestHeaderMode: SKIP}}',
      ).traffic.extProc,
    ).toEqual({
      backendRef: { name: 'p', namespace: 'ns', port: 9 },
      processingOptions: { requestBodyMode: 'Buffered', requestHeaderMode: 'Skip' },
    })
  })

  it('are not asked where that is switched off, whatever the Gateway says', () => {
    expect(trafficOf('extAuth: {disable: {}}').traffic.extAuth).toEqual({
      conditional: [{ condition: 'false', policy: { url: 'http://ext-auth.invalid', grpc: {} } }],
    })
  })

  it('must be there, and of the right type', () => {
    expect(trafficOf('extAuth: {extensionRef: {name: gone}}').told).toEqual([
      'spec.extAuth.extensionRef: GatewayExtension ns/gone not found',
    ])
    expect(trafficOf('extAuth: {extensionRef: {name: limits}}').told).toEqual([
      'spec.extAuth.extensionRef: GatewayExtension ns/limits is not of type ExtAuth',
    ])
    expect(trafficOf('extAuth: {}').told).toEqual([
      'spec.extAuth.extensionRef: the name of a GatewayExtension of type ExtAuth is required',
    ])
  })

  it('limit rates by descriptors, open while they cannot be asked unless told otherwise', () => {
    const entries = `[{type: Generic, generic: {key: k, value: v}}, {type: Header, header: X-User}, {type: RemoteAddress}, {type: Path}]`
    expect(
      trafficOf(`rateLimit: {global: {extensionRef: {name: limits}, descriptors: [{entries: ${entries}}]}}`).traffic
        .rateLimit,
    ).toEqual({
      global: {
        backendRef: { name: 'rls', namespace: 'ns', port: 8081 },
        domain: 'd',
        failureMode: 'FailOpen',
        descriptors: [
          {
            entries: [
              { name: 'k', expression: '"v"' },
              { name: 'X-User', expression: 'request.headers["x-user"]' },
              { name: 'remote_address', expression: 'source.address' },
              { name: 'path', expression: 'request.path' },
            ],
          },
        ],
      },
    })
  })
})

describe('token buckets', () => {
  const limit = (bucket: string) => {
    const { traffic, told } = trafficOf(`rateLimit: {local: {tokenBucket: ${bucket}}}`)
    return [traffic?.rateLimit?.local?.[0], told.map((each) => each.slice(each.indexOf(': ') + 2))]
  }

  it.each([
    ['{maxTokens: 600, tokensPerFill: 600, fillInterval: 1m}', { requests: 600, unit: 'Minutes' }, []],
    ['{maxTokens: 20, tokensPerFill: 10, fillInterval: 1s}', { requests: 10, unit: 'Seconds', burst: 10 }, []],
    ['{maxTokens: 100, tokensPerFill: 100, fillInterval: 10s}', { requests: 10, unit: 'Seconds', burst: 90 }, []],
    ['{maxTokens: 5, tokensPerFill: 1, fillInterval: 30s}', { requests: 2, unit: 'Minutes', burst: 3 }, []],
    [
      '{maxTokens: 1, fillInterval: 500ms}',
      { requests: 2, unit: 'Seconds' },
      ['becomes 2 per second, so that 2 requests may pass at once instead of 1'],
    ],
    [
      '{maxTokens: 10, tokensPerFill: 10, fillInterval: 7s}',
      { requests: 1, unit: 'Seconds', burst: 9 },
      ['becomes 1 per second, which is not quite the same'],
    ],
  ])('%s is scaled, never cut off', (bucket, expected, problems) => {
    expect(limit(bucket)).toEqual([expected, problems])
  })

  it('without a usable interval are refused', () => {
    expect(limit('{maxTokens: 1, fillInterval: 10ms}')[1]).toEqual(['must be a duration of at least 50ms'])
    expect(limit('{maxTokens: 0, fillInterval: soon}')[1]).toEqual([
      'must be at least 1',
      'must be a duration of at least 50ms',
    ])
  })
})

describe('what kgateway never sent to agentgateway', () => {
  it('is carried over', () => {
    const { traffic, told } = trafficOf(
      `cors: {allowOrigins: ["*"], maxAge: 5}, csrf: {additionalOrigins: [{exact: "https://a.test"}]}, autoHostRewrite: true,
       headerModifiers: {request: {set: [{name: a, value: b}]}}, buffer: {maxRequestSize: 64Ki}, timeouts: {request: 30s},
       retry: {attempts: 3, statusCodes: [503, 429], retryOn: [gateway-error], backoffBaseInterval: 25ms, perTryTimeout: 2s}`,
    )
    expect(told).toEqual([])
    expect(traffic).toEqual({
      cors: { allowOrigins: ['*'], maxAge: 5 },
      csrf: { additionalOrigins: ['https://a.test'] },
      hostRewrite: { mode: 'Auto' },
      headerModifiers: { request: { set: [{ name: 'a', value: 'b' }] } },
      buffer: { request: { maxBytes: '64Ki' } },
      timeouts: { request: '30s' },
      retry: { attempts: 3, backoff: '25ms', codes: [429, 502, 503, 504] },
    })
    const [policy] = Object.values(specsOf(onRoute('retry: {attempts: 1, perTryTimeout: 2s}')))
    expect(policy).toMatchObject({ backend: { http: { requestTimeout: '2s' } } })
  })

  it('is named where it cannot be', () => {
    const { told } = trafficOf(
      `csrf: {percentageShadowed: {numerator: 5}, additionalOrigins: [{prefix: a}]}, timeouts: {streamIdle: 5s},
       retry: {retryOn: [reset]}, compression: {}, ai: {routeType: CHAT}`,
    )
    expect(told.map((each) => each.slice(0, each.indexOf(':')))).toEqual([
      '! spec.ai.routeType',
      '! spec.csrf.percentageShadowed',
      '! spec.csrf.additionalOrigins[0].prefix',
      '! spec.timeouts.streamIdle',
      '! spec.retry.retryOn[0]',
      '! spec.compression',
    ])
  })
})

describe('transformations', () => {
  it('are CEL already, or refused', () => {
    const { traffic, told } = trafficOf(
      `transformation: {request: {set: [{name: a, value: 'request.path'}, {name: b, value: '{{ header("x") }}'}], remove: [c],
        body: {parseAs: AsJson, value: 'json(request.body).x'}}, response: {add: [{name: d, value: 'plain text'}]}}`,
    )
    expect(traffic.transformation).toEqual({
      request: { set: [{ name: 'a', value: 'request.path' }], remove: ['c'], body: 'json(request.body).x' },
    })
    expect(told).toEqual([
      '! spec.transformation.request.body.parseAs: spec.transformation.request.body.parseAs has no effect: expressions parse bodies themselves: json(request.body)',
      'spec.transformation.request.set[1].value: this looks like an Inja template; agentgateway takes CEL, such as request.headers["x-user"]',
      expect.stringContaining('spec.transformation.response.add[0].value: is not a CEL expression'),
    ])
  })
})

describe('prompts', () => {
  it('are guarded by each guard on its own; webhooks by host become backends', () => {
    const carried = onRoute(
      `ai: {promptEnrichment: {prepend: [{role: SYSTEM, content: be kind}]},
        promptGuard: {request: {regex: {builtins: [SSN, EMAIL], matches: [{pattern: p, name: n}], action: REJECT},
          customResponse: {message: no, statusCode: 400}, webhook: {host: {host: guard.test, port: 8000}},
          moderation: {openAIModeration: {authToken: {kind: SecretRef, secretRef: {name: s}}, model: m}}},
          response: {regex: {builtins: [CREDIT_CARD]}}},
        defaults: [{field: temperature, value: "0.5"}, {field: user, value: me, override: true}]}`,
    )
    const response = { message: 'no', statusCode: 400 }
    expect(told(carried)).toEqual([])
    expect(specsOf(carried)).toEqual({
      'AgentgatewayPolicy p': {
        targetRefs: [httpRoute],
        backend: {
          ai: {
            prompt: { prepend: [{ role: 'system', content: 'be kind' }] },
            promptGuard: {
              request: [
                { regex: { action: 'Reject', builtins: ['Ssn', 'Email'], matches: ['p'] }, response },
                {
                  webhook: {
                    backendRef: { group: 'agentgateway.dev', kind: 'AgentgatewayBackend', name: 'p-request-webhook' },
                  },
                  response,
                },
                {
                  openAIModeration: { model: 'm', policies: { auth: { secretRef: { name: 's' } } } },
                  response,
                },
              ],
              response: [{ regex: { builtins: ['CreditCard'] } }],
            },
            defaults: [{ field: 'temperature', value: 0.5 }],
            overrides: [{ field: 'user', value: 'me' }],
          },
        },
      },
      'AgentgatewayBackend p-request-webhook': { static: { host: 'guard.test', port: 8000 } },
    })
  })
})
