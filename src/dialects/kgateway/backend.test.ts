import { describe, expect, it } from 'vitest'
import { carry, foreign, specsOf, told } from '../../../test/dialect-world.ts'
import { kgatewayBackend } from './backend.ts'

const become = (spec: string) => carry(kgatewayBackend, foreign(kgatewayBackend, 'b', spec))
const specOf = (spec: string) => specsOf(become(spec))['AgentgatewayBackend b']

describe('MCP', () => {
  it('reads targets of the first generation: names inside, selectors in the plural', () => {
    const carried = become(
      `{type: MCP, mcp: {name: virtual, targets: [
        {static: {name: one, host: h, port: 12001, protocol: StreamableHTTP}},
        {selectors: {serviceSelector: {matchLabels: {app: x}}, namespaceSelector: {matchLabels: {team: y}}}},
        {selectors: {serviceSelector: {matchLabels: {app: z}}}}]}}`,
    )
    expect(specsOf(carried)).toEqual({
      'AgentgatewayBackend b': {
        mcp: {
          targets: [
            { name: 'one', static: { host: 'h', port: 12001, protocol: 'StreamableHTTP' } },
            {
              name: 'selector-1',
              selector: { services: { matchLabels: { app: 'x' } }, namespaces: { matchLabels: { team: 'y' } } },
            },
            { name: 'selector-2', selector: { services: { matchLabels: { app: 'z' } } } },
          ],
        },
      },
    })
    expect(told(carried)).toEqual([
      '! spec.mcp.name: spec.mcp.name has no effect: nothing shows it to clients; the shape with mcp.name is of kgateway before 2.1',
    ])
  })

  it('reads targets of the second generation, with the protocol left open', () => {
    expect(
      specOf(
        `{type: MCP, mcp: {targets: [{name: t, static: {host: h, path: /mcp, port: 3000}},
          {name: s, selector: {service: {matchLabels: {a: b}}, namespace: {}}}]}}`,
      ),
    ).toEqual({
      mcp: {
        targets: [
          { name: 't', static: { host: 'h', path: '/mcp', port: 3000 } },
          { name: 's', selector: { services: { matchLabels: { a: 'b' } }, namespaces: {} } },
        ],
      },
    })
  })

  it.each([
    ['{static: {host: h, port: 1}}', 'spec.mcp.targets[0].name: a name is required'],
    ['{name: t, static: {port: 1}}', 'spec.mcp.targets[0].static.host: is required'],
    ['{name: t, static: {host: h, port: 0}}', 'spec.mcp.targets[0].static.port: must be between 1 and 65535'],
    [
      '{name: t, static: {host: h, port: 1, protocol: WS}}',
      'spec.mcp.targets[0].static.protocol: must be StreamableHTTP or SSE',
    ],
    ['{name: t}', 'spec.mcp.targets[0]: exactly one of selector and static must be set'],
    ['{name: t, selector: {}}', 'spec.mcp.targets[0].selector: a selector of Services or namespaces is required'],
    [
      '{name: T_1, static: {host: h, port: 1}}',
      'spec.mcp.targets[0].name: must consist of lower-case letters, digits, "-" and ".", and start and end with a letter or digit',
    ],
  ])('refuses the target %s, and says why', (target, problem) => {
    const carried = become(`{type: MCP, mcp: {targets: [${target}]}}`)
    expect(told(carried)).toEqual([problem])
    expect(specsOf(carried)).toEqual({ 'AgentgatewayBackend b': {} })
  })

  it('does not let the last of two targets of one name win', () => {
    const one = '{static: {name: t, host: h, port: 1}}'
    expect(told(become(`{type: MCP, mcp: {targets: [${one}, ${one}]}}`))).toEqual([
      'spec.mcp.targets[1]: the name t is already that of spec.mcp.targets[0]',
    ])
  })
})

