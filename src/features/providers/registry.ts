// The list of providers, and what all of them share where a backend names one: endpoint overrides and the choice of
// exactly one. A new provider is a file beside this one and a line in the list.
import type { Static } from 'typebox'
import { type Outcome, ok, rejected } from '../../core/problem.ts'
import { Doc, exactlyOneOf, type Facet, Opt, rule } from '../../schema/combinators.ts'
import type { AIProvider } from '../../wire/messages.ts'
import type { LocatedRef } from '../shared/context.ts'
import { longString, port, shortString } from '../shared/refs.ts'
import { anthropic } from './anthropic.ts'
import { azure } from './azure.ts'
import { azureopenai } from './azureopenai.ts'
import { bedrock } from './bedrock.ts'
import { custom } from './custom.ts'
import { gemini } from './gemini.ts'
import { openai } from './openai.ts'
import type { Provider, ProviderContext } from './provider.ts'
import { vertexai } from './vertexai.ts'

const providers: readonly Provider[] = [openai, azureopenai, azure, anthropic, gemini, vertexai, bedrock, custom]

/** The fields by which a backend names one provider and overrides its endpoint. */
export const providerFields = {
  openai: Opt(Doc('OpenAI.', openai.schema)),
  azureopenai: Opt(Doc('Azure OpenAI, named by its endpoint.', azureopenai.schema)),
  azure: Opt(Doc('Azure AI, named by its resource.', azure.schema)),
  anthropic: Opt(Doc('Anthropic.', anthropic.schema)),
  gemini: Opt(Doc('Google Gemini.', gemini.schema)),
  vertexai: Opt(Doc('Google Vertex AI.', vertexai.schema)),
  bedrock: Opt(Doc('AWS Bedrock.', bedrock.schema)),
  custom: Opt(Doc('Any other provider that serves a known API format.', custom.schema)),
  host: Opt(Doc("Host to use in place of the provider's own; for a custom provider, its host.", shortString)),
  port: Opt(Doc('Port at that host.', port)),
  path: Opt(Doc('Path to use for every request, whatever its format.', longString)),
  pathPrefix: Opt(Doc("Path prefix to use in place of the provider's own, such as `/v1`.", longString)),
}

/** What the API server checks about those fields. */
export const providerRules: readonly Facet<keyof typeof providerFields>[] = [
  rule(
    'has(self.host) || has(self.port) ? has(self.host) && has(self.port) : true',
    'both host and port must be set together',
  ),
  rule(
    'has(self.custom) ? has(self.custom.backendRef) != has(self.host) : true',
    'custom providers must specify exactly one of backendRef or host and port',
  ),
  rule('!(has(self.path) && has(self.pathPrefix))', 'path and pathPrefix are mutually exclusive'),
  rule(
    '!(has(self.custom) && self.custom.formats.exists(f, has(f.path)) && (has(self.path) || has(self.pathPrefix)))',
    'path, pathPrefix, and custom format paths are mutually exclusive',
  ),
  rule('has(self.pathPrefix) ? has(self.host) : true', 'pathPrefix requires host to be set'),
  exactlyOneOf('openai', 'azureopenai', 'azure', 'anthropic', 'gemini', 'vertexai', 'bedrock', 'custom'),
]

/** One provider as a backend writes it. */
export type ProviderSpec = {
  readonly [F in keyof typeof providerFields]?: Static<(typeof providerFields)[F]> | undefined
}

const HTTPS_PORT = 443

/** What the named provider refers to. */
export function providerReferences(spec: ProviderSpec, path: string): readonly LocatedRef[] {
  return providers.flatMap((each) => each.referencesIn(spec, path))
}

/** The provider's message, but for its name and policies. */
export function translateProvider(spec: ProviderSpec, ctx: ProviderContext, path: string): Outcome<AIProvider> {
  for (const each of providers) {
    const arm = each.translateIn(spec, ctx, path)
    if (arm === undefined) continue
    if (arm.value === undefined) return arm
    const { host, path: pathOverride, pathPrefix } = spec
    const endpoint: AIProvider = {
      hostOverride: host ? { host, port: spec.port || HTTPS_PORT } : undefined,
      pathOverride,
      pathPrefix,
    }
    return ok({ ...arm.value, ...endpoint })
  }
  return rejected('TranslationError', path, 'no provider is set')
}
