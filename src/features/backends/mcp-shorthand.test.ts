import { describe, expect, it } from 'vitest'
import { expandMcpShorthand } from './mcp-shorthand.ts'

const backend = (...targets: readonly unknown[]) => ({
  apiVersion: 'agentgateway.dev/v1alpha1',
  kind: 'AgentgatewayBackend',
  metadata: { name: 'mcp-backend', namespace: 'kubelb' },
  spec: { mcp: { targets } },
})

describe('the shorthand of MCP targets', () => {
  it('moves the fields of a target under static and says what to write instead', () => {
    const { object, problems } = expandMcpShorthand(
      backend({ name: 'mcp-target', backendRef: { name: 'mcp-website-fetcher' }, port: 80, protocol: 'SSE' }),
    )
    expect(object.spec.mcp.targets).toEqual([
      { name: 'mcp-target', static: { backendRef: { name: 'mcp-website-fetcher' }, port: 80, protocol: 'SSE' } },
    ])
    expect(problems).toEqual([
      {
        reason: 'Invalid',
        severity: 'warning',
        path: 'spec.mcp.targets[0]',
        message:
          'write static.backendRef, static.port, static.protocol instead of backendRef, port, protocol: a target has these fields under static',
      },
    ])
  })

  it('leaves targets alone that are written as the API has them', () => {
    const object = backend({ name: 'a', static: { host: 'h', port: 1 } }, { name: 'b', selector: { services: {} } })
    expect(expandMcpShorthand(object)).toEqual({ object, problems: [] })
    expect(expandMcpShorthand(object).object).toBe(object)
  })

  it('refuses a target that has both forms and does not guess which is meant', () => {
    const object = backend({ name: 'a', port: 80, static: { host: 'h', port: 1 } })
    const { problems } = expandMcpShorthand(object)
    expect(problems.map((problem) => [problem.path, problem.severity])).toEqual([['spec.mcp.targets[0]', undefined]])
  })

  it('leaves other kinds and malformed objects alone', () => {
    for (const spec of [
      undefined,
      null,
      'x',
      { mcp: null },
      { mcp: { targets: 'x' } },
      { mcp: { targets: [null, 1] } },
    ]) {
      const object = { ...backend(), spec }
      expect(expandMcpShorthand(object)).toEqual({ object, problems: [] })
    }
    const policy = { ...backend({ name: 'a', port: 80 }), kind: 'AgentgatewayPolicy' }
    expect(expandMcpShorthand(policy)).toEqual({ object: policy, problems: [] })
  })
})
