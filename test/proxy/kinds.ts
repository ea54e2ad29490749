// One policy and one backend of every kind, with the members that are printed in their own way.
import { generateKeyPairSync } from 'node:crypto'
import type {
  AIProvider,
  Backend,
  BackendPolicySpec,
  BackendReference,
  FrontendPolicySpec,
  Policy,
  ProviderPreset,
  TrafficPolicySpec,
} from '../../src/wire/messages.ts'

function privateKey(curve?: string): string {
  const { privateKey } =
    curve === undefined
      ? generateKeyPairSync('rsa', { modulusLength: 2048 })
      : generateKeyPairSync('ec', { namedCurve: curve })
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
}

const rsa = privateKey()
const ec = privateKey('P-256')
const ref: BackendReference = { backend: 'x' }
const P = (provider: AIProvider): AIProvider => ({ name: 'p', ...provider })

const TRAFFIC: Readonly<Record<string, TrafficPolicySpec>> = {
  retry: {
    retry: {
      retryStatusCodes: Array.from({ length: 900 }, (_, i) => i + 100),
      attempts: 300,
      backoff: { nanos: 1500000 },
      precondition: 'a',
    },
  },
  timeout: { timeout: { request: { seconds: '5', nanos: 999999999 }, backendRequest: {} } },
  delay: { delay: { duration: '"1s"' } },
  rl1: {
    localRateLimit: {
      rules: [
        { maxTokens: '9007199254740993', tokensPerFill: '1', fillInterval: { nanos: 1100 }, type: 'TOKEN' },
        { maxTokens: '1', tokensPerFill: '1', fillInterval: { seconds: '3661' } },
      ],
    },
  },
  rrl: {
    remoteRateLimit: {
      domain: 'd',
      target: { service: { namespace: 'n', hostname: 'h' }, port: 80 },
      failureMode: 'FAIL_OPEN',
      descriptors: [{ entries: [{ key: 'k', value: 'a' }], type: 'TOKENS', cost: '1' }, {}],
      inlinePolicies: [{ backendTcp: {} }],
    },
  },
  ea1: {
    extAuthz: {
      target: ref,
      grpc: {},
      failureMode: 'DENY_WITH_STATUS',
      includeRequestBody: {},
      includeRequestHeaders: ['X-A', ':path'],
      cache: { key: ['a'], ttl: '"1s"' },
    },
  },
  ea2: {
    extAuthz: {
      target: { inline: { hostname: '::ffff:1.2.3.4', port: 1 } },
      http: {
        path: 'a',
        includeResponseHeaders: ['X-B'],
        addRequestHeaders: { 'X-C': 'a', ':authority': 'b' },
        metadata: { m: 'a' },
      },
      failureMode: 'ALLOW',
    },
  },
  ep1: { extProc: { target: ref } },
  ep2: {
    extProc: {
      target: {},
      failureMode: 'FAIL_OPEN',
      processingOptions: { requestBodyMode: 'BUFFERED_PARTIAL', requestHeaderMode: 'SKIP', allowModeOverride: true },
      metadataContext: { ns: { context: { a: 'b' } } },
      requestAttributes: { a: 'b' },
    },
  },
  jwt: {
    jwt: {
      mode: 'PERMISSIVE',
      providers: [{ issuer: 'i', inline: '{"keys":[]}' }],
      authorizationLocation: { cookie: { name: 'c' } },
      mcp: {
        provider: 'ENTRA',
        resourceMetadata: {
          extra: {
            resourceName: { stringValue: 'x' },
            n: { numberValue: 3 },
            l: { listValue: { values: [{ boolValue: true }] } },
            o: { structValue: { fields: { z: { nullValue: 'NULL_VALUE' } } } },
          },
        },
        clientId: 'c',
        clientSecret: 's',
      },
    },
  },
  jwt2: { jwt: { providers: [{ issuer: 'i', inline: 'nonsense' }], authorizationLocation: { expression: 'a' } } },
  basic: {
    basicAuth: {
      htpasswdContent: 'a:b',
      realm: 'r',
      mode: 'OPTIONAL',
      authorizationLocation: { queryParameter: { name: 'q' } },
    },
  },
  api: {
    apiKeyAuth: { apiKeys: [{ key: 'k' }], mode: 'PERMISSIVE', authorizationLocation: { header: { name: 'X-Key' } } },
  },
  csrf: { csrf: { additionalOrigins: ['b', 'a', 'b'] } },
  redirect: { requestRedirect: { scheme: 'https', host: 'h', port: 8443, full: '/x', status: 307 } },
  redirect2: { requestRedirect: { port: 8443, prefix: '' } },
  redirect3: { requestRedirect: { host: 'h' } },
  rewrite: { urlRewrite: { host: 'h', prefix: '/p' } },
  hr: { hostRewrite: { mode: 'AUTO' } },
  mirror: { requestMirror: { mirrors: [{ backend: ref, percentage: 12.5 }, {}] } },
  direct: { directResponse: { status: 204 } },
  direct2: {
    directResponse: { status: 200, body: Buffer.from([0, 255, 1]), headers: [{ name: 'X-A', expression: 'a' }] },
  },
  direct3: { directResponse: { status: 200, bodyExpression: 'a' } },
  buffer: { buffer: { request: {}, response: { maxBytes: 5, failureMode: 'FAIL_OPEN' } } },
  cors: {
    cors: {
      allowCredentials: true,
      allowHeaders: ['X-A', 'b'],
      allowMethods: ['get'],
      allowOrigins: ['https://a'],
      exposeHeaders: ['*'],
      maxAge: { seconds: '86400' },
    },
  },
  hm: {
    requestHeaderModifier: {
      add: [
        { name: 'A', value: '1' },
        { name: 'A', value: '2' },
      ],
      remove: ['B'],
    },
  },
  tr: {
    transformation: {
      request: {
        set: [
          { name: ':path', expression: 'a' },
          { name: 'X-A', expression: 'a' },
        ],
        body: { expression: 'b' },
        metadata: { m: 'x' },
      },
      response: { remove: ['X-Y'] },
    },
  },
}

