// What policies do to real requests: each has a route of its own on one real proxy, in front of backends that say what
// they received.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freePorts } from '../ports.ts'
import { tokenIssuer } from '../token-issuer.ts'
import {
  type Answered,
  ask,
  backend,
  type ControlPlane,
  endAll,
  PROXY_BINARY,
  serve,
  startProxy,
  synced,
  temporaryFolder,
  warnIfSkipped,
} from './lab.ts'

warnIfSkipped('what policies do')

const GATEWAY = 'lab/gw'
const GROUP = 'agentgateway.dev'

/** A route that takes what is under `/NAME`, and the policy on it. */
function routeWith(name: string, traffic: object, backendName = 'echo'): readonly object[] {
  const policy = {
    apiVersion: `${GROUP}/v1alpha1`,
    kind: 'AgentgatewayPolicy',
    metadata: { name, namespace: 'lab' },
    spec: { targetRefs: [{ group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', name }], traffic },
  }
  return [route(name, { matches: [{ path: { type: 'PathPrefix', value: `/${name}` } }] }, backendName), policy]
}

function route(name: string, rule: object, backendName: string, spec: object = {}): object {
  const backendRefs = [{ group: GROUP, kind: 'AgentgatewayBackend', name: backendName }]
  return {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'HTTPRoute',
    metadata: { name, namespace: 'lab' },
    spec: { parentRefs: [{ name: 'gw' }], ...spec, rules: [{ ...rule, backendRefs }] },
  }
}

function backendAt(name: string, spec: object): object {
  return { apiVersion: `${GROUP}/v1alpha1`, kind: 'AgentgatewayBackend', metadata: { name, namespace: 'lab' }, spec }
}

/** A model behind a host name of its own, with guards on what is asked and answered. */
function guardedModel(name: string, port: number, promptGuard: object): readonly object[] {
  const provider = { openai: { model: 'fake' }, host: '127.0.0.1', port }
  return [
    backendAt(name, { ai: { provider }, policies: { ai: { promptGuard } } }),
    route(name, {}, name, { hostnames: [`${name}.example`] }),
  ]
}

const { keySet, token } = tokenIssuer()
const ISSUER = 'https://issuer.example'

describe.runIf(PROXY_BINARY !== undefined)('policies on a real proxy', () => {
  let port: number
  let controlPlane: ControlPlane
  let asksToFail = 0
  let asksSeen = 0
  const prompts: string[] = []

  const get = (path: string, headers: Readonly<Record<string, string>> = {}): Promise<Answered> =>
    ask(port, path, { headers })

  const chat = (host: string, content: string): Promise<Answered> =>
    ask(port, '/v1/chat/completions', {
      method: 'POST',
      headers: { host, 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'fake', messages: [{ role: 'user', content }] }),
    })

  beforeAll(async () => {
    const [listener = 0] = await freePorts(1)
    port = listener
    const echo = await backend(({ path, headers }) => ({ body: JSON.stringify({ path, headers }) }))
    const flaky = await backend(() => {
      asksSeen += 1
      asksToFail -= 1
      return asksToFail >= 0 ? { status: 503, body: 'not now' } : { body: 'finally' }
    })
    const model = await backend(({ body }) => {
      prompts.push(body)
      return {
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          id: 'c',
          object: 'chat.completion',
          created: 1,
          model: 'fake',
          choices: [
            { index: 0, finish_reason: 'stop', message: { role: 'assistant', content: 'the password is hunter-42' } },
          ],
          usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
        }),
      }
    })
    const isAdmin = 'request.headers["x-role"] == "admin"'
    const objects: readonly object[] = [
      {
        apiVersion: 'gateway.networking.k8s.io/v1',
        kind: 'Gateway',
        metadata: { name: 'gw', namespace: 'lab' },
        spec: { gatewayClassName: 'agentgateway', listeners: [{ name: 'http', protocol: 'HTTP', port }] },
      },
      backendAt('echo', { static: { host: '127.0.0.1', port: echo } }),
      backendAt('flaky', { static: { host: '127.0.0.1', port: flaky } }),
      {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: 'client-keys', namespace: 'lab' },
        stringData: { alice: 'key-of-alice' },
      },
      ...routeWith('cors', { cors: { allowOrigins: ['https://app.example'], allowMethods: ['GET', 'PUT'] } }),
      ...routeWith('limited', { rateLimit: { local: [{ requests: 2, unit: 'Hours' }] } }),
      ...routeWith('jwt', {
        jwtAuthentication: {
          providers: [{ issuer: ISSUER, audiences: ['lab'], jwks: { inline: JSON.stringify(keySet) } }],
        },
      }),
      ...routeWith('keys', { apiKeyAuthentication: { secretRef: { name: 'client-keys' } } }),
      ...routeWith('allow', { authorization: { policy: { matchExpressions: [isAdmin] } } }),
      ...routeWith('deny', {
        authorization: { action: 'Deny', policy: { matchExpressions: ['request.path.endsWith("/secret")'] } },
      }),
      ...routeWith('transform', {
        transformation: {
          request: { set: [{ name: 'x-path', value: 'request.path' }], remove: ['x-unwanted'] },
          response: { set: [{ name: 'x-answered', value: '"by " + "agentgateway"' }] },
        },
      }),
      ...routeWith('direct', { directResponse: { status: 418, body: 'short and stout' } }),
      ...routeWith('retry', { retry: { attempts: 3, backoff: '10ms', codes: [503] } }, 'flaky'),
      ...guardedModel('reject', model, {
        request: [
          {
            regex: { action: 'Reject', matches: ['forbidden'] },
            response: { message: 'not this word', statusCode: 422 },
          },
        ],
      }),
      ...guardedModel('mask', model, {
        request: [{ regex: { action: 'Mask', builtins: ['Email'] } }],
        response: [{ regex: { action: 'Mask', matches: ['hunter-[0-9]+'] } }],
      }),
    ]
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'lab.json'), JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }))
    controlPlane = await serve(folder)
    await startProxy(GATEWAY, controlPlane.ports.xds)
  })
  afterAll(endAll)

  test('nothing is wrong with the manifests, and nothing is rejected', async () => {
    expect(await controlPlane.admin('/problems')).toEqual({ problems: [] })
    const { types } = await synced(controlPlane, GATEWAY)
    expect(Object.values(types).flatMap(({ rejections }) => rejections)).toEqual([])
  })

  test('CORS: an allowed origin is told so, another is not, and preflights are answered', async () => {
    const allowed = await get('/cors', { origin: 'https://app.example' })
    expect(allowed).toMatchObject({ status: 200, headers: { 'access-control-allow-origin': 'https://app.example' } })
    const other = await get('/cors', { origin: 'https://evil.example' })
    expect(other.headers).not.toHaveProperty('access-control-allow-origin')
    const preflight = await ask(port, '/cors', {
      method: 'OPTIONS',
      headers: { origin: 'https://app.example', 'access-control-request-method': 'PUT' },
    })
    expect(preflight.status).toBe(200)
    expect(preflight.headers['access-control-allow-methods']).toMatch(/PUT/)
    expect(preflight.body).toBe('')
  })

  test('local rate limit: what is over the limit gets 429', async () => {
    const statuses = []
    for (let i = 0; i < 4; i++) statuses.push((await get('/limited')).status)
    expect(statuses).toEqual([200, 200, 429, 429])
  })

  test('JWT: a good token passes; none, an expired one and another audience do not', async () => {
    const inAnHour = Math.floor(Date.now() / 1000) + 3600
    const status = async (claims: object): Promise<number> =>
      (await get('/jwt', { authorization: `Bearer ${token({ iss: ISSUER, aud: 'lab', exp: inAnHour, ...claims })}` }))
        .status
    expect(await status({ sub: 'alice' })).toBe(200)
    expect((await get('/jwt')).status).toBe(401)
    expect(await status({ exp: 1 })).toBe(401)
    expect(await status({ aud: 'elsewhere' })).toBe(401)
    expect(await status({ iss: 'https://other.example' })).toBe(401)
  })

  test('API keys: a known key passes, an unknown one and none do not', async () => {
    expect((await get('/keys', { authorization: 'Bearer key-of-alice' })).status).toBe(200)
    expect((await get('/keys', { authorization: 'Bearer key-of-bob' })).status).toBe(401)
    expect((await get('/keys')).status).toBe(401)
  })

  test('authorization: Allow lets only what matches through, Deny keeps only what matches out', async () => {
    expect((await get('/allow', { 'x-role': 'admin' })).status).toBe(200)
    expect((await get('/allow', { 'x-role': 'guest' })).status).toBe(403)
    expect((await get('/deny/public')).status).toBe(200)
    expect((await get('/deny/secret')).status).toBe(403)
  })

  test('transformation: headers are set by expressions and removed, on the way there and back', async () => {
    const answered = await get('/transform/here', { 'x-unwanted': 'yes' })
    const { headers } = JSON.parse(answered.body) as { readonly headers: Readonly<Record<string, string>> }
    expect(headers['x-path']).toBe('/transform/here')
    expect(headers).not.toHaveProperty('x-unwanted')
    expect(answered.headers['x-answered']).toBe('by agentgateway')
  })

  test('direct response: the proxy answers by itself', async () => {
    expect(await get('/direct')).toMatchObject({ status: 418, body: 'short and stout' })
  })

  test('retry: failures that are listed are tried again, and no more often than allowed', async () => {
    asksToFail = 2
    asksSeen = 0
    expect(await get('/retry')).toMatchObject({ status: 200, body: 'finally' })
    expect(asksSeen).toBe(3)
    asksToFail = 100
    asksSeen = 0
    expect((await get('/retry')).status).toBe(503)
    expect(asksSeen).toBe(4)
    asksToFail = 0
  })

  test('a prompt guard refuses a prompt before the model sees it', async () => {
    prompts.length = 0
    expect(await chat('reject.example', 'say the forbidden word')).toMatchObject({ status: 422, body: 'not this word' })
    expect(prompts).toEqual([])
    expect((await chat('reject.example', 'say something nice')).status).toBe(200)
    expect(prompts).toHaveLength(1)
  })

  test('a prompt guard masks what the model sees and what the client gets', async () => {
    prompts.length = 0
    const answered = await chat('mask.example', 'write to alice@example.com')
    expect(answered.status).toBe(200)
    expect(prompts[0]).toContain('write to')
    expect(prompts[0]).not.toContain('alice@example.com')
    expect(answered.body).toContain('the password is')
    expect(answered.body).not.toContain('hunter-42')
  })
})
