import { generateKeyPairSync } from 'node:crypto'
import { expect, test } from 'vitest'
import { backend } from '../../../test/policy-features.ts'

const encoding = { format: 'pem', type: 'pkcs8' } as const
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export(encoding).toString().trim()
const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export(encoding).toString().trim()
const world = {
  secrets: {
    token: { Authorization: ' Bearer abc \n', other: 'Bearer def', blank: '  ', binary: '\xff' },
    aws: { accessKey: 'id', secretKey: 'key ', sessionToken: 't' },
    azure: { clientID: 'c', clientSecret: 's' },
    gcp: {
      'credentials.json': '{"type":"authorized_user"}',
      untyped: '{}',
      torn: '{"type":"service_account"}',
      other: '{"type":"x"}',
      text: 'AIza',
    },
    signing: { signingKey: p256 },
    pem: { signingKey: 'pem' },
    assertion: { signingKey: rsa, certificate: 'chain' },
    client: { clientSecret: 'shh' },
  },
  services: ['idp'],
}
const auth = (spec: object) => {
  const { sent, said } = backend({ auth: spec }, world)
  return { sent: sent['backend/backend-auth'] && Object(sent['backend/backend-auth']).auth, said }
}
const at = 'spec.backend.auth'
const STORE = 'store the JSON file that Google made, such as the key of a service account'
const header = { header: { name: 'x-key', prefix: 'Key ' } }

test.each([
  [
    'a key as it is',
    { key: 'Bearer k', location: header },
    { key: { secret: 'Bearer k', authorizationLocation: header } },
  ],
  ['the token of an Authorization value', { secretRef: { name: 'token' } }, { key: { secret: 'abc' } }],
  ['another entry untouched', { secretRef: { name: 'token', key: 'other' } }, { key: { secret: 'Bearer def' } }],
  ['what the client sent', { passthrough: {} }, { passthrough: {} }],
  ['signatures with ambient AWS credentials', { aws: { region: 'r' } }, { aws: { implicit: {}, region: 'r' } }],
  [
    'signatures with an AWS role',
    {
      aws: {
        serviceName: 's',
        assumeRole: { roleArn: 'arn', sessionName: 'n', tags: [{ key: 'k', expression: 'jwt.sub' }] },
      },
    },
    {
      aws: {
        implicit: {},
        serviceName: 's',
        assumeRole: { roleArn: 'arn', sessionName: 'n', tags: [{ key: 'k', expression: 'jwt.sub' }] },
      },
    },
  ],
  [
    'signatures with AWS keys',
    { aws: { secretRef: { name: 'aws' } } },
    { aws: { explicitConfig: { accessKeyId: 'id', secretAccessKey: 'key', sessionToken: 't' } } },
  ],
  ['ambient Azure tokens', { azure: {} }, { azure: { implicit: {} } }],
  [
    'tokens of an Azure identity',
    { azure: { managedIdentity: { objectId: 'o', resourceId: 'r' } } },
    { azure: { explicitConfig: { managedIdentityCredential: { userAssignedIdentity: { objectId: 'o' } } } } },
  ],
  [
    'tokens of the Azure workload',
    { azure: { workloadIdentity: {} } },
    { azure: { explicitConfig: { workloadIdentityCredential: {} } } },
  ],
  ['Google access tokens', { gcp: {} }, { gcp: { accessToken: {} } }],
  [
    'Google identity tokens with a key',
    { gcp: { type: 'IdToken', audience: 'a', secretRef: { name: 'gcp' } } },
    { gcp: { idToken: { audience: 'a' }, credential: '{"type":"authorized_user"}' } },
  ],
  [
    'a signed token',
    { jwtSign: { signingKeyRef: { name: 'signing' }, alg: 'ES256', claims: { a: [1, null] }, ttl: '1m' } },
    { jwtSign: { signingKey: p256, alg: 'ES256', claims: { a: [1, null] }, ttl: '60s' } },
  ],
  [
    'fixed credentials beside a key, which keep their Bearer',
    { key: 'k', credentials: [{ location: { cookie: { name: 'c' } }, secretRef: { name: 'token' } }] },
    { key: { secret: 'k' }, credentials: [{ location: { cookie: { name: 'c' } }, value: 'Bearer abc' }] },
  ],
])('sends %s', (_, spec, sent) => {
  expect(auth(spec)).toEqual({ sent, said: [] })
})