const BACKEND: Readonly<Record<string, BackendPolicySpec>> = {
  a2a: { a2a: {} },
  ir: { inferenceRouting: { endpointPicker: ref, failureMode: 'FAIL_OPEN' } },
  tls1: { backendTls: {} },
  tls2: {
    backendTls: {
      verification: 'INSECURE_ALL',
      hostname: 'h',
      alpn: {},
      keyExchangeGroups: ['P256', 'X25519_MLKEM768'],
    },
  },
  tls3: { backendTls: { verification: 'INSECURE_HOST', verifySubjectAltNames: [], alpn: { protocols: ['h2'] } } },
  tls4: { backendTls: { certificateSource: 'SPIFFE' } },
  auth1: { auth: { passthrough: {} } },
  auth2: {
    auth: {
      key: { secret: 's', authorizationLocation: { header: { name: 'X-K', prefix: '' } } },
      credentials: [{ location: { cookie: { name: 'c' } }, value: 'v' }],
    },
  },
  auth3: { auth: { credentials: [{ location: { queryParameter: { name: 'c' } }, value: 'v' }] } },
  gcp1: { auth: { gcp: {} } },
  gcp2: { auth: { gcp: { idToken: { audience: 'a' } } } },
  gcp3: { auth: { gcp: { idToken: {} } } },
  aws1: { auth: { aws: { explicitConfig: { accessKeyId: 'a', secretAccessKey: 'b' }, serviceName: 's' } } },
  aws2: {
    auth: { aws: { explicitConfig: { accessKeyId: 'a', secretAccessKey: 'b', sessionToken: 't' }, region: 'r' } },
  },
  aws3: {
    auth: {
      aws: {
        implicit: {},
        assumeRole: {
          roleArn: 'r',
          sessionNameExpression: 'a',
          tags: [
            { key: 'z', value: '1' },
            { key: 'b', expression: 'x' },
            { key: 'a', value: '' },
          ],
        },
      },
    },
  },
  aws4: { auth: { aws: { implicit: {}, assumeRole: { roleArn: 'r', sessionName: 'n' } } } },
  az1: { auth: { azure: { explicitConfig: { clientSecret: { tenantId: 't', clientId: 'c', clientSecret: 's' } } } } },
  az2: { auth: { azure: { explicitConfig: { managedIdentityCredential: {} } } } },
  az3: {
    auth: { azure: { explicitConfig: { managedIdentityCredential: { userAssignedIdentity: { resourceId: 'r' } } } } },
  },
  az4: { auth: { azure: { explicitConfig: { workloadIdentityCredential: {} } } } },
  az5: { auth: { azure: { developerImplicit: {} } } },
  az6: { auth: { azure: { implicit: {} } } },
  js1: {
    auth: {
      jwtSign: {
        signingKey: rsa,
        alg: 'PS256',
        kid: 'k',
        claims: { z: { stringValue: 'a' }, a: { numberValue: 1.5 } },
        ttl: { seconds: '90' },
      },
    },
  },
  js2: { auth: { jwtSign: { signingKey: ec, alg: 'ES256' } } },
  js3: { auth: { jwtSign: { signingKey: ec } } },
  js4: { auth: { jwtSign: { translationError: ' ' } } },
  js5: { auth: { jwtSign: { signingKey: ec, alg: 'ES384' } } },
  oa1: {
    auth: {
      oauthTokenExchange: {
        tokenEndpoint: ref,
        clientAuth: {
          clientId: 'c',
          method: 'PRIVATE_KEY_JWT',
          privateKeyJwt: { signingKey: ec, alg: 'ES256', assertionAudience: 'a' },
        },
        actorToken: {
          source: { header: { name: 'X-Actor' } },
          tokenType: 'urn:ietf:params:oauth:token-type:jwt',
          enforceMayAct: true,
        },
        additionalParams: { z: 'a', b: '"c"' },
      },
    },
  },
  oa2: {
    auth: {
      oauthTokenExchange: {
        tokenEndpoint: ref,
        tokenEndpointPath: '/t',
        grantType: 'JWT_BEARER',
        clientAuth: { clientId: 'c', clientSecret: 's' },
        authorizationLocation: { header: { name: 'X-Up' } },
        cache: {},
      },
    },
  },
  ca: {
    auth: {
      crossAppAccess: {
        identityProvider: {
          tokenEndpoint: ref,
          clientAuth: { clientId: 'c', clientSecret: 's', method: 'CLIENT_SECRET_POST' },
        },
        resourceAuthorizationServer: {
          tokenEndpoint: ref,
          tokenEndpointPath: '/p',
          clientAuth: { clientId: 'd', method: 'CLIENT_SECRET_POST' },
        },
        audience: 'a',
        scopes: ['s'],
        accessTokenScopes: {},
      },
    },
  },
  mcpa: {
    mcpAuthentication: {
      issuer: 'i',
      jwksInline: '{"keys":[]}',
      audiences: ['a'],
      mode: 'STRICT',
      provider: 'KEYCLOAK',
    },
  },
  guard: {
    mcpGuardrails: {
      processors: [
        {
          remote: { target: ref, allowedRequestHeaders: ['X-A'], metadata: { m: 'a' } },
          methods: { 'tools/*': 'FULL', x: 'OFF' },
        },
      ],
    },
  },
  ai: {
    ai: {
      defaults: { a: '1', b: '{"x":[1,"2"]}' },
      promptCaching: { cacheSystem: true, minTokens: 5 },
      prompts: { append: [{ role: 'user', content: 'x' }] },
      routes: { '*': 'PASSTHROUGH', '/v1/a': 'UNSPECIFIED', '/v1/bb': 'GEMINI_COUNT_TOKENS' },
      promptGuard: {
        streaming: 'ENABLED',
        request: [
          {
            regex: {
              rules: [{ builtin: 'CA_SIN' }, { regex: 'a+' }, { regex: '(?=x)' }, { regex: '(?i)x{1,2}\\p{L}' }],
            },
            rejection: { body: Buffer.from('x'), status: 9999 },
            scope: ['CONTENT_SCOPE_TOOL_INPUT'],
          },
          { openaiModeration: { model: 'm' } },
          {
            webhook: {
              backend: ref,
              headers: { 'X-A': 'a' },
              forwardHeaderMatches: [{ name: 'X-B', exact: 'b' }],
              failureMode: 'FAIL_OPEN',
            },
          },
          { azureContentSafety: { endpoint: 'e', blocklistNames: ['b'], severityThreshold: 0 } },
        ],
        response: [
          { bedrockGuardrails: { identifier: 'i', version: 'v', region: 'r' } },
          { googleModelArmor: { templateId: 't', projectId: 'p', location: 'l' } },
        ],
      },
    },
  },
  http: { backendHttp: { version: 'HTTP2', requestTimeout: { nanos: 1000000 } } },
  http0: { backendHttp: {} },
  tcp: { backendTcp: { keepalive: { retries: 1 }, connectTimeout: { seconds: '2' } } },
  tunnel: { backendTunnel: { proxy: ref, inlinePolicies: [{ backendTls: {} }] } },
  health: {
    health: {
      unhealthyCondition: 'a',
      eviction: { duration: { seconds: '3' }, restoreHealth: 0.5, consecutiveFailures: 0, healthThreshold: 1 },
    },
  },
  health0: { health: {} },
  mcpz: { mcpAuthorization: { deny: ['a'] } },
  az: { authorization: { require: ['b'] } },
}

