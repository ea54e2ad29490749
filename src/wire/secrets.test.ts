import protobuf from 'protobufjs'
import { expect, test } from 'vitest'
import { encodeResource } from './encode.ts'
import { messageType, RESOURCE_TYPE } from './proto.ts'
import { encodedToJson } from './protojson.ts'
import { hidden, isSecretField, resourceWithoutSecrets, SECRET_FIELDS } from './secrets.ts'

const SOUNDS_SECRET = /secret|password|credential|htpasswd|private|token|signing|key$|keyHash|auth$/i

/** Fields whose names sound secret, and that are not: names of things, kinds of tokens, public parts. */
const PUBLIC = new Set([
  ...['Bind.key', 'Listener.key', 'Listener.bindKey', 'Route.key', 'Route.listenerKey', 'Route.routeGroupKey'],
  ...[
    'RouteBackend.routeGroupKey',
    'TCPRoute.key',
    'TCPRoute.listenerKey',
    'Policy.key',
    'Backend.key',
    'RouteGroup.key',
  ],
  ...['ModelRoute.key', 'ModelRoute.listenerKey', 'ModelRoute.routerKey', 'ModelRouterBackend.routerKey'],
  ...['AwsSessionTag.key', 'TrafficPolicySpec.RemoteRateLimit.Entry.key'],
  'TrafficPolicySpec.ExternalAuth.Cache.key',
  ...['OAuthTokenExchange.requestedTokenType', 'OAuthTokenExchange.TokenSpec.tokenType'],
  ...['OAuthTokenExchange.ActorToken.tokenType', 'CrossAppAccessAuth.SubjectToken.tokenType'],
  'OAuthTokenExchange.tokenEndpointPath',
  'CrossAppAccessAuth.Endpoint.tokenEndpointPath',
])

function* textFields(space: protobuf.NamespaceBase): Generator<readonly [string, string]> {
  for (const nested of space.nestedArray) {
    if (nested instanceof protobuf.Type) {
      for (const field of nested.fieldsArray) {
        if (field.type === 'string' || field.type === 'bytes') yield [nested.fullName, field.name]
      }
    }
    if (nested instanceof protobuf.Namespace) yield* textFields(nested)
  }
}

const short = (type: string, field: string) => `${type.replace('.agentgateway.dev.resource.', '')}.${field}`

test('every field of the protocol whose name sounds secret has been decided on', () => {
  const { root } = messageType(RESOURCE_TYPE)
  const found = [...textFields(root.lookup('agentgateway.dev.resource') as protobuf.Namespace)]
  const undecided = found
    .filter(([type, field]) => SOUNDS_SECRET.test(field) && !isSecretField(type, field))
    .map(([type, field]) => short(type, field))
    .filter((name) => !PUBLIC.has(name))
  expect(undecided).toEqual([])
  const known = new Set(found.map(([type, field]) => short(type, field)))
  const listed = Object.entries(SECRET_FIELDS).flatMap(([type, fields]) => fields.map((field) => `${type}.${field}`))
  expect([...listed, ...PUBLIC].filter((name) => !known.has(name))).toEqual([])
})

test('secrets are replaced where they stand, and nothing else is', () => {
  const encoded = encodeResource({
    kind: 'backend',
    backend: {
      key: 'ns/secret',
      name: { namespace: 'ns', name: 'token' },
      ai: {
        providerGroups: [
          {
            providers: [
              {
                name: 'key',
                inlinePolicies: [
                  {
                    auth: {
                      key: { secret: 'a', authorizationLocation: { header: { name: 'secret', prefix: 'key ' } } },
                    },
                  },
                ],
              },
            ],
          },
        ],
      },
      inlinePolicies: [
        { auth: { credentials: [{ value: 'b' }, { value: '' }] } },
        { backendTls: { cert: Buffer.from('public'), key: Buffer.from('c'), hostname: 'secret' } },
        {
          mcpAuthentication: {
            clientId: 'd',
            clientSecret: 'e',
            resourceMetadata: { extra: { clientSecret: { stringValue: 'f' } } },
          },
        },
      ],
    },
  })
  const json = encodedToJson(encoded)
  const expected = JSON.stringify(json)
    .replace('"secret":"a"', `"secret":"${hidden('a')}"`)
    .replace('"value":"b"', `"value":"${hidden('b')}"`)
    .replace('"key":"Yw=="', `"key":"${hidden('Yw==')}"`)
    .replace('"clientSecret":"e"', `"clientSecret":"${hidden('e')}"`)
  expect(JSON.stringify(resourceWithoutSecrets(json))).toBe(expected)
})
