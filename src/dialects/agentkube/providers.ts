// Providers of an LLMGateway's upstreams. What a provider needs beside its name is not shown on the page that describes the
// kind: `endpoint` and `options` are our proposal, and an upstream that lacks what it needs says so.
import type { JsonObject } from '../../kube/json.ts'
import type { DialectContext } from '../carried.ts'
import type { Fields } from '../fields.ts'
import { present, unlessEmpty } from '../made.ts'
import { type Endpoint, readEndpoint, readSecret } from './served.ts'

/** An upstream, ready to be asked for any of its models. */
export interface LlmUpstream {
  readonly name: string
  readonly path: string
  readonly models: readonly string[]
  readonly priority: number
  readonly missing: string | undefined
  readonly shown: string
  /** The provider entry for a model, without name. */
  readonly entry: (model: string) => JsonObject
}

interface Settings {
  readonly endpoint: Endpoint | undefined
  readonly options: Fields | undefined
  readonly from: Fields
}

interface Provider {
  /** Where its own API is on a host that `endpoint` names without a path. */
  readonly basePath?: string
  readonly block: (model: string, settings: Settings) => JsonObject
  /** What is checked once, where it is read. */
  readonly check?: (settings: Settings) => void
  readonly needsCredential: boolean
  /** Credential of a Secret, where it is no bearer token. */
  readonly auth?: (secret: { readonly name: string; readonly key: string | undefined }) => JsonObject
  readonly withoutCredential?: JsonObject
}

const plain = (name: string, basePath?: string): Provider => ({
  ...(basePath === undefined ? {} : { basePath }),
  block: (model) => ({ [name]: { model } }),
  needsCredential: true,
})

const local = (name: string): Provider => ({
  block: (model) => ({ custom: { model, formats: [{ type: 'Completions' }, { type: 'Embeddings' }] } }),
  check: ({ endpoint, from }) => {
    if (endpoint === undefined && !from.has('endpoint')) {
      from.tell(`is required for provider ${name}, such as http://${name}.models.svc:8000`, { field: 'endpoint' })
    }
  },
  needsCredential: false,
})

const PROVIDERS: Readonly<Record<string, Provider>> = {
  openai: plain('openai', '/v1'),
  anthropic: plain('anthropic', '/v1'),
  gemini: plain('gemini', '/'),
  bedrock: {
    basePath: '/',
    block: (model, { options }) => ({ bedrock: present({ model, region: options?.text('region') }) }),
    needsCredential: false,
    auth: ({ name }) => ({ aws: { secretRef: { name } } }),
    withoutCredential: { aws: {} },
  },
  vertexai: {
    basePath: '/',
    block: (model, { options }) => ({
      vertexai: present({ model, projectId: options?.text('project'), region: options?.text('region') }),
    }),
    check: ({ options, from }) => {
      if (options?.text('project') === undefined)
        from.tell('options.project is required for provider vertexai', { field: 'options' })
    },
    needsCredential: false,
    withoutCredential: { gcp: {} },
  },
  azureopenai: {
    block: (model, { options, endpoint }) => ({
      azureopenai: present({
        endpoint: endpoint?.host ?? `${options?.text('resource')}.openai.azure.com`,
        deploymentName: options?.text('deployment') ?? model,
        apiVersion: options?.text('apiVersion'),
      }),
    }),
    check: ({ options, from }) => {
      if (options?.text('resource') === undefined && !from.has('endpoint')) {
        from.tell('options.resource or endpoint is required for provider azureopenai', { field: 'options' })
      }
    },
    needsCredential: true,
  },
  ollama: local('ollama'),
  vllm: local('vllm'),
}

const ALIASES: Readonly<Record<string, string>> = { vertex: 'vertexai', azure: 'azureopenai', google: 'gemini' }

/** Reads one upstream; undefined when it cannot be asked for anything. */
export function readLlmUpstream(from: Fields, namespace: string, context: DialectContext): LlmUpstream | undefined {
  const name = from.text('name') ?? ''
  const written = from.text('provider') ?? ''
  const key = written.toLowerCase().replace(/[\s_-]/g, '')
  const canonical = ALIASES[key] ?? key
  const provider = Object.hasOwn(PROVIDERS, canonical) ? PROVIDERS[canonical] : undefined
  const endpoint = readEndpoint(from, 'endpoint')
  const options = from.fields('options')
  const ref = from.fields('credentialsRef')
  const secret = ref && readSecret(ref, namespace, context)
  const models = from.texts('models')
  if (models.length === 0) from.tell('at least one model is required', { field: 'models' })
  const priority = from.whole('priority') ?? 1
  if (provider === undefined) {
    from.tell(`must be one of ${Object.keys(PROVIDERS).join(', ')}`, { field: 'provider' })
    return undefined
  }
  provider.check?.({ endpoint, options, from })
  // Whatever a provider reads counts as read from here on.
  provider.block('', { endpoint, options, from })
  if (secret === undefined && ref === undefined && provider.needsCredential) {
    from.tell(`is required for provider ${canonical}`, { field: 'credentialsRef' })
  }
  if (canonical === 'bedrock' && ref !== undefined) {
    ref.drop('key', 'the Secret has accessKey, secretKey and optionally sessionToken')
  }
  if (secret?.hasBearer && provider.auth === undefined) {
    ref?.tell('the value begins with "Bearer ", which is added where the provider wants it; store the bare key')
  }
  const credential = secret && present({ name: secret.name, key: secret.key })
  const auth =
    secret === undefined || credential === undefined
      ? provider.withoutCredential
      : (provider.auth?.(secret) ?? { secretRef: credential })
  return {
    ...{ name, models, priority, path: from.path },
    missing: canonical === 'bedrock' ? undefined : secret?.missing,
    shown: `${canonical}${endpoint === undefined ? '' : ` at ${endpoint.host}:${endpoint.port}`}, priority ${priority}`,
    entry: (model) =>
      present({
        ...provider.block(model, { endpoint, options, from }),
        ...(endpoint === undefined || canonical === 'azureopenai' ? {} : override(endpoint, provider.basePath)),
        policies: unlessEmpty(present({ auth, tls: endpoint?.isTls === true ? {} : undefined })),
      }),
  }
}

// A proxy that is told a host and no path asks there for what the client asked for, which may be another API's path.
function override({ host, port, path }: Endpoint, basePath: string | undefined): JsonObject {
  return present({ host, port, pathPrefix: path?.replace(/\/$/, '') || basePath })
}