describe('AI', () => {
  const token = 'authToken: {kind: SecretRef, secretRef: {name: s}}'

  it('reads a provider of 2.1 with its overrides', () => {
    expect(
      specOf(
        `{type: AI, ai: {llm: {openai: {model: m, ${token}}, host: h, port: 8443, path: {full: /p}, authHeader: {headerName: x-key, prefix: Token}}}}`,
      ),
    ).toEqual({
      ai: { provider: { openai: { model: 'm' }, host: 'h', port: 8443, path: '/p' } },
      policies: { auth: { secretRef: { name: 's' }, location: { header: { name: 'x-key', prefix: 'Token ' } } } },
    })
  })

  it('reads a provider of 2.0, which stands one level lower', () => {
    expect(
      specOf(
        `{type: AI, ai: {llm: {provider: {anthropic: {model: m, authToken: {kind: Inline, inline: "Bearer k"}}}, hostOverride: {host: h, port: 1}, pathOverride: {fullPath: /x}}}}`,
      ),
    ).toEqual({
      ai: { provider: { anthropic: { model: 'm' }, host: 'h', port: 1, path: '/x' } },
      policies: { auth: { key: 'k' } },
    })
  })

  it('reads groups by priority, and gives names to pools that had none', () => {
    const groups = (spec: string) => specOf(`{type: AI, ai: ${spec}}`)
    expect(groups(`{priorityGroups: [{providers: [{name: a, gemini: {model: m, ${token}}}]}]}`)).toEqual({
      ai: {
        groups: [
          { providers: [{ name: 'a', gemini: { model: 'm' }, policies: { auth: { secretRef: { name: 's' } } } }] },
        ],
      },
    })
    expect(
      groups(
        `{multipool: {priorities: [{pool: [{provider: {openai: {${token}}}}, {provider: {openai: {authToken: {kind: Passthrough}}}}]}, {pool: [{provider: {bedrock: {region: r}}}]}]}}`,
      ),
    ).toEqual({
      ai: {
        groups: [
          {
            providers: [
              { name: 'pool-0-0', openai: {}, policies: { auth: { secretRef: { name: 's' } } } },
              { name: 'pool-0-1', openai: {}, policies: { auth: { passthrough: {} } } },
            ],
          },
          { providers: [{ name: 'pool-1-0', bedrock: { region: 'r' }, policies: { auth: { aws: {} } } }] },
        ],
      },
    })
  })

  it('maps what providers need', () => {
    const provider = (spec: string) => specOf(`{type: AI, ai: {llm: {${spec}}}}`)
    expect(
      provider(`azureopenai: {endpoint: r.openai.azure.com, deploymentName: d, apiVersion: v, ${token}}`),
    ).toMatchObject({
      ai: { provider: { azureopenai: { endpoint: 'r.openai.azure.com', deploymentName: 'd', apiVersion: 'v' } } },
    })
    expect(provider(`vertexai: {projectId: p, location: l, model: m, publisher: GOOGLE, ${token}}`)).toMatchObject({
      ai: { provider: { vertexai: { projectId: 'p', region: 'l', model: 'm' } } },
    })
    expect(
      provider(`bedrock: {auth: {type: Secret, secretRef: {name: aws}}, guardrail: {identifier: i, version: "1"}}`),
    ).toEqual({
      ai: { provider: { bedrock: { guardrail: { identifier: 'i', version: '1' } } } },
      policies: { auth: { aws: { secretRef: { name: 'aws' } } } },
    })
  })

  it('asks no provider without its credential', () => {
    expect(told(become('{type: AI, ai: {llm: {openai: {model: m}}}}'))).toEqual([
      'spec.ai.llm.openai.authToken: a credential is required: authToken with kind SecretRef, Inline or Passthrough',
    ])
    expect(told(become('{type: AI, ai: {llm: {openai: {authToken: {kind: SecretRef}}}}}'))).toEqual([
      'spec.ai.llm.openai.authToken.secretRef: the name of the Secret is required',
    ])
  })

  it('says what of a provider has no effect', () => {
    expect(told(become(`{type: AI, ai: {llm: {anthropic: {apiVersion: v, ${token}}}}}`))).toEqual([
      '! spec.ai.llm.anthropic.apiVersion: spec.ai.llm.anthropic.apiVersion has no effect: agentgateway knows which version of the API to ask for',
    ])
  })

  it('does not drop groups beyond those that fit', () => {
    const groups = Array.from({ length: 9 }, (_, i) => `{providers: [{name: p${i}, openai: {${token}}}]}`)
    expect(told(become(`{type: AI, ai: {priorityGroups: [${groups.join()}]}}`))).toEqual([
      'spec.ai: an AgentgatewayBackend has at most 8 groups, not 9',
    ])
  })
})

describe('other types', () => {
  it('are a fixed host, and whatever a request names', () => {
    expect(specOf('{type: Static, static: {hosts: [{host: h, port: 80}], appProtocol: grpc}}')).toEqual({
      static: { host: 'h', port: 80 },
      policies: { http: { version: 'HTTP2' } },
    })
    expect(specOf('{type: DynamicForwardProxy, dynamicForwardProxy: {enableTls: true}}')).toEqual({
      dynamicForwardProxy: {},
      policies: { tls: {} },
    })
    expect(specOf('{type: DynamicForwardProxy}')).toEqual({ dynamicForwardProxy: {} })
  })

  it('are refused where agentgateway has nothing like them', () => {
    expect(told(become('{type: AWS, aws: {accountId: "1", lambda: {functionName: f}}}'))).toEqual([
      'spec.aws: agentgateway cannot call AWS Lambda; keep this Backend with a gateway that can',
    ])
    expect(told(become('{type: Static, static: {hosts: [{host: a, port: 1}, {host: b, port: 1}]}}'))).toEqual([
      'spec.static.hosts: exactly one host is supported, not 2',
    ])
    expect(told(become('{type: GCP, gcp: {host: h}}'))[0]).toContain('write an AgentgatewayBackend')
    expect(told(become('{}'))[0]).toContain('one of ai, aws, static, dynamicForwardProxy, mcp must be set')
    expect(told(become('{type: MCP, static: {hosts: []}}'))).toEqual([
      'spec.static: does not go with type MCP',
      'spec.mcp: type MCP needs spec.mcp',
    ])
  })

  it('are recognised by their only block where no type is given', () => {
    expect(specOf('{static: {hosts: [{host: h, port: 80}]}}')).toEqual({ static: { host: 'h', port: 80 } })
  })

  it('never make reading throw', () => {
    for (const spec of [
      'null',
      '[]',
      '{type: 3, mcp: []}',
      '{mcp: {targets: [null, 3, {static: []}]}}',
      '{ai: {llm: 1}}',
    ]) {
      expect(told(become(spec)).length).toBeGreaterThan(0)
    }
  })
})
