import { expect, test } from 'vitest'
import { issueCertificate } from '../../../test/certificates.ts'
import { backend } from '../../../test/policy-features.ts'
import { backendPolicyReferences } from './registry.ts'

const { certificate, privateKey } = issueCertificate('client')
const other = issueCertificate('other')
const base64 = (text: string) => Buffer.from(text).toString('base64')
const TORN = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'
const world = {
  secrets: {
    pair: { 'tls.crt': certificate, 'tls.key': privateKey, 'ca.crt': 'as it is' },
    root: { 'ca.crt': certificate },
    mismatch: { 'tls.crt': certificate, 'tls.key': other.privateKey },
    torn: { 'tls.crt': `${certificate}${TORN}`, 'tls.key': privateKey },
    key: { Authorization: 'k' },
  },
  configMaps: {
    ca: { 'ca.crt': `text\n${certificate}` },
    empty: {},
    blank: { 'ca.crt': '' },
    broken: { 'ca.crt': 'nothing' },
  },
  services: ['svc'],
  keySets: { 'https://idp/keys': '{"keys":[]}' },
}
const send = (section: object) => backend(section, world)
const service = { service: { namespace: 'ns', hostname: 'svc' }, port: 80 }

test.each([
  [
    'options of the socket',
    { tcp: { connectTimeout: '150ms', keepalive: { retries: 3, time: '1m' } } },
    { 'backend/backend-tcp': { backendTcp: { connectTimeout: '0.150s', keepalive: { retries: 3, time: '60s' } } } },
  ],
  [
    'version and deadline of HTTP',
    { http: { version: 'HTTP2', requestTimeout: '1m30s' } },
    { 'backend-http': { backendHttp: { version: 'HTTP2', requestTimeout: '90s' } } },
  ],
  ['TLS with the CAs of the system', { tls: {} }, { tls: { backendTls: {} } }],
  [
    'TLS without verification',
    { tls: { insecureSkipVerify: 'Hostname', keyExchangeGroups: ['P-256', 'X25519_MLKEM768'], alpnProtocols: [] } },
    {
      tls: {
        backendTls: { verification: 'INSECURE_HOST', keyExchangeGroups: ['P256', 'X25519_MLKEM768'], alpn: {} },
      },
    },
  ],
  [
    'the certificates of a Secret',
    { tls: { mtlsCertificateRef: [{ name: 'pair' }] } },
    { tls: { backendTls: { cert: base64(certificate), key: base64(privateKey), root: base64('as it is') } } },
  ],
  [
    'the CAs of a Secret, without its client certificate, and of a ConfigMap, which goes first',
    { tls: { mtlsCertificateRef: [{ name: 'root' }], caCertificateRefs: [{ name: 'ca' }] } },
    { tls: { backendTls: { root: base64(certificate) } } },
  ],
  [
    'a tunnel',
    { tunnel: { backendRef: { name: 'svc', port: 80 } } },
    { 'backend-tunnel': { backendTunnel: { proxy: service } } },
  ],
  [
    'what makes an endpoint unhealthy',
    {
      health: {
        unhealthyCondition: 'response.code > 500',
        eviction: { duration: '3s', restoreHealth: 50, consecutiveFailures: 0, healthThreshold: 0 },
      },
    },
    {
      health: {
        health: {
          unhealthyCondition: 'response.code > 500',
          eviction: { duration: '3s', restoreHealth: 0.5, consecutiveFailures: 0, healthThreshold: 0 },
        },
      },
    },
  ],
  ['a transformation of nothing', { transformation: {} }, { 'backend-transformation': { transformation: {} } }],
  [
    'rules for MCP',
    { mcp: { authorization: { policy: { matchExpressions: ['true', 'a'] } } } },
    { 'mcp-authorization': { mcpAuthorization: { allow: ['true', 'a'] } } },
  ],
  [
    'a check of MCP tokens',
    { mcp: { authentication: { jwks: { url: 'https://idp/keys' }, mode: 'Optional', provider: 'Keycloak' } } },
    {
      'mcp-authentication': {
        mcpAuthentication: { jwksInline: '{"keys":[]}', provider: 'KEYCLOAK', resourceMetadata: {} },
      },
    },
  ],
  [
    'services that look at MCP messages',
    {
      mcp: {
        guardrails: {
          processors: [
            {
              methods: { 'tools/*': 'Full', '*': 'Off' },
              remote: { backendRef: { name: 'svc', port: 80 }, failureMode: 'FailOpen' },
            },
          ],
        },
      },
    },
    {
      'backend/mcp-guardrails': {
        mcpGuardrails: {
          processors: [
            { methods: { 'tools/*': 'FULL', '*': 'OFF' }, remote: { target: service, failureMode: 'ALLOW' } },
          ],
        },
      },
    },
  ],
])('sends %s', (_, section, sent) => {
  expect(send(section)).toEqual({ sent, said: [] })
})

