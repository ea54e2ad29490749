import { expect, test } from 'vitest'
import type { Backend, BackendPolicySpec, Policy, Resource } from '../../wire/messages.ts'
import { type AttachedPolicy, backendPolicies } from './policies.ts'
import { proxyView } from './view.ts'

const name = { namespace: 'ns', name: 'ai' }
const tls: BackendPolicySpec = { backendTls: {}, kind: 'backendTls' }
const auth: BackendPolicySpec = { auth: { passthrough: {} }, kind: 'auth' }
const mcpAuthorization: BackendPolicySpec = { mcpAuthorization: {}, kind: 'mcpAuthorization' }

const policy = (own: string, backend: BackendPolicySpec, section?: string): Policy => ({
  ...{ key: own, name: { kind: 'AgentgatewayPolicy', namespace: 'ns', name: own }, backend },
  target: { backend: { ...name, ...(section === undefined ? {} : { section }) } },
})

/** Who has which kind on what, and to whom it yields. */
function listed(backend: Backend, policies: readonly Policy[], others: readonly Backend[] = []): readonly string[] {
  const resources: readonly Resource[] = [
    ...[backend, ...others].map((each) => ({ backend: each })),
    ...policies.map((each) => ({ policy: each })),
  ]
  const view = proxyView(resources, () => undefined)
  const way = { listener: {}, port: 80, routes: [] }
  return backendPolicies(view, way, { backend: { backend: backend.key } }).map(
    ({ from, kind, on, yieldsTo }: AttachedPolicy) =>
      `${kind} of ${from} on ${on}${yieldsTo === undefined ? '' : `; yields to ${yieldsTo}`}`,
  )
}

test('a policy for the section of a backend counts before those for all of it', () => {
  const ai: Backend = { key: 'ns/ai', name, ai: { providerGroups: [{ providers: [{ name: 'backend' }] }] } }
  expect(listed(ai, [policy('all', tls), policy('all-auth', auth), policy('one', tls, 'backend')])).toEqual([
    'backend.backendTls of AgentgatewayPolicy ns/one on backend ns/ai section backend',
    'backend.backendTls of AgentgatewayPolicy ns/all on backend ns/ai; yields to AgentgatewayPolicy ns/one (on backend ns/ai section backend)',
    'backend.auth of AgentgatewayPolicy ns/all-auth on backend ns/ai',
  ])
})

test('what a provider says of itself counts before a policy for its section', () => {
  const provider = { name: 'a', inlinePolicies: [auth] }
  const ai: Backend = { key: 'ns/ai', name, ai: { providerGroups: [{ providers: [provider] }] } }
  expect(listed(ai, [policy('one', auth, 'a')])).toEqual([
    'backend.auth of backend ns/ai section a on itself',
    'backend.auth of AgentgatewayPolicy ns/one on backend ns/ai section a; yields to backend ns/ai section a (on itself)',
  ])
})

test('a policy for a whole backend counts as long as one section has none of its own', () => {
  const sections = [{ providers: [{ name: 'a' }] }, { providers: [{ name: 'b' }] }]
  const ai: Backend = { key: 'ns/ai', name, ai: { providerGroups: sections } }
  const all = policy('all', tls)
  const a = policy('for-a', tls, 'a')
  expect(listed(ai, [all, a])).toEqual([
    'backend.backendTls of AgentgatewayPolicy ns/for-a on backend ns/ai section a',
    'backend.backendTls of AgentgatewayPolicy ns/all on backend ns/ai',
  ])
  expect(listed(ai, [all, a, policy('for-b', tls, 'b'), policy('for-c', tls, 'c')]).at(-1)).toBe(
    'backend.backendTls of AgentgatewayPolicy ns/all on backend ns/ai; yields to AgentgatewayPolicy ns/for-a (on backend ns/ai section a), AgentgatewayPolicy ns/for-b (on backend ns/ai section b)',
  )
})

test('the targets of an MCP backend are sections; rules about tools add up', () => {
  const mcp: Backend = {
    ...{ key: 'ns/ai', name },
    mcp: { targets: [{ name: 't', backend: { backend: 'ns/ai/t' } }] },
  }
  const target: Backend = { key: 'ns/ai/t', name, inlinePolicies: [auth] }
  const policies = [policy('all', mcpAuthorization), policy('one', mcpAuthorization, 't')]
  expect(listed(mcp, policies, [target])).toEqual([
    'backend.auth of backend ns/ai section t on itself',
    'backend.mcpAuthorization of AgentgatewayPolicy ns/one on backend ns/ai section t',
    'backend.mcpAuthorization of AgentgatewayPolicy ns/all on backend ns/ai',
  ])
})
