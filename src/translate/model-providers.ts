// What a concrete model says about itself: its provider with its policies, its authorization and its transformations.
// Backends of models follow the rules of routes for references, so no grant is asked for.
import type { AgentgatewayModel, ModelHeaders } from '../api/model.ts'
import { nameKey, objectKey } from '../core/keys.ts'
import { type Outcome, ok, type Problem } from '../core/problem.ts'
import { backendPolicyReferences, translateBackendPolicies } from '../features/backend-policies/registry.ts'
import { baseUrlError } from '../features/providers/base-url.ts'
import { translateNamedProvider } from '../features/providers/presets.ts'
import type { ProviderContext } from '../features/providers/provider.ts'
import { celFlaws } from '../features/shared/cel.ts'
import type { FeatureContext, LocatedRef } from '../features/shared/context.ts'
import { take } from '../features/shared/flaws.ts'
import { itemsOf } from '../features/shared/lists.ts'
import { translateRules } from '../features/shared/rules.ts'
import { refOf } from '../kube/object.ts'
import type { AIProvider, BackendPolicySpec, ModelRoute } from '../wire/messages.ts'
import { providerContext, referencedNode } from './backends.ts'
import type { ModelParents } from './model-parents.ts'
import type { Edge } from './reachability.ts'
import { type ReferenceScope, resolveBackend } from './references.ts'

/** What a model's policies and provider may ask for. */
export interface ModelContext extends FeatureContext, ProviderContext {}

const POLICIES = 'spec.policies'

/** The context of a model: that of any feature, with references resolved as in routes. */
export function modelContext(features: FeatureContext, scope: ReferenceScope): ModelContext {
  return { ...features, ...providerContext(scope), backend: (ref, path) => resolveBackend(ref, path, scope) }
}

/** The name by which requests ask for the model; it may have a wildcard. */
export function effectiveName(model: AgentgatewayModel): string {
  return model.spec?.match?.model || model.metadata.name
}

/** An outcome of nothing but a reason why the model cannot be served. */
export function flawOfModel(path: string, message: string): Outcome<never> {
  return { value: undefined, problems: [{ reason: 'Invalid', path, message }] }
}

/** What the provider and policies of a model refer to. */
function modelReferences(model: AgentgatewayModel): readonly LocatedRef[] {
  const { custom } = model.spec ?? {}
  return [
    ...(custom?.backendRef ? [{ ref: custom.backendRef, path: 'spec.custom.backendRef' }] : []),
    ...backendPolicyReferences(backendPoliciesOf(model), POLICIES).map(({ ref, path }) => ({ ref, path: shown(path) })),
  ]
}

/** Gateways that need what a model, and those that it fails over to, refer to. */
export function modelEdges(
  model: AgentgatewayModel,
  parents: ModelParents | undefined,
  modelOf: (key: string) => AgentgatewayModel | undefined,
): readonly Edge[] {
  const gateways = [...new Set(parents?.places.map(({ gateway }) => gateway))]
  if (gateways.length === 0) return []
  const object = refOf(model)
  const targets = failoverTargets(model).flatMap((key) => modelOf(key) ?? [])
  const refs = [model, ...targets].flatMap(modelReferences)
  const nodes = new Set(refs.map((located) => referencedNode(located, object.namespace)))
  const self = objectKey(object)
  return gateways.flatMap((gateway) => [...nodes].map((node) => ({ key: `${self}>${node}>${gateway}`, node, gateway })))
}

/** The models whose providers a model fails over to. */
function failoverTargets(model: AgentgatewayModel): readonly string[] {
  const namespace = model.metadata.namespace ?? ''
  return itemsOf(model.spec?.virtualModel?.failover?.targets).map(({ modelRef }) => modelKey(namespace, modelRef?.name))
}

/** The provider with its policies, but for its name; `requested` is the model to ask for, unset for the request's own. */
export function translateModelProvider(
  model: AgentgatewayModel,
  requested: string | undefined,
  ctx: ModelContext,
): Outcome<AIProvider> {
  const { provider = '', baseURL, azure, vertexai, bedrock, custom, policies } = model.spec ?? {}
  if (provider === 'Ollama' && !baseURL) return flawOfModel('spec.baseURL', 'ollama requires baseURL')
  const urlError = baseURL ? baseUrlError(baseURL) : undefined
  if (urlError !== undefined) return flawOfModel('spec.baseURL', urlError)
  const problems: Problem[] = []
  const arm = take(translateNamedProvider({ provider, azure, vertexai, bedrock, custom }, requested, ctx), problems)
  const inline = translateBackendPolicies(backendPoliciesOf(model), ctx, POLICIES)
  problems.push(...inline.problems.map((problem) => ({ ...problem, path: shown(problem.path) })))
  if (arm === undefined) return { value: undefined, problems }
  const inlinePolicies = [...inline.policies.map(({ spec }) => spec), ...headerPolicies(policies?.headers)]
  return { value: { ...arm, baseUrl: baseURL || undefined, inlinePolicies }, problems }
}

/** Who may use the model; no value when everybody may. */
export function translateModelAuthorization(model: AgentgatewayModel): Outcome<ModelRoute['authorization']> {
  const rules = model.spec?.policies?.authorization
  if (!rules) return ok(undefined)
  const path = `${POLICIES}.authorization`
  const problems = itemsOf(rules.policy?.matchExpressions).flatMap((expression, i) =>
    celFlaws(expression, `${path}.policy.matchExpressions[${i}]`, 'authorization matchExpression'),
  )
  return { value: translateRules(rules, path).value, problems }
}

/** Changes of requests on the way to the model; no value when there are none. */
export function translateModelTransformations(
  model: AgentgatewayModel,
  ctx: FeatureContext,
): Outcome<BackendPolicySpec['ai']> {
  const { transformations, finalTransformations } = model.spec?.policies ?? {}
  if (itemsOf(transformations).length === 0 && itemsOf(finalTransformations).length === 0) return ok(undefined)
  const { policies, problems } = translateBackendPolicies(
    { ai: { transformations, finalTransformations } },
    ctx,
    POLICIES,
  )
  const found = policies.flatMap(({ spec }) => spec.ai ?? [])
  return { value: found[0], problems: problems.map((problem) => ({ ...problem, path: shown(problem.path) })) }
}

/** The model that a reference of a virtual model names. */
export function modelKey(namespace: string, name: string | undefined): string {
  return nameKey(namespace, name ?? '')
}

// A model has some of the policies of a backend, with the prompt guard one level up.
function backendPoliciesOf(model: AgentgatewayModel) {
  const { tunnel, tls, health, promptGuard, auth } = model.spec?.policies ?? {}
  return { tunnel, tls, health, auth, ...(promptGuard ? { ai: { promptGuard } } : {}) }
}

function shown(path: string): string {
  return path.replace(`${POLICIES}.ai.`, `${POLICIES}.`)
}

function headerPolicies(headers: ModelHeaders | undefined): readonly BackendPolicySpec[] {
  const { request, response } = headers ?? {}
  return [
    ...(request ? [{ requestHeaderModifier: headerModifier(request) }] : []),
    ...(response ? [{ responseHeaderModifier: headerModifier(response) }] : []),
  ]
}

function headerModifier({ set, add, remove }: NonNullable<ModelHeaders['request']>) {
  const pairs = (list: typeof set) => itemsOf(list).map(({ name, value }) => ({ name, value }))
  return { set: pairs(set), add: pairs(add), remove: [...itemsOf(remove)] }
}