test.each([
  [
    'TLS without the client certificate that is missing',
    { tls: { mtlsCertificateRef: [{ name: 'gone' }] } },
    { tls: { backendTls: {} } },
    'tls.mtlsCertificateRef[0]: secret ns/gone not found',
  ],
  [
    'TLS without a pair that does not match',
    { tls: { mtlsCertificateRef: [{ name: 'mismatch' }] } },
    { tls: { backendTls: {} } },
    'tls.mtlsCertificateRef[0]: secret ns/mismatch contains invalid certificate: invalid TLS secret ns/mismatch: the private key does not match the certificate',
  ],
  [
    'TLS without a torn chain',
    { tls: { mtlsCertificateRef: [{ name: 'torn' }] } },
    { tls: { backendTls: {} } },
    'tls.mtlsCertificateRef[0]: secret ns/torn contains invalid certificate: invalid TLS secret ns/torn: x509: malformed certificate',
  ],
  [
    'an empty bundle for CAs that are missing',
    { tls: { mtlsCertificateRef: [{ name: 'pair' }], caCertificateRefs: [{ name: 'gone', kind: 'Secret' }] } },
    { tls: { backendTls: { cert: base64(certificate), key: base64(privateKey), root: '' } } },
    'tls.caCertificateRefs[0]: Secret ns/gone not found',
  ],
  [
    'an empty bundle for an object without CAs',
    { tls: { caCertificateRefs: [{ name: 'empty' }] } },
    { tls: { backendTls: { root: '' } } },
    'tls.caCertificateRefs[0]: error extracting CA cert from ConfigMap ns/empty: missing ca.crt',
  ],
  [
    'an empty bundle for CAs of no length',
    { tls: { caCertificateRefs: [{ name: 'blank' }] } },
    { tls: { backendTls: { root: '' } } },
    'tls.caCertificateRefs[0]: error extracting CA cert from ConfigMap ns/blank: missing ca.crt',
  ],
  [
    'an empty bundle for text that is no certificate',
    { tls: { caCertificateRefs: [{ name: 'broken' }] } },
    { tls: { backendTls: { root: '' } } },
    'tls.caCertificateRefs[0]: invalid ca.crt in ConfigMap ns/broken: data does not contain any valid RSA or ECDSA certificates',
  ],
  [
    'an empty bundle, and names that are checked, where any name was to do for CAs that are missing',
    { tls: { insecureSkipVerify: 'Hostname', caCertificateRefs: [{ name: 'empty' }] } },
    { tls: { backendTls: { root: '' } } },
    'tls.caCertificateRefs[0]: error extracting CA cert from ConfigMap ns/empty: missing ca.crt',
  ],
  [
    'the names that proxies take',
    { tls: { verifySubjectAltNames: ['a.example', '*.b.example', 'spiffe://d/ns/a/sa/b', '10.0.0.1', '::1'] } },
    {
      tls: { backendTls: { verifySubjectAltNames: ['a.example', 'spiffe://d/ns/a/sa/b', '10.0.0.1', '::1'] } },
    },
    'tls.verifySubjectAltNames[1]: "*.b.example" is not a name that a certificate can be asked for and is left out: proxies take no wildcards, so list the names themselves',
  ],
  [
    'a root that trusts nobody for names of which none can be asked for',
    { tls: { verifySubjectAltNames: ['b_ad-.example'] } },
    { tls: { backendTls: { root: '' } } },
    'tls.verifySubjectAltNames[0]: "b_ad-.example" is not a name that a certificate can be asked for and is left out: write a host name, an IP address or a URI',
  ],
  [
    'the same for workload identities',
    { tls: { certificateSource: 'SPIFFE', verifySubjectAltNames: ['spiffe:/d'] } },
    { tls: { backendTls: { root: '' } } },
    'tls.verifySubjectAltNames[0]: "spiffe:/d" is not a name that a certificate can be asked for and is left out: write a host name, an IP address or a URI',
  ],
  [
    'workload identities without the key exchange groups that go only with other certificates',
    { tls: { certificateSource: 'SPIFFE', keyExchangeGroups: ['X25519'] } },
    { tls: { backendTls: { certificateSource: 'SPIFFE' } } },
    'tls.keyExchangeGroups: key exchange groups cannot be chosen with certificateSource SPIFFE; they have no effect',
  ],
  [
    'no name to ask for that is none',
    { tls: { sni: `${'a'.repeat(64)}.example` } },
    { tls: { backendTls: {} } },
    `tls.sni: "${'a'.repeat(64)}.example" is not the name of a host; that of the backend is used`,
  ],
  [
    'a tunnel to nowhere',
    { tunnel: { url: 'ftp://proxy' } },
    { 'backend-tunnel': { backendTunnel: {} } },
    'tunnel.url: unsupported URL scheme "ftp"',
  ],
  [
    'no key set while there is none',
    { mcp: { authentication: { jwks: { url: 'https://gone' }, clientSecretRef: { name: 'key', key: 'x' } } } },
    { 'mcp-authentication': { mcpAuthentication: { mode: 'STRICT', resourceMetadata: {} } } },
    'mcp.authentication.jwks: no keys from https://gone',
    'mcp.authentication.clientSecretRef: secret ns/key missing x value',
  ],
])('sends %s, and says so', (_, section, sent, ...said) => {
  expect(send(section)).toEqual({ sent, said: said.map((each) => `spec.backend.${each}`) })
})

