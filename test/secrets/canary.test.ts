// Secrets never leave by another way than the wire. Marked values are planted in every field that holds a secret, in good
// and in broken form, and looked for in everything that is printed, logged, answered or counted.
import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { DOCUMENT_STORE, documentKey, storeName } from '../../src/core/documents.ts'
import { DEFAULT_TRANSLATE_SETTINGS } from '../../src/translate/settings.ts'
import { issueCertificate } from '../certificates.ts'
import { agwcp, endAll, serve } from '../proxy/lab.ts'

const planted = new Map<string, string>()

/** A value that is found wherever it appears, whole or in base64; `name` says in failures where it came from. */
function canary(name: string): string {
  const value = `canary-${name}-${planted.size}`
  planted.set(name, value)
  return value
}

/** A private key as PEM, one line of which is the canary. */
function privateKey(name: string): string {
  const pem = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' })
  return marked(name, String(pem))
}

function marked(name: string, pem: string): string {
  planted.set(name, pem.split('\n').at(2) ?? '')
  return pem
}

function pair(name: string): Readonly<Record<string, string>> {
  const issued = issueCertificate(`${name}.example`)
  return { 'tls.crt': issued.certificate, 'tls.key': marked(name, issued.privateKey) }
}

// A value may stand anywhere in a longer text that is encoded as a whole, so its base64 begins at any of three bits.
function formsOf(value: string): readonly string[] {
  const encoded = [0, 1, 2].map((shift) => {
    const text = Buffer.from('x'.repeat(shift) + value)
      .toString('base64')
      .replaceAll('=', '')
    return text.slice(shift === 0 ? 0 : shift + 1, -2)
  })
  return [value, Buffer.from(value).toString('hex'), ...encoded]
}

/** Names of the planted values that a text gives away. */
function leaks(text: string): readonly string[] {
  return [...planted].flatMap(([name, value]) => (formsOf(value).some((form) => text.includes(form)) ? [name] : []))
}

// Good form: one Secret per use, and something that uses it.

interface KubeDocument {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: object
  readonly [field: string]: unknown
}

const documents: KubeDocument[] = []
const add = (apiVersion: string, kind: string, name: string, body: object, namespace = 'ns'): void => {
  documents.push({ apiVersion, kind, metadata: { namespace, name, labels: { of: name } }, ...body })
}
const secret = (name: string, stringData: Readonly<Record<string, string>>, type = 'Opaque'): void =>
  add('v1', 'Secret', name, { type, stringData })
const AGENTGATEWAY = 'agentgateway.dev/v1alpha1'
const KGATEWAY = 'gateway.kgateway.dev/v1alpha1'
const GATEWAY = 'gateway.networking.k8s.io/v1'

function backend(name: string, policies: object, type: object = { static: { host: 'a.example', port: 80 } }): void {
  add(AGENTGATEWAY, 'AgentgatewayBackend', name, { spec: { ...type, policies } })
  routeTo({ group: 'agentgateway.dev', kind: 'AgentgatewayBackend', name })
}

function routeTo(ref: { readonly group: string; readonly kind: string; readonly name: string }): void {
  const { name } = ref
  add(GATEWAY, 'HTTPRoute', name, {
    spec: { parentRefs: [{ name: 'gw' }], hostnames: [`${name}.example`], rules: [{ backendRefs: [ref] }] },
  })
}

/** A Backend of kgateway with one provider. */
function kgatewayBackend(name: string, provider: object): void {
  add(KGATEWAY, 'Backend', name, { spec: { type: 'AI', ai: { llm: provider } } })
  routeTo({ group: 'gateway.kgateway.dev', kind: 'Backend', name })
}

/** A key set, as if it had been fetched. */
function keySet(url: string): void {
  const requestKey = documentKey({ url })
  const stored = JSON.stringify({ requestKey, url, fetchedAt: '2026-01-01T00:00:00Z', jwks: '{"keys":[]}' })
  const { systemNamespace } = DEFAULT_TRANSLATE_SETTINGS
  add('v1', 'ConfigMap', storeName(requestKey), { data: { [DOCUMENT_STORE]: stored } }, systemNamespace)
}

function traffic(name: string, section: object): void {
  add(AGENTGATEWAY, 'AgentgatewayPolicy', name, {
    spec: { targetRefs: [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'gw' }], traffic: section },
  })
}