const FRONTEND: Readonly<Record<string, FrontendPolicySpec>> = {
  fh: { http: {} },
  ft: {
    tls: {
      alpn: { protocols: ['h2'] },
      minVersion: 'TLS_V1_2',
      cipherSuites: ['TLS_AES_256_GCM_SHA384'],
      keyExchangeGroups: ['P384'],
    },
  },
  ft0: { tls: {} },
  ftcp: { tcp: {} },
  fna: { networkAuthorization: { allow: ['a'] } },
  fp: { proxyProtocol: { version: 'ALL', mode: 'OPTIONAL' } },
  fp0: { proxyProtocol: {} },
  fc: { connect: { mode: 'TUNNEL' } },
  fl: {
    logging: {
      filter: 'a',
      fields: { add: [{ name: 'x', expression: 'y' }], remove: ['r'] },
      otlpAccessLog: { providerBackend: ref, path: '/x', protocol: 'GRPC', fields: {} },
    },
  },
  fl0: { logging: {} },
  fl1: { logging: { otlpAccessLog: { providerBackend: ref, path: '/v1/logs' } } },
  ftr: { tracing: { providerBackend: ref, randomSampling: 'true', remove: ['a'] } },
  fm: { metrics: {} },
}

const BACKENDS: Readonly<Record<string, Backend>> = {
  ai1: {
    ai: {
      providerGroups: [
        { providers: [] },
        {
          providers: [
            P({ openai: { moderation: { policy: { input: { mode: 'MODERATION_MODE_BLOCK' } } } } }),
            { vertex: { projectId: 'x' } },
            P({ name: 'q', gemini: { model: 'g' }, baseUrl: 'https://[2001:DB8::1]/v9//' }),
          ],
        },
        {
          providers: [
            P({ anthropic: {}, baseUrl: 'http://h:81', pathOverride: '/x' }),
            P({ name: 'bed', bedrock: { region: 'r', guardrailVersion: '1' } }),
            P({ name: 'azf', azure: { resourceName: 'r', resourceType: 'FOUNDRY', projectName: 'p' } }),
            P({
              name: 'cu',
              custom: { formats: [{ format: 'ANTHROPIC_TOKEN_COUNT', path: '/p' }] },
              providerBackend: ref,
            }),
          ],
        },
      ],
    },
  },
  dyn: { dynamic: {} },
  agc: { aws: { agentCore: { agentRuntimeArn: 'arn:aws:bedrock-agentcore:us-east-1:123:runtime/x', qualifier: 'q' } } },
  gr: { guardrail: { openaiModeration: {} }, inlinePolicies: [{ a2a: {} }] },
  unix: { static: { unixPath: '/tmp/x' } },
  v6: { static: { host: 'FE80::0:1', port: 70000 } },
  mr: { modelRouter: { routerKey: '/llm:x' } },
}

