// Rules that people get wrong, from manifest to wire and status: what cannot be read closes what it protects and says
// where and what to write instead; what can never match is said, too.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { translateManifests } from '../../src/cli/translate.ts'
import { DEFAULT_TRANSLATE_SETTINGS } from '../../src/translate/settings.ts'

const WORLD = `
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: gw, namespace: ns}
spec: {gatewayClassName: agentgateway, listeners: [{name: http, protocol: HTTP, port: 8080}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: route, namespace: ns}
spec:
  parentRefs: [{name: gw}]
  rules:
    - backendRefs: [{group: agentgateway.dev, kind: AgentgatewayBackend, name: tools}]
    - matches: [{path: {value: /selected}}]
      backendRefs: [{group: agentgateway.dev, kind: AgentgatewayBackend, name: selected}]
---
apiVersion: v1
kind: Service
metadata: {name: time, namespace: ns, labels: {app: mcp}}
spec: {ports: [{name: mcp, port: 80, appProtocol: agentgateway.dev/mcp}]}
---
`
const tools = (policies = '{}') => `
apiVersion: agentgateway.dev/v1alpha1
kind: AgentgatewayBackend
metadata: {name: tools, namespace: ns}
spec:
  mcp: {targets: [{name: everything, static: {host: a.example, port: 80}}, {name: other, static: {host: b.example, port: 80}}]}
  ${policies === '{}' ? '' : `policies: ${policies}`}
---
`
const selected = (policies: string) => `
apiVersion: agentgateway.dev/v1alpha1
kind: AgentgatewayBackend
metadata: {name: selected, namespace: ns}
spec:
  mcp: {targets: [{name: all, selector: {services: {matchLabels: {app: mcp}}}}]}
  policies: ${policies}
---
`
const policy = (target: string, spec: string) => `
apiVersion: agentgateway.dev/v1alpha1
kind: AgentgatewayPolicy
metadata: {name: rules, namespace: ns}
spec: {targetRefs: [${target}], ${spec}}
---
`
const ROUTE = '{group: gateway.networking.k8s.io, kind: HTTPRoute, name: route}'
const GATEWAY = '{group: gateway.networking.k8s.io, kind: Gateway, name: gw}'
const TOOLS = '{group: agentgateway.dev, kind: AgentgatewayBackend, name: tools}'

async function translate(text: string) {
  const folder = mkdtempSync(join(tmpdir(), 'agwcp-rules-'))
  writeFileSync(join(folder, 'a.yaml'), WORLD + text)
  const output = await translateManifests({
    filename: [folder],
    crds: [],
    settings: DEFAULT_TRANSLATE_SETTINGS,
    isAdmitted: false,
    now: '2026-01-01T00:00:00Z',
  })
  rmSync(folder, { recursive: true })
  expect(output.failures).toEqual([])
  return output
}

interface Conditions {
  readonly conditions?: readonly { readonly type: string; readonly status: string; readonly message: string }[]
  readonly ancestors?: readonly Conditions[]
}

function accepted(output: Awaited<ReturnType<typeof translate>>, kind: string, name: string) {
  const found = output.statuses.find((each) => each.kind === kind && each.metadata.name === name)
  // Statuses are printed as any JSON; these have conditions, of their own or per ancestor.
  const status = found?.status as Conditions | undefined
  const conditions = status?.conditions ?? status?.ancestors?.[0]?.conditions
  const { status: state, message } = conditions?.find(({ type }) => type === 'Accepted') ?? {}
  return { state, message }
}

const DENY = `authorization: {action: Deny, policy: {matchExpressions: ['jwt.sub = "admin"']}}`
const CLOSED = { deny: ['jwt.sub = "admin"'], require: ['false'] }