test('makes nothing of an empty key, and says nothing', () => {
  expect(auth({ key: '' })).toEqual({ sent: undefined, said: [] })
})

test.each([
  ['secretRef', { secretRef: { name: 'gone' } }, { key: {} }, '.secretRef: secret ns/gone not found'],
  [
    'secretRef',
    { secretRef: { name: 'token', key: 'blank' } },
    { key: {} },
    '.secretRef: secret ns/token missing blank value',
  ],
  [
    'secretRef',
    { secretRef: { name: 'token', key: 'binary' } },
    { key: {} },
    '.secretRef: secret ns/token missing binary value',
  ],
  [
    'secretRef',
    { secretRef: { name: 'token', kind: 'Vault', group: 'v.io' } },
    { key: {} },
    '.secretRef: unsupported credential kind: "v.io"/"Vault"',
  ],
  [
    'gcp',
    { gcp: { secretRef: { name: 'gone' } } },
    { jwtSign: { translationError: 'secret ns/gone not found' } },
    '.gcp.secretRef: secret ns/gone not found',
  ],
  [
    'gcp',
    { gcp: { secretRef: { name: 'gcp', key: 'text' } } },
    { jwtSign: { translationError: `gcp credential is not a JSON object; ${STORE}` } },
    `.gcp.secretRef: gcp credential is not a JSON object; ${STORE}`,
  ],
  [
    'gcp',
    { gcp: { secretRef: { name: 'gcp', key: 'torn' } } },
    { jwtSign: { translationError: `gcp credential lacks client_email or private_key; ${STORE}` } },
    `.gcp.secretRef: gcp credential lacks client_email or private_key; ${STORE}`,
  ],
  [
    'gcp',
    { gcp: { secretRef: { name: 'gcp', key: 'other' } } },
    { jwtSign: { translationError: `gcp credential has a type that proxies do not know; ${STORE}` } },
    `.gcp.secretRef: gcp credential has a type that proxies do not know; ${STORE}`,
  ],
  [
    'gcp',
    { gcp: { secretRef: { name: 'gcp', key: 'untyped' } } },
    { gcp: { accessToken: {}, credential: '{}' } },
    `.gcp.secretRef: gcp credential has no type, and proxies refuse it; ${STORE}`,
  ],
  [
    'jwtSign',
    { jwtSign: { signingKeyRef: { name: 'pem' } } },
    { jwtSign: { signingKey: 'pem' } },
    '.jwtSign.signingKeyRef: jwtSign cannot sign with its key, and proxies refuse requests: it is not a private key in PEM',
  ],
  [
    'azure',
    { azure: { secretRef: { name: 'azure' } } },
    { azure: { explicitConfig: { clientSecret: { clientId: 'c', clientSecret: 's' } } } },
    '.azure.secretRef: tenantID is missing or not a valid string',
  ],
  [
    'credentials',
    { credentials: [{ location: { queryParameter: { name: 'q' } }, secretRef: { name: 'gone' } }] },
    { credentials: [{ location: { queryParameter: { name: 'q' } } }] },
    '.credentials[0].secretRef: backendAuth credential "q": secret ns/gone not found',
  ],
  [
    'jwtSign',
    { jwtSign: { signingKeyRef: { name: 'token' }, claims: {} } },
    { jwtSign: { translationError: 'secret ns/token missing signingKey value' } },
    '.jwtSign.signingKeyRef: secret ns/token missing signingKey value',
  ],
  [
    'jwtSign',
    { jwtSign: { signingKeyRef: { name: 'gone' }, claims: { nbf: 1, exp: 2 } } },
    { jwtSign: { translationError: 'jwtSign claim "exp" is reserved for the signer and cannot be configured' } },
    '.jwtSign.claims[exp]: jwtSign claim "exp" is reserved for the signer and cannot be configured',
  ],
])('stays in force, without a credential, when %s cannot be resolved', (_, spec, sent, said) => {
  expect(auth(spec)).toEqual({ sent, said: [at + said] })
})

