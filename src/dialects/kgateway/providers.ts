// Model providers of a kgateway Backend, in the shapes of all its generations, as providers of an AgentgatewayBackend with
// their credentials. Without its credential no provider is carried over: nobody is asked anonymously by mistake.
import type { JsonObject } from '../../kube/json.ts'
import type { Fields } from '../fields.ts'
import { present, unlessEmpty } from '../made.ts'

/** A provider and the policies that belong to it. */
export interface CarriedProvider {
  readonly provider: JsonObject
  readonly policies: JsonObject | undefined
}

const NAMES = ['openai', 'azureopenai', 'anthropic', 'gemini', 'vertexai', 'bedrock'] as const
const NO_VERSION = 'agentgateway knows which version of the API to ask for'

/** Reads one provider: `llm` of 2.1 with the provider beside its overrides, or of 2.0 with the provider inside. */
export function carryProvider(from: Fields): CarriedProvider | undefined {
  const outer = from.fields('provider')
  const names = NAMES.filter((name) => (outer ?? from).has(name))
  const [name] = names
  if (name === undefined || names.length > 1) {
    from.tell(`exactly one of ${NAMES.join(', ')} must be set`)
    return undefined
  }
  const settings = (outer ?? from).fields(name)
  if (settings === undefined) return undefined
  const auth = name === 'bedrock' ? awsAuth(settings) : tokenAuth(settings)
  const header = headerLocation(from.fields('authHeader') ?? from.fields('authHeaderOverride'))
  const override = from.fields('hostOverride') ?? from
  const host = override.text('host')
  const port = override.whole('port')
  const path = from.fields('path')?.text('full') ?? from.fields('pathOverride')?.text('fullPath')
  if (port !== undefined && host === undefined) from.tell('a port needs a host', { field: 'port' })
  if (header !== undefined && name === 'bedrock') from.drop('authHeader', 'requests to Bedrock are signed')
  return {
    provider: present({
      [name]: SETTINGS[name](settings),
      host,
      port: host === undefined ? undefined : (port ?? 443),
      path,
    }),
    policies: unlessEmpty(
      present({
        auth:
          auth === undefined
            ? undefined
            : header === undefined || name === 'bedrock'
              ? auth
              : { ...auth, location: { header } },
      }),
    ),
  }
}

const SETTINGS: Readonly<Record<(typeof NAMES)[number], (settings: Fields) => JsonObject>> = {
  openai: (settings) => present({ model: settings.text('model') }),
  azureopenai: (settings) => {
    const endpoint = settings.text('endpoint')
    if (endpoint === undefined) settings.tell('the host name of the resource is required', { field: 'endpoint' })
    return present({
      endpoint,
      deploymentName: settings.text('deploymentName'),
      apiVersion: settings.text('apiVersion'),
    })
  },
  anthropic: (settings) => {
    settings.drop('apiVersion', NO_VERSION)
    return present({ model: settings.text('model') })
  },
  gemini: (settings) => {
    settings.drop('apiVersion', NO_VERSION)
    return present({ model: settings.text('model') })
  },
  vertexai: (settings) => {
    settings.drop('apiVersion', NO_VERSION)
    settings.drop('modelPath', 'the path follows from the model')
    if (settings.text('publisher') !== 'GOOGLE') settings.drop('publisher', 'only models of Google are asked')
    const projectId = settings.text('projectId')
    if (projectId === undefined) settings.tell('the project is required', { field: 'projectId' })
    return present({ projectId, region: settings.text('location'), model: settings.text('model') })
  },
  bedrock: (settings) => {
    const guardrail = settings.fields('guardrail')
    return present({
      region: settings.text('region'),
      model: settings.text('model'),
      guardrail: guardrail && present({ identifier: guardrail.text('identifier'), version: guardrail.text('version') }),
    })
  },
}

/** The credential of a provider, or of a moderation service. */
export function tokenAuth(from: Fields): JsonObject | undefined {
  const token = from.fields('authToken')
  if (token === undefined) {
    from.tell('a credential is required: authToken with kind SecretRef, Inline or Passthrough', { field: 'authToken' })
    return undefined
  }
  const inline = token.text('inline')
  const name = token.fields('secretRef')?.text('name')
  const kind = token.text('kind') ?? (name !== undefined ? 'SecretRef' : inline !== undefined ? 'Inline' : '')
  switch (kind) {
    case 'SecretRef':
      if (name !== undefined) return { secretRef: { name } }
      token.tell('the name of the Secret is required', { field: 'secretRef' })
      return undefined
    case 'Inline':
      // The proxy puts the word in front of every key.
      if (inline !== undefined)
        return { key: inline.startsWith('Bearer ') ? inline.slice('Bearer '.length).trim() : inline }
      token.tell('the credential itself is required', { field: 'inline' })
      return undefined
    case 'Passthrough':
      return { passthrough: {} }
    default:
      token.tell('must be one of Inline, SecretRef, Passthrough', { field: 'kind' })
      return undefined
  }
}

// Without `auth` a proxy signs as what it runs as.
function awsAuth(from: Fields): JsonObject {
  const auth = from.fields('auth')
  if (auth === undefined) return { aws: {} }
  const type = auth.text('type')
  const name = auth.fields('secretRef')?.text('name')
  if (type !== undefined && type !== 'Secret') auth.tell('must be Secret', { field: 'type' })
  else if (name === undefined) auth.tell('the name of the Secret is required', { field: 'secretRef' })
  return { aws: name === undefined ? {} : { secretRef: { name } } }
}

function headerLocation(from: Fields | undefined): JsonObject | undefined {
  if (from === undefined) return undefined
  const prefix = from.text('prefix')
  const name = from.text('headerName') ?? 'Authorization'
  return present({ name, prefix: prefix === undefined || prefix === '' ? undefined : prefix.replace(/\s*$/, ' ') })
}