test.each([
  ['of requests', ROUTE, `traffic: {${DENY}}`, { traffic: { authorization: CLOSED } }],
  ['of MCP tools', TOOLS, `backend: {mcp: {${DENY}}}`, { backend: { mcpAuthorization: CLOSED } }],
  [
    'of connections',
    GATEWAY,
    `frontend: {networkAuthorization: ${DENY.slice(15)}}`,
    { frontend: { networkAuthorization: CLOSED } },
  ],
])('a rule %s that denies and cannot be read closes what it protects', async (_, target, section, wire) => {
  const output = await translate(tools() + policy(target, section))
  const { state, message } = accepted(output, 'AgentgatewayPolicy', 'rules')
  expect(state).toBe('False')
  expect(message).toContain('jwt.sub = "admin"')
  expect(message).toMatch(/1:9|column 9/)
  expect(message).toContain('write == to compare')
  expect(message).toContain('everything is denied until this rule is mended')
  const sent = output.resources.filter(({ name }) => name.includes('ns/rules'))
  expect(sent.map(({ resource }) => resource)).toEqual([{ policy: expect.objectContaining(wire) }])
})

test('a backend with such a rule is not served at all', async () => {
  const output = await translate(tools(`{mcp: {${DENY}}}`))
  const { state, message } = accepted(output, 'AgentgatewayBackend', 'tools')
  expect(state).toBe('False')
  expect(message).toContain('write == to compare')
  expect(output.resources.map(({ name }) => name)).not.toContain('backend/ns/tools')
})

test('a rule that allows and cannot be read lets nobody in by itself, and is told', async () => {
  const rules = `authorization: {policy: {matchExpressions: ['jwt.sub = "admin"']}}`
  const output = await translate(tools() + policy(ROUTE, `traffic: {${rules}}`))
  expect(accepted(output, 'AgentgatewayPolicy', 'rules')).toEqual({
    state: 'True',
    message: expect.stringContaining('write == to compare'),
  })
  const [sent] = output.resources.filter(({ name }) => name.includes('ns/rules'))
  expect(sent?.resource).toMatchObject({ policy: { traffic: { authorization: { allow: ['jwt.sub = "admin"'] } } } })
})

const PREFIXED = (name: string) => `{authorization: {policy: {matchExpressions: ['mcp.tool.name == "${name}"']}}}`
const ADVICE = (target: string, name: string) =>
  expect.stringContaining(`write mcp.tool.target == "${target}" && mcp.tool.name == "${name}"`)

test.each([
  [
    'of the backend itself',
    tools(`{mcp: ${PREFIXED('everything_echo')}}`),
    'AgentgatewayBackend ns/tools',
    'spec.policies',
    ADVICE('everything', 'echo'),
  ],
  [
    'of a policy at the backend',
    tools() + policy(TOOLS, `backend: {mcp: ${PREFIXED('other_a_b')}}`),
    'AgentgatewayPolicy ns/rules',
    'spec.backend',
    ADVICE('other', 'a_b'),
  ],
  [
    'about selected Services',
    tools() + selected(`{mcp: ${PREFIXED('time-mcp_now')}}`),
    'AgentgatewayBackend ns/selected',
    'spec.policies',
    ADVICE('time-mcp', 'now'),
  ],
])(
  'a rule %s that names a tool as clients see it is told how to name it',
  async (_, text, object, section, message) => {
    const output = await translate(text)
    expect(output.problems.filter(({ severity }) => severity === 'error')).toEqual(
      text.includes('name: selected, namespace')
        ? []
        : [expect.objectContaining({ message: expect.stringContaining('ns/selected') })],
    )
    expect(output.problems.filter(({ severity }) => severity === 'warning')).toEqual([
      expect.objectContaining({
        object,
        path: `${section}.mcp.authorization.policy.matchExpressions[0]`,
        message,
        line: expect.any(Number),
      }),
    ])
    const [, kind = '', name = ''] = /^(\w+) ns\/(.*)$/.exec(object) ?? []
    expect(accepted(output, kind, name).state).toBe('True')
  },
)