test('names everything that is wrong with AWS keys, and lets nothing through as one of two identities', () => {
  expect(auth({ aws: { secretRef: { name: 'gcp' }, assumeRole: { roleArn: 'arn' } } })).toEqual({
    sent: { jwtSign: { translationError: 'secretRef and assumeRole are mutually exclusive' } },
    said: [
      `${at}.aws.secretRef: accessKey is missing or not a valid string`,
      `${at}.aws.secretRef: secretKey is missing or not a valid string`,
      `${at}.aws: secretRef and assumeRole are mutually exclusive`,
    ],
  })
})

test.each([
  [[{ key: 'aws:a', value: 'v' }], 'session tag "aws:a" has a key that begins with aws:, which AWS keeps for itself'],
  [[{ key: 'a*', value: 'v' }], 'session tag "a*" has a key that AWS does not allow'],
  [[{ key: 'a', value: 'v*' }], 'session tag "a" has a value that AWS does not allow'],
  [[{ key: 'a' }], 'session tag "a" needs either a value or an expression'],
  [[{ key: 'a', value: 'v', expression: '1' }], 'session tag "a" needs either a value or an expression'],
])('lets nothing through with session tags that AWS refuses: %j', (tags, text) => {
  expect(auth({ aws: { assumeRole: { roleArn: 'arn', tags } } })).toEqual({
    sent: { jwtSign: { translationError: text } },
    said: [`${at}.aws.assumeRole.tags[0]: ${text}`],
  })
})

test('says of an assertion that its key cannot sign', () => {
  const privateKeyJwt = { signingKeyRef: { name: 'signing' }, assertionAudience: 'a' }
  const clientAuth = { clientId: 'c', method: 'PrivateKeyJwt', privateKeyJwt }
  expect(auth({ oauthTokenExchange: { url: 'http://idp', clientAuth } }).said).toEqual([
    `${at}.oauthTokenExchange.clientAuth.privateKeyJwt.signingKeyRef: oauth clientAuth privateKeyJwt cannot sign with its key, and proxies refuse it: RS256 needs an RSA key`,
  ])
})

test('exchanges tokens at an endpoint whose path may come from its URL', () => {
  const spec = {
    url: 'https://idp.example/token',
    grantType: 'TokenExchange',
    subjectToken: { source: header, tokenType: 'IdToken' },
    actorToken: { source: { expression: 'request.headers.a' }, tokenType: 'Jwt', mayAct: 'Required' },
    scopes: ['a'],
    requestedTokenType: 'AccessToken',
    additionalParams: { tenant: '"t"' },
    clientAuth: { clientId: 'id', method: 'ClientSecretPost', secretRef: { name: 'client' } },
    cache: { inMemory: { maxEntries: 0, defaultTtl: '5s' } },
  }
  expect(auth({ oauthTokenExchange: spec })).toEqual({
    sent: {
      oauthTokenExchange: {
        tokenEndpoint: { inline: { hostname: 'idp.example', port: 443 } },
        inlinePolicies: [{ backendTls: { hostname: 'idp.example' } }],
        tokenEndpointPath: '/token',
        grantType: 'TOKEN_EXCHANGE',
        subjectToken: { source: header, tokenType: 'urn:ietf:params:oauth:token-type:id_token' },
        actorToken: {
          source: { expression: 'request.headers.a' },
          tokenType: 'urn:ietf:params:oauth:token-type:jwt',
          enforceMayAct: true,
        },
        scopes: ['a'],
        requestedTokenType: 'urn:ietf:params:oauth:token-type:access_token',
        additionalParams: { tenant: '"t"' },
        clientAuth: { clientId: 'id', method: 'CLIENT_SECRET_POST', clientSecret: 'shh' },
        cache: { inMemory: { maxEntries: 0, defaultTtl: '5s' } },
      },
    },
    said: [],
  })
})