test('closes what a bad rule would have left open', () => {
  const rules = (action: string) => ({
    mcp: { authorization: { action, policy: { matchExpressions: ['jwt.sub = "x"'] } } },
  })
  const [at, message] = [
    'spec.backend.mcp.authorization.policy.matchExpressions[0]',
    'backend MCP authorization matchExpression is not a valid CEL expression: jwt.sub = "x": unexpected = at 1:9 (write == to compare)',
  ]
  expect(send(rules('Require'))).toEqual({
    sent: { 'mcp-authorization': { mcpAuthorization: { require: ['jwt.sub = "x"'] } } },
    said: [`${at}: ${message}`],
  })
  expect(send(rules('Deny'))).toEqual({
    sent: { 'mcp-authorization': { mcpAuthorization: { deny: ['jwt.sub = "x"'], require: ['false'] } } },
    said: [`Invalid: ${at}: ${message}; everything is denied until this rule is mended`],
  })
})

test('translates fields in a fixed order, whatever the order in which they are written', () => {
  const section = { auth: { key: 'k' }, tls: {}, http: {}, tcp: {}, tunnel: { url: 'http://p' }, health: {} }
  expect(Object.keys(send(section).sent)).toEqual([
    'backend-http',
    'backend-tunnel',
    'tls',
    'backend/backend-tcp',
    'health',
    'backend/backend-auth',
  ])
})

test('declares every backend that it refers to, with its field', () => {
  const ref = (name: string) => ({ backendRef: { name } })
  const section = {
    tunnel: ref('tunnel'),
    extAuth: ref('ext-auth'),
    auth: {
      oauthTokenExchange: ref('oauth'),
      crossAppAccess: { identityProvider: ref('idp'), resourceAuthorizationServer: ref('ras') },
    },
    mcp: { authentication: { jwks: ref('jwks') }, guardrails: { processors: [{}, { remote: ref('guardrail') }] } },
    ai: {
      promptGuard: {
        request: [{ webhook: ref('webhook') }, { openAIModeration: { policies: { tunnel: ref('moderation') } } }],
        response: [{ bedrockGuardrails: { policies: { tunnel: ref('bedrock') } } }],
      },
    },
  }
  const found = backendPolicyReferences(section, 'p').map(({ ref: { name }, path }) => `${name} ${path}`)
  expect(found).toEqual([
    'tunnel p.tunnel.backendRef',
    'jwks p.mcp.authentication.jwks.backendRef',
    'guardrail p.mcp.guardrails.processors[1].remote.backendRef',
    'webhook p.ai.promptGuard.request[0].webhook.backendRef',
    'moderation p.ai.promptGuard.request[1].openAIModeration.policies.tunnel.backendRef',
    'bedrock p.ai.promptGuard.response[0].bedrockGuardrails.policies.tunnel.backendRef',
    'oauth p.auth.oauthTokenExchange.backendRef',
    'idp p.auth.crossAppAccess.identityProvider.backendRef',
    'ras p.auth.crossAppAccess.resourceAuthorizationServer.backendRef',
    'ext-auth p.extAuth.backendRef',
  ])
})

test('does not throw on sections that no API server has seen', () => {
  for (const field of ['http', 'tunnel', 'tls', 'tcp', 'health', 'transformation', 'ai', 'auth', 'extAuth']) {
    expect(() => send({ [field]: {} })).not.toThrow()
  }
  expect(() => send({ mcp: { authorization: {}, authentication: {}, guardrails: { processors: {} } } })).not.toThrow()
  expect(() =>
    send({ auth: { jwtSign: {}, credentials: [{}], oauthTokenExchange: {} }, ai: { promptGuard: { request: [{}] } } }),
  ).not.toThrow()
  expect(() =>
    send({ auth: { crossAppAccess: {} }, ai: { promptGuard: { response: [{ webhook: {} }] } } }),
  ).not.toThrow()
})
