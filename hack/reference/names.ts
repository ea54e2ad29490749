// What objects that occur in several places are called in the reference, by the path of the first place; others are called
// as their field is. And how texts that must match a pattern are called, so that nobody has to read it in every table.
import type { TSchema } from 'typebox'
import {
  anyDuration,
  apiGroup,
  byteSize,
  controllerName,
  headerName,
  headerOrPseudoName,
  kindName,
  namespaceName,
  sectionName,
  url,
} from '../../src/features/shared/refs.ts'
import { Quantity } from '../../src/schema/combinators.ts'
import { structural } from '../../src/schema/crd.ts'

const BACKEND = 'AgentgatewayBackend.spec'
const PROVIDER = `${BACKEND}.ai.groups[].providers[].policies`
const MODEL = 'AgentgatewayModel.spec'
const POLICY = 'AgentgatewayPolicy.spec'

/** Names, and descriptions where that of the first place holds only there. */
export const SHAPE_NAMES: Readonly<Record<string, { readonly name: string; readonly description?: string }>> = {
  [`${BACKEND}.ai.provider.openai`]: { name: 'OpenAI' },
  [`${BACKEND}.ai.provider.azureopenai`]: { name: 'AzureOpenAI' },
  [`${BACKEND}.ai.provider.azure`]: { name: 'AzureProvider' },
  [`${BACKEND}.ai.provider.vertexai`]: { name: 'VertexAI' },
  [`${BACKEND}.ai.provider.custom`]: { name: 'CustomProvider' },
  [`${BACKEND}.ai.provider.custom.backendRef`]: {
    name: 'LocalBackendRef',
    description: 'A Service or InferencePool in the namespace of the object that refers to it.',
  },
  [`${PROVIDER}.tcp`]: { name: 'TCP' },
  [`${PROVIDER}.tls`]: { name: 'TLS' },
  [`${PROVIDER}.tls.mtlsCertificateRef`]: {
    name: 'SecretRef',
    description: 'A Secret in the namespace of the object that refers to it.',
  },
  [`${PROVIDER}.tunnel.backendRef`]: {
    name: 'BackendRef',
    description: 'A Service, an AgentgatewayBackend or an InferencePool.',
  },
  [`${PROVIDER}.auth`]: { name: 'BackendAuth' },
  [`${PROVIDER}.auth.aws`]: { name: 'AWSAuth' },
  [`${PROVIDER}.auth.azure`]: { name: 'AzureAuth' },
  [`${PROVIDER}.auth.gcp`]: { name: 'GoogleAuth' },
  [`${PROVIDER}.auth.gcp.secretRef`]: {
    name: 'SecretKeyRef',
    description: 'A Secret in the namespace of the object that refers to it, and one of its keys.',
  },
  [`${PROVIDER}.auth.location`]: {
    name: 'CredentialLocation',
    description: 'Where a credential is written into a request.',
  },
  [`${PROVIDER}.auth.credentials`]: { name: 'FixedCredential' },
  [`${PROVIDER}.auth.crossAppAccess.cache`]: { name: 'TokenCache' },
  [`${PROVIDER}.auth.crossAppAccess.identityProvider`]: {
    name: 'TokenEndpoint',
    description: 'A server that issues tokens.',
  },
  [`${PROVIDER}.auth.crossAppAccess.identityProvider.clientAuth`]: {
    name: 'ClientAuth',
    description: 'How the proxy authenticates as an OAuth client.',
  },
  [`${PROVIDER}.auth.crossAppAccess.subjectToken.source`]: {
    name: 'CredentialSource',
    description: 'Where a credential is read from a request.',
  },
  [`${PROVIDER}.auth.oauthTokenExchange`]: { name: 'TokenExchange' },
  [`${PROVIDER}.ai`]: { name: 'AIPolicy' },
  [`${PROVIDER}.ai.promptGuard.request[].regex`]: { name: 'RegexGuard' },
  [`${PROVIDER}.ai.promptGuard.request[].webhook`]: { name: 'WebhookGuard' },
  [`${PROVIDER}.transformation.request`]: {
    name: 'MessageTransformation',
    description: 'Changes to a request or an answer, computed by CEL.',
  },
  [`${BACKEND}.mcp.targets[].selector.namespaces`]: {
    name: 'LabelSelector',
    description: 'Labels that an object must carry. All of what is given must hold.',
  },
  [`${BACKEND}.policies`]: { name: 'BackendPolicies' },
  [`${BACKEND}.policies.extAuth.cache`]: { name: 'DecisionCache' },
  [`${BACKEND}.policies.extAuth.http`]: { name: 'HTTPAuthorization' },
  [`${BACKEND}.policies.mcp.authentication.jwks`]: { name: 'RemoteKeySet' },
  [`${BACKEND}.policies.mcp.authorization`]: {
    name: 'AuthorizationRules',
    description: 'Who may do something, as rules in CEL.',
  },
  'AgentgatewayBackend.status.conditions': {
    name: 'Condition',
    description: 'What is the case about an object. [Which there are, and what to do](conditions.md).',
  },
  [`${MODEL}.parentRefs`]: { name: 'ParentRef', description: 'A Gateway, ListenerSet or route.' },
  [`${MODEL}.policies.headers.request`]: { name: 'HeaderChanges', description: 'Headers to set, add and remove.' },
  'AgentgatewayParameters.spec.daemonSet': {
    name: 'Overlay',
    description: 'A strategic merge patch over a rendered object; applied last.',
  },
  'AgentgatewayParameters.spec.env[].valueFrom.configMapKeyRef': {
    name: 'ObjectKeyRef',
    description: 'A key of a ConfigMap or Secret in the namespace of the Gateway.',
  },
  [`${POLICY}.frontend.accessLog.attributes`]: {
    name: 'AttributeChanges',
    description: 'Attributes to add and to leave out.',
  },
  [`${POLICY}.traffic.headerModifiers.request`]: {
    name: 'HeaderModifier',
    description: 'Headers to set, add and remove.',
  },
}

