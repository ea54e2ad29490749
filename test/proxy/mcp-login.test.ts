// The blog's login through a real proxy: its file as `agwcp convert` carries it over, tokens of an OpenID provider made for
// the test, and the protocol's own client, which finds its way from a refusal to a token by itself.
import { randomUUID } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { OAuthClientProvider } from '@modelcontextprotocol/sdk/client/auth.js'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import type { OAuthClientInformationMixed, OAuthTokens } from '@modelcontextprotocol/sdk/shared/auth.js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { convertedYaml, convertManifests } from '../../src/cli/convert.ts'
import { freePorts } from '../ports.ts'
import { seed } from '../seeds/seeds.ts'
import { tokenIssuer } from '../token-issuer.ts'
import {
  ask,
  atEnd,
  type ControlPlane,
  endAll,
  PROXY_BINARY,
  type RunningProxy,
  serve,
  startProxy,
  synced,
  temporaryFolder,
  until,
  warnIfSkipped,
} from './lab.ts'
import { call, INITIALIZE, type McpServer, mcpServer, post, toolNames, toolsOf } from './mcp-lab.ts'

warnIfSkipped('MCP clients that log in')

const PATH = '/github/mcp'
const KEYCLOAK = 'http://keycloak.192.168.49.2.nip.io'

interface Provider {
  readonly issuer: string
  /** Requests of clients that registered. */
  readonly registrations: string[]
  /** A token with these claims over the usual ones. */
  token(claims: object): string
}

