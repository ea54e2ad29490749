// Which fields of the protocol hold secrets, decided per message type, and canonical JSON without them. A hash takes the
// place of a secret, so that two outputs can still be compared; everything else stays as it is.
import { createHash } from 'node:crypto'
import protobuf from 'protobufjs'
import { messageType, RESOURCE_TYPE } from './proto.ts'

const PACKAGE = '.agentgateway.dev.resource.'

/** Fields that hold secrets, by message type within the package. */
export const SECRET_FIELDS: Readonly<Record<string, readonly string[]>> = {
  AwsExplicitConfig: ['accessKeyId', 'secretAccessKey', 'sessionToken'],
  AzureClientSecret: ['clientSecret'],
  BackendAuthCredential: ['value'],
  'BackendPolicySpec.BackendTLS': ['key'],
  'BackendPolicySpec.McpAuthentication': ['clientSecret'],
  Gcp: ['credential'],
  JwtSign: ['signingKey'],
  Key: ['secret'],
  OAuthClientAuth: ['clientSecret'],
  'OAuthClientAuth.PrivateKeyJwt': ['signingKey'],
  TLSConfig: ['privateKey'],
  'TrafficPolicySpec.APIKey.User': ['key', 'keyHash'],
  'TrafficPolicySpec.BasicAuthentication': ['htpasswdContent'],
  'TrafficPolicySpec.JWT.MCP': ['clientSecret'],
}

/** Whether a field holds a secret; `type` is the full name of its message. */
export function isSecretField(type: string, field: string): boolean {
  return type.startsWith(PACKAGE) && SECRET_FIELDS[type.slice(PACKAGE.length)]?.includes(field) === true
}

/** What is shown of a secret. */
export function hidden(secret: string): string {
  return `<redacted sha256:${createHash('sha256').update(secret).digest('hex').slice(0, 12)}>`
}

/** The canonical JSON of a gateway's resource without its secrets. */
export function resourceWithoutSecrets(resource: unknown): unknown {
  return withoutSecrets(messageType(RESOURCE_TYPE), resource)
}

type JsonFields = Readonly<Record<string, unknown>>

function withoutSecrets(type: protobuf.Type, json: unknown): unknown {
  // Messages with a JSON of their own hold plain values.
  if (!isFields(json) || type.fullName.startsWith('.google.protobuf.')) return json
  return Object.fromEntries(
    Object.entries(json).map(([name, value]) => {
      const field = type.fields[name]
      if (field === undefined) return [name, value]
      if (isSecretField(type.fullName, name)) return [name, value === '' ? '' : hidden(String(value))]
      const { resolvedType } = field
      if (!(resolvedType instanceof protobuf.Type)) return [name, value]
      if (Array.isArray(value)) return [name, value.map((each) => withoutSecrets(resolvedType, each))]
      if (field instanceof protobuf.MapField && isFields(value))
        return [
          name,
          Object.fromEntries(Object.entries(value).map(([key, each]) => [key, withoutSecrets(resolvedType, each)])),
        ]
      return [name, withoutSecrets(resolvedType, value)]
    }),
  )
}

function isFields(json: unknown): json is JsonFields {
  return typeof json === 'object' && json !== null && !Array.isArray(json)
}