const idp = { url: 'https://idp.example/token' }

function plantGood(): void {
  secret('server', pair('listener'), 'kubernetes.io/tls')
  secret('client', pair('gateway-client'), 'kubernetes.io/tls')
  add(GATEWAY, 'Gateway', 'gw', {
    spec: {
      gatewayClassName: 'agentgateway',
      listeners: [
        { name: 'http', protocol: 'HTTP', port: 8080 },
        { name: 'https', protocol: 'HTTPS', port: 8443, tls: { certificateRefs: [{ name: 'server' }] } },
        {
          name: 'models',
          protocol: 'HTTP',
          port: 8081,
          allowedRoutes: { kinds: [{ group: 'agentgateway.dev', kind: 'AgentgatewayModel' }] },
        },
      ],
      tls: { backend: { clientCertificateRef: { name: 'client' } } },
    },
  })
  planted.set('session-key', 'cafe0123'.repeat(8))
  secret('gw-session-key', { key: 'cafe0123'.repeat(8) })
  add('v1', 'Service', 'tls', { spec: { ports: [{ port: 443 }] } })
  add(GATEWAY, 'HTTPRoute', 'tls', {
    spec: {
      parentRefs: [{ name: 'gw' }],
      hostnames: ['tls.example'],
      rules: [{ backendRefs: [{ name: 'tls', port: 443 }] }],
    },
  })
  add(GATEWAY, 'BackendTLSPolicy', 'tls', {
    spec: {
      targetRefs: [{ group: '', kind: 'Service', name: 'tls' }],
      validation: { hostname: 'tls.example', wellKnownCACertificates: 'System' },
    },
  })
  secret('token', { Authorization: canary('token'), other: canary('other-token') })
  backend('token', {
    auth: {
      secretRef: { name: 'token' },
      credentials: [{ location: { header: { name: 'x-key' } }, secretRef: { name: 'token', key: 'other' } }],
    },
  })
  backend('key', { auth: { key: canary('inline-key') } })
  secret('aws', {
    accessKey: canary('aws-access'),
    secretKey: canary('aws-secret'),
    sessionToken: canary('aws-session'),
  })
  backend('aws', { auth: { aws: { secretRef: { name: 'aws' } } } })
  secret('azure', { clientID: 'id', tenantID: 'tenant', clientSecret: canary('azure') })
  backend('azure', { auth: { azure: { secretRef: { name: 'azure' } } } })
  secret('gcp', {
    'credentials.json': JSON.stringify({
      type: 'service_account',
      client_email: 'a@b.example',
      private_key: canary('gcp'),
    }),
  })
  backend('gcp', { auth: { gcp: { secretRef: { name: 'gcp' } } } })
  secret('signing', { signingKey: privateKey('jwt-sign') })
  backend('signing', { auth: { jwtSign: { signingKeyRef: { name: 'signing' } } } })
  secret('oauth', { clientSecret: canary('oauth'), signingKey: privateKey('oauth-key') })
  const clientSecret = { clientId: 'id', secretRef: { name: 'oauth' } }
  const assertion = {
    clientId: 'id',
    method: 'PrivateKeyJwt',
    privateKeyJwt: { assertionAudience: 'a', signingKeyRef: { name: 'oauth' } },
  }
  backend('oauth', { auth: { oauthTokenExchange: { ...idp, clientAuth: clientSecret } } })
  backend('assertion', { auth: { oauthTokenExchange: { ...idp, clientAuth: assertion } } })
  secret('cross', { clientSecret: canary('cross-app') })
  const server = { ...idp, clientAuth: { clientId: 'id', secretRef: { name: 'cross' } } }
  backend('cross', {
    auth: { crossAppAccess: { audience: 'a', identityProvider: server, resourceAuthorizationServer: server } },
  })
  secret('mtls', pair('backend-client'), 'kubernetes.io/tls')
  backend('mtls', { tls: { mtlsCertificateRef: [{ name: 'mtls' }] } })
  const provider = { name: 'a', openai: {}, policies: { auth: { key: canary('provider-key') } } }
  const moderation = { policies: { auth: { key: canary('moderation-key') } } }
  backend(
    'llm',
    { ai: { promptGuard: { request: [{ openAIModeration: moderation }] } } },
    { ai: { groups: [{ providers: [provider] }] } },
  )
  const target = {
    name: 'a',
    static: { host: 'a.example', port: 80, policies: { auth: { key: canary('target-key') } } },
  }
  backend('mcp', { http: { version: 'HTTP2' } }, { mcp: { targets: [target] } })
  secret('login', { clientSecret: canary('mcp-login') })
  const jwks = { url: 'http://127.0.0.1:1/keys' }
  keySet(jwks.url)
  const login = { issuer: 'https://idp.example', jwks, clientId: 'id', clientSecretRef: { name: 'login' } }
  add(AGENTGATEWAY, 'AgentgatewayPolicy', 'login', {
    spec: {
      targetRefs: [{ group: 'agentgateway.dev', kind: 'AgentgatewayBackend', name: 'mcp' }],
      backend: { mcp: { authentication: login } },
    },
  })
  const inline = (name: string): object => ({ authToken: { kind: 'Inline', inline: `Bearer ${canary(name)}` } })
  kgatewayBackend('kgateway-openai', { openai: { model: 'm', ...inline('kgateway-inline') } })
  kgatewayBackend('kgateway-old', { provider: { anthropic: { model: 'm', ...inline('kgateway-inline-old') } } })
  kgatewayBackend('kgateway-azure', {
    azureopenai: { endpoint: 'r.openai.azure.com', deploymentName: 'd', ...inline('kgateway-azure') },
  })
  secret('kgateway-token', { Authorization: canary('kgateway-token') })
  kgatewayBackend('kgateway-gemini', {
    gemini: { model: 'm', authToken: { kind: 'SecretRef', secretRef: { name: 'kgateway-token' } } },
  })
  secret('kgateway-aws', { accessKey: canary('kgateway-access'), secretKey: canary('kgateway-secret') })
  kgatewayBackend('kgateway-bedrock', {
    bedrock: { model: 'm', region: 'r', auth: { type: 'Secret', secretRef: { name: 'kgateway-aws' } } },
  })
  const guard = { moderation: { openAIModeration: { model: 'm', ...inline('kgateway-moderation') } } }
  add(KGATEWAY, 'TrafficPolicy', 'kgateway-guard', {
    spec: {
      targetRefs: [{ group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', name: 'kgateway-openai' }],
      ai: { promptGuard: { request: guard } },
    },
  })
  add(AGENTGATEWAY, 'AgentgatewayModel', 'model', {
    spec: { parentRefs: [{ name: 'gw' }], provider: 'OpenAI', policies: { auth: { key: canary('model-key') } } },
  })
  secret('users', { '.htaccess': `user:${canary('htpasswd')}` })
  traffic('users', { basicAuthentication: { secretRef: { name: 'users' } } })
  traffic('inline-users', { basicAuthentication: { users: [`user:${canary('inline-htpasswd')}`] } })
  secret('keys', { a: JSON.stringify({ key: canary('api-key') }), b: canary('plain-api-key') })
  traffic('keys', { apiKeyAuthentication: { secretRef: { name: 'keys' } } })
  secret('hashes', {
    a: JSON.stringify({ keyHash: `sha256:${Buffer.from(canary('key-hash').padEnd(32)).toString('hex')}` }),
  })
  planted.set('key-hash', Buffer.from((planted.get('key-hash') ?? '').padEnd(32)).toString('hex'))
  traffic('hashes', { apiKeyAuthentication: { secretSelector: { matchLabels: { of: 'hashes' } } } })
}

const folders: string[] = []
function folder(files: Readonly<Record<string, string>>): string {
  const made = mkdtempSync(join(tmpdir(), 'agwcp-canary-'))
  folders.push(made)
  for (const [name, text] of Object.entries(files)) writeFileSync(join(made, name), text)
  return made
}

plantGood()
const good = folder({ 'all.json': JSON.stringify({ apiVersion: 'v1', kind: 'List', items: documents }) })

// Broken form: what stands in these files is wrong in every way that makes somebody say something about it.

function plantBroken(): string {
  const raw = (name: string, body: string): string =>
    `apiVersion: v1\nkind: Secret\nmetadata: {name: ${name}, namespace: ns}\n${body}\n`
  const uses = documents.filter(({ kind }) => kind !== 'Secret')
  const wrong = Object.entries({
    server: { 'tls.crt': canary('bad-certificate'), 'tls.key': canary('bad-listener-key') },
    client: { 'tls.crt': issueCertificate('x').certificate, 'tls.key': canary('bad-client-key') },
    mtls: {
      'tls.crt': issueCertificate('x').certificate,
      'tls.key': `-----BEGIN PRIVATE KEY-----\n${canary('bad-mtls')}\n-----END PRIVATE KEY-----`,
    },
    token: { Other: canary('wrong-entry') },
    aws: { accessKey: canary('only-access') },
    azure: { clientSecret: canary('only-client-secret') },
    gcp: { credentials: canary('bad-gcp') },
    signing: { signingkey: canary('wrong-case') },
    oauth: { clientsecret: canary('wrong-case-oauth') },
    users: { htpasswd: canary('wrong-file') },
    login: { clientsecret: canary('wrong-case-login') },
    'kgateway-token': { token: canary('kgateway-wrong-entry') },
    'kgateway-aws': { accessKey: canary('kgateway-only-access') },
    keys: { a: `{"key": "${canary('torn-json')}"`, b: JSON.stringify({ key: canary('two'), keyHash: canary('ways') }) },
    hashes: { a: JSON.stringify({ keyHash: canary('no-hash') }) },
    'gw-session-key': { key: canary('bad-session-key') },
  }).map(([name, stringData]) => ({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace: 'ns', labels: { of: name } },
    stringData,
  }))
  const kgateway = (name: string, openai: string): string =>
    `apiVersion: ${KGATEWAY}\nkind: Backend\nmetadata: {name: ${name}, namespace: ns}\nspec: {type: AI, ai: {llm: {openai: {${openai}}}}}\n`
  return folder({
    'kgateway.yaml': [
      kgateway('w1', `authToken: ${canary('kgateway-text')}`),
      kgateway('w2', `authToken: {kind: Plain, inline: ${canary('kgateway-kind')}}`),
      kgateway('w3', `authToken: {kind: Inline, inline: {a: ${canary('kgateway-object')}}}`),
      kgateway('w4', `authToken: {kind: Inline, inline: [${canary('kgateway-list')}]}`),
      kgateway('w5', `authToken: {kind: SecretRef, inline: ${canary('kgateway-beside')}}`),
      kgateway('w6', `apiKey: ${canary('kgateway-misplaced')}`),
      kgateway('w7', `authToken: {kind: Inline, value: ${canary('kgateway-misnamed')}}`),
    ].join('---\n'),
    'uses.json': JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [...uses, ...wrong] }),
    'base64.yaml': raw('b', `data: {a: "${canary('no-base64')}!"}`),
    'types.yaml': `${raw('c', `data: ${canary('data-is-text')}`)}---\n${raw('d', `stringData: [${canary('data-is-list')}]`)}---\n${raw('e', `stringData: {a: {b: ${canary('nested')}}}`)}`,
    'torn.yaml': raw('f', `stringData: {a: "${canary('torn-yaml')}`),
    'tab.yaml': raw('g', `stringData:\n\ta: ${canary('tab')}`),
    'torn.json': `{"apiVersion": "v1", "kind": "Secret", "stringData": {"a": "${canary('torn-json-file')}" "b"`,
    'anchor.yaml': raw('h', `stringData: {a: *${canary('anchor')}}`),
    'twice.yaml': raw('i', `stringData: {a: ${canary('twice')}, a: ${canary('again')}}`),
    'bang.yaml': raw('o', `stringData: {a: !${canary('bang')}}`),
    'handle.yaml': raw('p', `stringData: {a: !${canary('handle')}!x}`),
    'braces.yaml': raw('q', `stringData:\n  a: {${canary('braces')}`),
    'block.yaml': raw('r', `stringData:\n  a: |\n ${canary('block')}\n   x`),
    'tag.yaml': raw('j', `stringData: {a: !secret ${canary('tag')}}`),
    'kind.yaml': `apiVersion: v1\nkind: Secrets\nmetadata: {name: k}\nstringData: {a: ${canary('misspelt-kind')}}\n`,
    'inline.yaml': `apiVersion: ${AGENTGATEWAY}\nkind: AgentgatewayBackend\nmetadata: {name: l, namespace: ns}\nspec: {static: {host: a, port: 80}, policies: {auth: {key: {a: ${canary('inline-object')}}}}}\n`,
    'two.yaml': `apiVersion: ${AGENTGATEWAY}\nkind: AgentgatewayBackend\nmetadata: {name: m, namespace: ns}\nspec: {static: {host: a, port: 80}, policies: {auth: {key: ${canary('two-ways')}, passthrough: {}}}}\n`,
    'misplaced.yaml': `apiVersion: ${AGENTGATEWAY}\nkind: AgentgatewayBackend\nmetadata: {name: n, namespace: ns}\nspec: {static: {host: a, port: 80, key: ${canary('misplaced')}}}\n`,
  })
}
const broken = plantBroken()