/** A realm as Keycloak has them: metadata, a login that lets the admin in at once, tokens for codes, registration. */
async function openIdProvider(): Promise<Provider> {
  const { keySet, token: signed } = tokenIssuer()
  const registrations: string[] = []
  const codes = new Set<string>()
  const token = (claims: object): string => {
    const now = Math.floor(Date.now() / 1000)
    return signed({ iss: issuer, aud: 'mcp_proxy', sub: 'user', iat: now, exp: now + 600, ...claims })
  }
  const server = createServer(async (request, response) => {
    const body = await text(request)
    const { pathname, searchParams } = new URL(request.url ?? '', issuer)
    const send = (status: number, answer: object): void => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer))
    }
    const protocol = `${issuer}/protocol/openid-connect`
    if (pathname.includes('/.well-known/')) {
      send(200, {
        ...{ issuer, authorization_endpoint: `${protocol}/auth`, token_endpoint: `${protocol}/token` },
        ...{ jwks_uri: `${protocol}/certs`, registration_endpoint: `${issuer}/clients-registrations/openid-connect` },
        ...{ response_types_supported: ['code'], code_challenge_methods_supported: ['S256'] },
        ...{ grant_types_supported: ['authorization_code'], token_endpoint_auth_methods_supported: ['none'] },
      })
    } else if (pathname.endsWith('/certs')) {
      send(200, keySet)
    } else if (pathname.endsWith('/clients-registrations/openid-connect')) {
      registrations.push(body)
      send(201, { ...JSON.parse(body), client_id: 'registered' })
    } else if (pathname.endsWith('/auth')) {
      const code = randomUUID()
      codes.add(code)
      const location = new URL(searchParams.get('redirect_uri') ?? '')
      location.searchParams.set('code', code)
      response.writeHead(302, { location: String(location) }).end()
    } else if (pathname.endsWith('/token') && codes.delete(new URLSearchParams(body).get('code') ?? '')) {
      send(200, { access_token: token({ sub: 'admin' }), token_type: 'Bearer', expires_in: 600 })
    } else send(404, {})
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  atEnd(() => {
    server.close()
    server.closeAllConnections()
  })
  // A server that listens on a port has an address with one.
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}/realms/mcp`
  return { issuer, registrations, token }
}

describe.runIf(PROXY_BINARY !== undefined)("the blog's login on a real proxy", () => {
  let port = 0
  let folder: string
  let converted: string
  let provider: Provider
  let server: McpServer
  let controlPlane: ControlPlane
  let proxy: RunningProxy

  beforeAll(async () => {
    const [listener = 0] = await freePorts(1)
    port = listener
    server = await mcpServer(['get_me', 'delete_repository', 'other'])
    provider = await openIdProvider()
    folder = temporaryFolder()
    const printed = seed('L-blog-standalone')
      .replaceAll('port: 8080', `port: ${port}`)
      .replaceAll('localhost:8080', `127.0.0.1:${port}`)
      .replaceAll('localhost:8081', `127.0.0.1:${server.port}`)
      .replaceAll(`${KEYCLOAK}/realms/mcp`, provider.issuer)
      .replaceAll('jwt.sub = ', 'jwt.sub == ')
    const file = join(temporaryFolder(), 'login.yaml')
    writeFileSync(file, printed)
    converted = convertedYaml((await convertManifests([file])).documents)
    writeFileSync(join(folder, 'login.yaml'), converted)
    controlPlane = await serve(folder)
    proxy = await startProxy('default/login', controlPlane.ports.xds)
    await synced(controlPlane, 'default/login')
    await until('the keys are known', async () => {
      const { status } = await ask(port, `/.well-known/oauth-protected-resource${PATH}`)
      return status === 200 ? true : undefined
    })
  })
  afterAll(endAll)

  const as = (claims: object) => ({ path: PATH, token: provider.token(claims) })

  test('refuses nothing that it is sent', async () => {
    const { types } = await synced(controlPlane, 'default/login')
    expect(Object.values(types).flatMap(({ rejections }) => rejections)).toEqual([])
  })

  test('L-10: without a token the answer names the metadata of the resource', async () => {
    const { status, headers } = await post(port, INITIALIZE, { path: PATH })
    expect(status).toBe(401)
    expect(headers['www-authenticate']).toMatch(
      new RegExp(
        `^Bearer resource_metadata="http://127.0.0.1:${port}/.well-known/oauth-protected-resource/github/mcp"`,
      ),
    )
  })

  test('L-11: metadata needs no token, and pages of any origin may read it', async () => {
    const origin = 'https://inspector.test'
    for (const document of ['oauth-protected-resource', 'oauth-authorization-server']) {
      const { status, headers, body } = await ask(port, `/.well-known/${document}${PATH}`, { headers: { origin } })
      expect(status).toBe(200)
      // What a browser asks for: either of them admits the page.
      expect(['*', origin]).toContain(headers['access-control-allow-origin'])
      expect(JSON.parse(body)).toMatchObject(
        document === 'oauth-protected-resource'
          ? { resource: `http://127.0.0.1:${port}${PATH}` }
          : { registration_endpoint: expect.stringMatching(`/${document}${PATH}/client-registration$`) },
      )
    }
    const preflight = await ask(port, PATH, {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization' },
    })
    expect(preflight.status).toBe(200)
    expect(['*', origin]).toContain(preflight.headers['access-control-allow-origin'])
    expect(preflight.headers['access-control-allow-headers']).toContain('authorization')
  })

  test('L-11: a client finds the provider, registers through the gateway, logs in, and is let in', async () => {
    const kept: { client?: OAuthClientInformationMixed; tokens?: OAuthTokens; verifier?: string; login?: URL } = {}
    const authProvider: OAuthClientProvider = {
      redirectUrl: 'http://localhost/callback',
      clientMetadata: { redirect_uris: ['http://localhost/callback'], token_endpoint_auth_method: 'none' },
      clientInformation: () => kept.client,
      saveClientInformation: (client) => {
        kept.client = client
      },
      tokens: () => kept.tokens,
      saveTokens: (tokens) => {
        kept.tokens = tokens
      },
      redirectToAuthorization: (url) => {
        kept.login = url
      },
      saveCodeVerifier: (verifier) => {
        kept.verifier = verifier
      },
      codeVerifier: () => kept.verifier ?? '',
    }
    const transport = () =>
      new StreamableHTTPClientTransport(new URL(`http://127.0.0.1:${port}${PATH}`), { authProvider })
    const first = transport()
    await expect(new Client({ name: 'test', version: '1' }).connect(first)).rejects.toThrow('Unauthorized')
    expect(provider.registrations).toHaveLength(1)
    const login = await fetch(kept.login ?? '', { redirect: 'manual' })
    await first.finishAuth(new URL(login.headers.get('location') ?? '').searchParams.get('code') ?? '')
    const client = new Client({ name: 'test', version: '1' })
    await client.connect(transport())
    expect((await toolsOf(client)).toSorted()).toEqual(['delete_repository', 'get_me'])
    await client.close()
  })

  test('L-12: any user sees and may call get_me, and nothing else', async () => {
    expect(await toolNames(port, as({ sub: 'user' }))).toEqual(['get_me'])
    await call(port, 'get_me', as({ sub: 'user' }))
    await expect(call(port, 'delete_repository', as({ sub: 'user' }))).rejects.toThrow('Unknown tool')
    expect(server.calls.map(({ tool }) => tool)).toEqual(['get_me'])
  })

  test('L-14: only the admin sees and may call delete_repository', async () => {
    expect((await toolNames(port, as({ sub: 'admin' }))).toSorted()).toEqual(['delete_repository', 'get_me'])
    await call(port, 'delete_repository', as({ sub: 'admin' }))
    expect(server.calls.at(-1)?.tool).toBe('delete_repository')
    await expect(call(port, 'other', as({ sub: 'admin' }))).rejects.toThrow('Unknown tool')
  })

  test('L-15: tokens of another audience or issuer, and expired ones, are refused, counted, and the log says why', async () => {
    const counted = async (): Promise<number> => {
      const lines = (await ask(proxy.statsPort, '/metrics')).body.split('\n')
      const refused = lines.filter((line) => /^agentgateway_requests_total\{.*status="401"/.test(line))
      return refused.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0)
    }
    const [before, calls] = [await counted(), server.calls.length]
    const hourAgo = Math.floor(Date.now() / 1000) - 3600
    for (const claims of [{ aud: 'other' }, { iss: 'http://elsewhere.test' }, { exp: hourAgo }]) {
      expect((await post(port, INITIALIZE, as(claims))).status).toBe(401)
    }
    expect(server.calls).toHaveLength(calls)
    await until('they are counted', async () => ((await counted()) === before + 3 ? true : undefined))
    const reasons = ['InvalidAudience', 'InvalidIssuer', 'ExpiredSignature']
    await until('the log says why', () => (reasons.every((each) => proxy.output().includes(each)) ? true : undefined))
  })

  test('L-13: the rule as printed lets nobody do what it is about, leaves the other alone, and is named', async () => {
    writeFileSync(join(folder, 'login.yaml'), converted.replace('jwt.sub == ', 'jwt.sub = '))
    const admin = as({ sub: 'admin' })
    await until('the rule is gone', async () => ((await toolNames(port, admin)).length === 1 ? true : undefined))
    expect([await toolNames(port, admin), await toolNames(port, as({}))]).toEqual([['get_me'], ['get_me']])
    await call(port, 'get_me', admin)
    await expect(call(port, 'delete_repository', admin)).rejects.toThrow('Unknown tool')
    await until('it is named', () =>
      controlPlane.output().includes(':mcp-authorization:default/mcp-github') ? true : undefined,
    )
  })
})
