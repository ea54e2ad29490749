import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../kube/json.ts'
import { checkStandalone, isStandalone } from './check.ts'
import { mendEquals, mendPrefixes } from './rules.ts'

const withRoute = (route: JsonObject): JsonObject => ({ binds: [{ port: 3000, listeners: [{ routes: [route] }] }] })
const told = (config: JsonObject) =>
  checkStandalone(config).problems.map(({ path, message, severity }) => `${severity ?? 'error'} ${path}: ${message}`)
const ROUTE = 'binds[0].listeners[0].routes[0]'

describe('authentication as it was before 0.11', () => {
  const old = withRoute({
    policies: {
      mcpAuthentication: { issuer: 'i', jwksUrl: 'https://i/certs', audience: 'a', provider: { keycloak: {} } },
    },
  })

  it('is refused today, and mended', () => {
    expect(told(old)).toEqual([
      `error ${ROUTE}.policies.mcpAuthentication.jwksUrl: proxies before 0.11 called it jwksUrl; a current one refuses the whole file: write jwks: {url: …}`,
      `error ${ROUTE}.policies.mcpAuthentication.audience: proxies before 0.11 took one audience; a current one refuses the whole file: write audiences: […]`,
    ])
    expect(checkStandalone(old).corrected).toEqual(
      withRoute({
        policies: {
          mcpAuthentication: {
            issuer: 'i',
            provider: { keycloak: {} },
            jwks: { url: 'https://i/certs' },
            audiences: ['a'],
          },
        },
      }),
    )
  })

  it('is fine when it is mended', () => {
    const { corrected } = checkStandalone(old)
    expect(corrected && checkStandalone(corrected)).toEqual({ problems: [], corrected: undefined })
  })
})

describe('rules about tools', () => {
  const rules = (...list: (string | JsonObject)[]) =>
    withRoute({
      policies: { mcpAuthorization: { rules: list } },
      backends: [{ mcp: { targets: [{ name: 'everything' }, { name: 'time' }] } }],
    })

  it('with a single = are mended, and shown where', () => {
    const [problem] = told(rules('jwt.sub = "admin" && mcp.tool.name == "x"'))
    expect(problem).toContain(`${ROUTE}.policies.mcpAuthorization.rules[0]`)
    expect(problem).toContain('write jwt.sub == "admin" && mcp.tool.name == "x"')
    expect(problem).toContain('1:9')
  })

  it('with names that only clients see are split into target and name', () => {
    const verdict = checkStandalone(rules({ allow: 'mcp.tool.name in ["search", "everything_echo", "time_now"]' }))
    expect(verdict.problems.map(({ severity }) => severity)).toEqual(['warning'])
    expect(JSON.stringify(verdict.corrected)).toContain(
      JSON.stringify(
        'mcp.tool.name in ["search"] || (mcp.tool.target == "everything" && mcp.tool.name == "echo") || (mcp.tool.target == "time" && mcp.tool.name == "now")',
      ).slice(1, -1),
    )
  })

  it('that nothing is wrong with are left as they are', () => {
    expect(checkStandalone(rules('mcp.tool.name == "a"', { deny: 'mcp.tool.name == "b"' }))).toEqual({
      problems: [],
      corrected: undefined,
    })
  })

  it('that cannot be mended are refused', () => {
    expect(told(rules('mcp.tool.name =='))[0]).toContain('is not a CEL expression')
  })
})

it('single equals signs inside of strings and operators stay', () => {
  expect(mendEquals('a = "x = y" && b >= 1 && c != 2')).toBe('a == "x = y" && b >= 1 && c != 2')
  expect(mendEquals('a == 1')).toBeUndefined()
  expect(mendEquals('a = = 1')).toBeUndefined()
})

it('names are compared with targets that there are', () => {
  expect(mendPrefixes('mcp.tool.name == "git_hub"', ['time'])).toBeUndefined()
  expect(mendPrefixes("mcp.tool.name == 'time_now'", ['time'])?.expression).toBe(
    '(mcp.tool.target == "time" && mcp.tool.name == "now")',
  )
})

describe('what a proxy does not know', () => {
  it('is refused, with what was probably meant', () => {
    expect(told(withRoute({ polices: {} }))).toEqual([
      `error ${ROUTE}.polices: a current proxy does not know polices and refuses the whole file; did you mean policies?`,
    ])
    expect(told({ binds: [], bindz: [] })[0]).toContain('did you mean binds?')
  })

  it('is how half an address is written', () => {
    const at = (mcp: JsonObject) => told(withRoute({ backends: [{ mcp: { targets: [{ name: 'a', mcp }] } }] }))
    expect(at({ host: 'h', port: 1 })).toEqual([
      `error ${ROUTE}.backends[0].mcp.targets[0].mcp: port and path go together: set both, or write a URL as host`,
    ])
    expect(at({ port: 1 })[0]).toContain('host is required')
    for (const fine of [{ host: 'http://h/x' }, { host: 'h' }, { host: 'h', port: 1, path: '/' }])
      expect(at(fine)).toEqual([])
  })
})

it('two checks of one token on one route are pointed out', () => {
  expect(told(withRoute({ policies: { jwtAuth: {}, mcpAuthentication: {} } }))[0]).toContain('keep one of the two')
})

it('a file of a proxy is told from anything else', () => {
  expect(isStandalone({ binds: [] })).toBe(true)
  expect(isStandalone({ mcp: {} })).toBe(true)
  expect(isStandalone({ apiVersion: 'v1', kind: 'X', config: {} })).toBe(false)
  expect(isStandalone({ other: 1 })).toBe(false)
  expect(isStandalone([])).toBe(false)
})

it('nothing that a file may hold makes checking throw', () => {
  for (const binds of [
    null,
    [null],
    [{ listeners: [3] }],
    [{ listeners: [{ routes: [{ policies: [], backends: {} }] }] }],
  ]) {
    expect(checkStandalone({ binds }).problems).toEqual([])
  }
})