async function run(...args: readonly string[]): Promise<string> {
  const command = agwcp(...args)
  await command.exited
  return command.output()
}

afterAll(async () => {
  await endAll()
  for (const each of folders) rmSync(each, { recursive: true })
})

const MODELS = ['--set', 'enable-agentgateway-models=true']

test('everything planted in good form goes to proxies or is deployed with them', async () => {
  const output = await run('translate', '-f', good, '-o', 'json', '--deployments', ...MODELS)
  // The output is one JSON object, as long as nothing else is printed.
  const { problems } = JSON.parse(output) as { readonly problems: readonly { readonly severity: string }[] }
  expect(problems.filter(({ severity }) => severity === 'error')).toEqual([])
  const sent = leaks(output)
  const names = [...planted.keys()]
  expect(names.slice(0, names.indexOf('bad-certificate')).filter((name) => !sent.includes(name))).toEqual([])
})

describe.each([
  ['good', good, broken],
  ['broken', broken, good],
])('%s form', (_, from, other) => {
  test('commands print none', async () => {
    const commands = [
      ['translate', '-f', from, '-o', 'json', '--deployments', '--redact', ...MODELS],
      ['translate', '-f', from, '-o', 'table', '--deployments', ...MODELS],
      ['validate', '-f', from],
      ['validate', '-f', from, '-o', 'json'],
      ['diff', '-f', from, '-f2', other, '-o', 'json', ...MODELS],
      [
        'explain',
        '--url',
        'http://kgateway-openai.example/',
        '--gateway',
        'ns/gw',
        '-f',
        from,
        '-o',
        'json',
        ...MODELS,
      ],
    ]
    const outputs = await Promise.all(commands.map(async (command) => [command, await run(...command)] as const))
    for (const [command, output] of outputs) {
      expect(output.length).toBeGreaterThan(100)
      expect([command, leaks(output)]).toEqual([command, []])
    }
  })

  test('serve neither logs, answers nor counts any', async () => {
    const controlPlane = await serve(from, { args: ['--log-level', 'trace', '--enable-agentgateway-models', 'true'] })
    const { admin, metrics } = controlPlane.ports
    const paths = ['', 'config_dump', 'config_dump?format=xds', 'proxies', 'status', 'problems', 'graph', 'version']
    const explained = ['url=http%3A%2F%2Fx%2F&gateway=ns%2Fgw', 'object=gateway%2Fgw&namespace=ns']
    const carried = ['backend%2Fkgateway-openai', 'trafficpolicy%2Fkgateway-guard', 'agentgatewaypolicy%2Flogin']
    explained.push(...carried.map((object) => `object=${object}&namespace=ns`))
    const nodes = ['translate/backends', 'translate/policy-contents', 'source/secrets', 'xds']
    const urls = [
      ...paths.map((path) => `http://localhost:${admin}/${path}`),
      ...nodes.map((node) => `http://localhost:${admin}/graph?node=${encodeURIComponent(node)}&input=ns%2Fkey`),
      ...explained.flatMap((query) => ['', 'explain'].map((path) => `http://localhost:${admin}/${path}?${query}`)),
      `http://localhost:${admin}/snapshots/krt`,
      `http://localhost:${metrics}/metrics`,
    ]
    for (const url of urls) expect([url, leaks(await (await fetch(url)).text())]).toEqual([url, []])
    await controlPlane.end()
    expect(leaks(controlPlane.output())).toEqual([])
  })
})

test('what is not secret stays readable', async () => {
  const output = await run('translate', '-f', good, '-o', 'json', '--redact', ...MODELS)
  for (const text of ['"tenantId": "tenant"', '"clientId": "id"', '"name": "backend/ns/key"', '"key": "ns/token"'])
    expect([text, output.includes(text)]).toEqual([text, true])
  expect(output).toContain('<redacted sha256:')
})
