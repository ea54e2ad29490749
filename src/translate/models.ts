// AgentgatewayModel → model routes and their backends on every listener where the model is served, and its status. A
// model with any error is served nowhere. Where a model is served is decided in model-parents.ts.
import type { AgentgatewayModel } from '../api/model.ts'
import { nameKey } from '../core/keys.ts'
import type { Outcome, Problem } from '../core/problem.ts'
import { SINGLE_PROVIDER } from '../features/backends/ai.ts'
import { take } from '../features/shared/flaws.ts'
import { refOf } from '../kube/object.ts'
import type { AIBackend, Backend, ModelRoute, ResourceName, WireResource } from '../wire/messages.ts'
import type { ConditionDraft, ScopedResource, StatusDraft, Translation } from './model.ts'
import { acceptedConditions, type ModelParents, type ModelPlace } from './model-parents.ts'
import {
  effectiveName,
  flawOfModel,
  translateModelAuthorization,
  translateModelProvider,
  translateModelTransformations,
} from './model-providers.ts'
import { translateVirtualModel, type VirtualScope } from './virtual-models.ts'

/** What a model becomes, but for the place where it is served. */
export interface ModelContent {
  readonly route: Omit<ModelRoute, 'key' | 'listenerKey' | 'routerKey' | 'concreteModel' | 'virtualModel'>
  /** The arm of the model route; given the key of the backend beside it. */
  readonly arm: (backendKey: string) => Pick<ModelRoute, 'concreteModel' | 'virtualModel'>
  /** The backend beside the model route; absent for models that only choose among others. */
  readonly backend?: { readonly part: 'backend' | 'failover'; readonly ai: AIBackend }
}

/** Translates a model for its places. */
export function translateModel(model: AgentgatewayModel, parents: ModelParents, scope: VirtualScope): Translation {
  const object = refOf(model)
  // A model that is served nowhere may be meant for another controller; only where it attaches is told.
  const content: Outcome<ModelContent> =
    parents.places.length === 0 ? { value: undefined, problems: [] } : translateContent(model, scope)
  const problems = content.problems.map((problem): Problem => ({ ...problem, reason: 'Invalid' }))
  const errors = problems.filter(({ severity }) => severity !== 'warning')
  const { value } = content
  const resources =
    errors.length > 0 || value === undefined ? [] : parents.places.flatMap((place) => resourcesAt(place, model, value))
  return {
    object,
    resources,
    status: statusOf(model, parents, errors),
    problems: [...parents.problems, ...denialProblems(parents), ...problems],
  }
}

function translateContent(model: AgentgatewayModel, scope: VirtualScope): Outcome<ModelContent> {
  const spec = model.spec
  const route = { match: { model: effectiveName(model) }, created: createdSeconds(model) }
  if (spec?.virtualModel) {
    const virtual = translateVirtualModel(model, spec.virtualModel, scope)
    return { value: virtual.value && { route, ...virtual.value }, problems: virtual.problems }
  }
  if (!spec?.provider) return flawOfModel('spec', 'model must define provider or virtualModel')
  const context = scope.contextOf(model)
  const problems: Problem[] = []
  const provider = take(translateModelProvider(model, undefined, context), problems)
  const aiPolicy = take(translateModelTransformations(model, context), problems)
  const authorization = take(translateModelAuthorization(model), problems)
  if (provider === undefined) return { value: undefined, problems }
  const value: ModelContent = {
    route: { ...route, aiPolicy, authorization },
    arm: (backend) => ({
      concreteModel: {
        modelVisibility: spec.visibility === 'Internal' ? 'INTERNAL' : 'PUBLIC',
        backend: { backend },
      },
    }),
    backend: {
      part: 'backend',
      ai: { providerGroups: [{ providers: [{ ...provider, name: SINGLE_PROVIDER }] }] },
    },
  }
  return { value, problems }
}

function resourcesAt(place: ModelPlace, model: AgentgatewayModel, content: ModelContent): readonly ScopedResource[] {
  const object = refOf(model)
  const { namespace, name } = object
  const { gateway, listenerKey, suffix, routerKey, route } = place
  const key = nameKey(namespace, name)
  const backendKey = `${key}/${content.backend?.part ?? ''}${suffix}`
  const modelRoute: ModelRoute = {
    ...content.route,
    ...content.arm(backendKey),
    key: `${key}${suffix}`,
    listenerKey,
    routerKey,
  }
  const resources: WireResource[] = [{ kind: 'modelRoute', modelRoute }]
  if (content.backend !== undefined) {
    const backendName: ResourceName = { namespace, name }
    const backend: Backend = { key: backendKey, name: backendName, ai: content.backend.ai }
    resources.push({ kind: 'backend', backend })
  }
  const owners = route === undefined ? [object] : [object, route]
  return resources.map((resource): ScopedResource => ({ gateway, resource, owners }))
}

function createdSeconds(model: AgentgatewayModel): string | undefined {
  const seconds = Math.floor(Date.parse(model.metadata.creationTimestamp ?? '') / 1000)
  return seconds > 0 ? String(seconds) : undefined
}

function denialProblems({ outcomes }: ModelParents): readonly Problem[] {
  return outcomes.flatMap(({ path, denial }) => (denial === undefined ? [] : [{ path, ...denial }]))
}

function statusOf(model: AgentgatewayModel, parents: ModelParents, errors: readonly Problem[]): StatusDraft {
  const resolvedRefs: ConditionDraft =
    errors.length === 0
      ? { type: 'ResolvedRefs', status: 'True', reason: 'ResolvedRefs', message: '' }
      : {
          type: 'ResolvedRefs',
          status: 'False',
          reason: 'Invalid',
          message: errors.map(({ message }) => message).join('\n'),
        }
  const accepted = acceptedConditions(parents)
  return {
    object: refOf(model),
    apiVersion: model.apiVersion,
    generation: model.metadata.generation ?? 0,
    body: {
      shape: 'route',
      parents: parents.outcomes.flatMap(({ ref }, i) => {
        const condition = accepted[i]
        return condition === undefined ? [] : [{ ref, conditions: [condition, resolvedRefs] }]
      }),
    },
  }
}