/** A kind of text that has a name. */
export interface TextForm {
  readonly name: string
  readonly pattern: string
  readonly meaning: string
}

const patternOf = (schema: TSchema): string => structural(schema).pattern ?? ''

/** The kinds of texts that have a name. */
export const TEXT_FORMS: readonly TextForm[] = [
  { name: 'DNS label', pattern: patternOf(namespaceName), meaning: 'lower-case letters, digits and inner dashes' },
  { name: 'DNS name', pattern: patternOf(sectionName), meaning: 'DNS labels, separated by dots' },
  { name: 'API group', pattern: patternOf(apiGroup), meaning: 'a DNS name, or empty for the core group' },
  { name: 'kind', pattern: patternOf(kindName), meaning: 'the name of a kind, such as `Service`' },
  { name: 'header name', pattern: patternOf(headerName), meaning: 'the name of an HTTP header' },
  {
    name: 'header or pseudo-header',
    pattern: patternOf(headerOrPseudoName),
    meaning: 'the name of an HTTP header, or `:authority`, `:method`, `:path`, `:scheme`, `:status`',
  },
  { name: 'URL', pattern: patternOf(url), meaning: 'an http or https URL without credentials, query and fragment' },
  {
    name: 'duration',
    pattern: patternOf(anyDuration),
    meaning: 'one to four numbers with a unit (`h`, `m`, `s`, `ms`), such as `1h30m` or `500ms`',
  },
  {
    name: 'bytes',
    pattern: patternOf(byteSize()),
    meaning: 'a number of bytes, or one with a unit such as `64Ki` or `10M`',
  },
  { name: 'quantity', pattern: patternOf(Quantity()), meaning: 'a Kubernetes quantity, such as `500m` or `128Mi`' },
  {
    name: 'controller name',
    pattern: patternOf(controllerName),
    meaning: 'a DNS name, a slash and a path, such as `agentgateway.dev/agentgateway`',
  },
]