const PRESETS: readonly ProviderPreset[] = [
  'PROVIDER_PRESET_COHERE',
  'PROVIDER_PRESET_OLLAMA',
  'PROVIDER_PRESET_BASETEN',
  'PROVIDER_PRESET_CEREBRAS',
  'PROVIDER_PRESET_DEEPINFRA',
  'PROVIDER_PRESET_DEEPSEEK',
  'PROVIDER_PRESET_GROQ',
  'PROVIDER_PRESET_HUGGINGFACE',
  'PROVIDER_PRESET_MISTRAL',
  'PROVIDER_PRESET_OPENROUTER',
  'PROVIDER_PRESET_TOGETHERAI',
  'PROVIDER_PRESET_XAI',
  'PROVIDER_PRESET_FIREWORKS',
]

/** A policy of every kind. */
export function everyPolicy(): readonly Policy[] {
  const route = { route: { name: 'r', namespace: 'n' } }
  const gateway = { gateway: { name: 'g', namespace: 'n', port: 80 } }
  return [
    ...Object.entries(TRAFFIC).map(([key, traffic]) => ({ key, target: route, traffic })),
    ...Object.entries(BACKEND).map(([key, backend]) => ({ key, target: route, backend })),
    ...Object.entries(FRONTEND).map(([key, frontend]) => ({ key, target: gateway, frontend })),
  ]
}

/** A backend of every kind. */
export function everyBackend(): readonly Backend[] {
  return [
    ...Object.entries(BACKENDS).map(([key, backend]) => ({ key, name: { name: key, namespace: 'n' }, ...backend })),
    ...PRESETS.map((providerPreset) => ({
      key: String(providerPreset),
      name: { name: 'preset', namespace: 'n' },
      ai: { providerGroups: [{ providers: [P({ providerPreset, modelOverride: 'm' })] }] },
    })),
  ]
}