test('says everything that is wrong with a token exchange, and sends what there is', () => {
  const spec = {
    backendRef: { name: 'gone', port: 80 },
    path: 'token',
    grantType: 'JwtBearer',
    subjectToken: { tokenType: 'jwt' },
    actorToken: { source: header, mayAct: 'Required' },
    requestedTokenType: 'IdJag',
    additionalParams: { Scope: 'a b' },
    clientAuth: { clientId: '' },
  }
  const { sent, said } = auth({ oauthTokenExchange: spec })
  const path = `${at}.oauthTokenExchange`
  expect(Object(sent).oauthTokenExchange).toMatchObject({ grantType: 'JWT_BEARER', tokenEndpointPath: 'token' })
  expect(said).toEqual([
    `${path}.backendRef: unable to find the Service ns/gone`,
    `${path}.path: oauthTokenExchange.path "token" must start with /`,
    `${path}.subjectToken.tokenType: oauth subjectToken tokenType "jwt" must be a built-in token type or an absolute URI without a fragment`,
    `${path}.actorToken: oauth actorToken is only valid with TokenExchange grantType`,
    `${path}.actorToken: oauth actorToken mayAct Required requires tokenType Jwt`,
    `${path}.requestedTokenType: oauth requestedTokenType is only valid with TokenExchange grantType`,
    `${path}.requestedTokenType: oauth requestedTokenType IdJag is only supported by crossAppAccess`,
    expect.stringContaining('oauth additionalParams "Scope" is not a valid CEL expression: a b: unexpected b'),
    `${path}.additionalParams[Scope]: oauth additionalParams "Scope" overrides a reserved OAuth parameter`,
    `${path}.clientAuth: oauth clientAuth clientId must not be empty`,
    `${path}.clientAuth: oauth clientAuth without secretRef requires method ClientSecretPost or PrivateKeyJwt`,
  ])
})

test.each([
  [
    'a key without its method',
    { privateKeyJwt: { signingKeyRef: { name: 'assertion' }, assertionAudience: 'a' }, secretRef: { name: 'client' } },
    ['secretRef is not valid with privateKeyJwt', 'privateKeyJwt requires method PrivateKeyJwt'],
  ],
  ['a method without its key', { method: 'PrivateKeyJwt' }, ['method PrivateKeyJwt requires privateKeyJwt settings']],
])('says that client authentication has %s', (_, clientAuth, texts) => {
  const spec = { url: 'http://idp', clientAuth: { clientId: 'c', ...clientAuth } }
  const path = `${at}.oauthTokenExchange.clientAuth`
  expect(auth({ oauthTokenExchange: spec }).said).toEqual(texts.map((text) => `${path}: oauth clientAuth ${text}`))
})

test('goes by two servers for cross-app access, where no scopes differ from absent ones', () => {
  const privateKeyJwt = {
    signingKeyRef: { name: 'assertion' },
    assertionAudience: 'aud',
    certificateRef: { name: 'assertion' },
    certificateHeader: 'x5t#S256',
  }
  const spec = {
    audience: 'aud',
    identityProvider: {
      backendRef: { name: 'idp', port: 80 },
      path: '/t',
      clientAuth: { clientId: 'c', method: 'PrivateKeyJwt', privateKeyJwt },
    },
    resourceAuthorizationServer: {
      url: 'http://10.0.0.1:8080',
      clientAuth: { clientId: 'c', secretRef: { name: 'gone' } },
    },
    accessTokenScopes: [],
    subjectToken: { tokenType: 'https://types/t' },
  }
  expect(auth({ crossAppAccess: spec })).toEqual({
    sent: {
      crossAppAccess: {
        audience: 'aud',
        identityProvider: {
          tokenEndpoint: { service: { namespace: 'ns', hostname: 'idp' }, port: 80 },
          tokenEndpointPath: '/t',
          clientAuth: {
            clientId: 'c',
            method: 'PRIVATE_KEY_JWT',
            privateKeyJwt: {
              signingKey: rsa,
              assertionAudience: 'aud',
              certificate: 'chain',
              certificateHeader: 'X5T_S256',
            },
          },
        },
        resourceAuthorizationServer: {
          tokenEndpoint: { inline: { hostname: '10.0.0.1', port: 8080 } },
          clientAuth: { clientId: 'c', clientSecret: '' },
        },
        accessTokenScopes: {},
        subjectToken: { tokenType: 'https://types/t' },
      },
    },
    said: [`${at}.crossAppAccess.resourceAuthorizationServer.clientAuth.secretRef: secret ns/gone not found`],
  })
})
