// Models of a listener, and what the proxy makes of them by itself: a router backend per listener or declaration, and
// the route that leads requests for models to it.
import type { Backend, ModelRoute, ModelRouteVirtualModel } from '../../wire/messages.ts'
import { backendPolicy } from './backend-policies.ts'
import { named } from './backends.ts'
import { defaultModelPolicy, llmPolicy } from './llm-policy.ts'
import { flatReference } from './references.ts'
import { authorization } from './security.ts'
import { type Rendered, some } from './values.ts'

/** One entry of `models`. */
export function modelEntry(model: ModelRoute): Rendered {
  return {
    listenerKey: model.listenerKey ?? '',
    key: model.key ?? '',
    name: model.match?.model ?? '',
    routerKey: model.routerKey ?? '',
    kind: model.virtualModel ? { virtual: virtualModel(model) } : { concrete: concreteModel(model) },
  }
}

/** The router backends that follow from models and declarations, by backend key. */
export function routerBackends(
  models: readonly ModelRoute[],
  declarations: readonly Backend[],
): ReadonlyMap<string, Rendered> {
  const routers = new Map<string, Rendered>()
  const declared = new Set(declarations.flatMap(({ modelRouter }) => modelRouter?.routerKey ?? []))
  for (const key of declared) {
    const name = key.replace(/^\/+/, '')
    routers.set(
      key,
      router(
        name,
        models.filter(({ routerKey = '' }) => routerKey === key),
      ),
    )
  }
  for (const listener of listenersOf(models)) {
    const name = `llm:router:${listener}`
    routers.set(`/${name}`, router(name, implicitModels(models, listener)))
  }
  return routers
}

/** The routes that the proxy adds by itself, by listener. */
export function routerRoutes(models: readonly ModelRoute[]): ReadonlyMap<string, readonly [string, Rendered]> {
  return new Map(
    listenersOf(models).map((listener) => [
      listener,
      [`llm:request:${listener}`, routerRoute(`llm:request:${listener}`, `/llm:router:${listener}`)],
    ]),
  )
}

function listenersOf(models: readonly ModelRoute[]): readonly string[] {
  return [
    ...new Set(models.filter(({ routerKey = '' }) => routerKey === '').map(({ listenerKey = '' }) => listenerKey)),
  ]
}

function implicitModels(models: readonly ModelRoute[], listener: string): readonly ModelRoute[] {
  return models.filter(({ routerKey = '', listenerKey = '' }) => routerKey === '' && listenerKey === listener)
}

function router(name: string, models: readonly ModelRoute[]): Rendered {
  const target = {
    models: models.filter(({ virtualModel }) => !virtualModel).map(concreteModel),
    virtualModels: models.filter(({ virtualModel }) => virtualModel).map(virtualModel),
  }
  return { backend: named({ name, namespace: '' }, 'llmRouter', target) }
}

function concreteModel(model: ModelRoute): Rendered {
  const { modelVisibility, backend, backendPolicies } = model.concreteModel ?? {}
  return {
    name: model.match?.model ?? '',
    created: Number(model.created ?? 0),
    visibility: modelVisibility === 'INTERNAL' ? 'internal' : 'public',
    headerMatches: [],
    backend: {
      weight: 1,
      ...flatReference(backend),
      inlinePolicies: some((backendPolicies ?? []).map(backendPolicy)),
    },
    policies: {
      llm: modelPolicy(model),
      authorization: model.authorization ? authorization(model.authorization) : null,
    },
    backendPolicies: [],
  }
}

function virtualModel(model: ModelRoute): Rendered {
  return {
    name: model.match?.model ?? '',
    created: Number(model.created ?? 0),
    llmPolicy: modelPolicy(model),
    routing: routing(model.virtualModel ?? {}),
  }
}

function modelPolicy({ aiPolicy }: ModelRoute): Rendered {
  return aiPolicy ? llmPolicy(aiPolicy) : defaultModelPolicy()
}

function routing({ weighted, conditional, failover }: ModelRouteVirtualModel): Rendered {
  if (weighted) return { weighted: (weighted.targets ?? []).map(({ model = '', weight = 0 }) => ({ model, weight })) }
  if (conditional) {
    return {
      conditional: (conditional.targets ?? []).map(({ model = '', when }) => ({
        model,
        when: when === undefined || when === '' ? null : when,
      })),
    }
  }
  return { failover: { backend: { weight: 1, ...flatReference(failover?.backend) } } }
}

const EXACT_PATHS: readonly string[] = [
  '/v1/models',
  '/models',
  '/v1/messages/count_tokens',
  '/v1/chat/completions',
  '/v1/messages',
  '/v1/responses',
  '/v1/responses/compact',
  '/v1/images/generations',
  '/v1/images/edits',
  '/v1/images/variations',
  '/v1/embeddings',
  '/v1/rerank',
  '/v2/rerank',
]
const PATTERNS: readonly string[] = [
  '^/v(?:[0-9]+|[0-9]+beta[0-9]+)/projects/[^/]+/locations/[^/]+/publishers/[^/]+/models/[^/]+:(?:rawPredict|streamRawPredict|generateContent|streamGenerateContent|countTokens)$',
  '^/v[0-9]+(?:(?:alpha|beta)[0-9]*)?/models/[^/]+:(?:generateContent|streamGenerateContent|countTokens)$',
]
/** The paths that proxies take for requests to models. */
export const MODEL_PATHS: readonly ({ readonly exact: string } | { readonly regex: string })[] = [
  ...EXACT_PATHS.map((exact) => ({ exact })),
  ...PATTERNS.map((regex) => ({ regex })),
]

function routerRoute(key: string, backend: string): Rendered {
  return {
    key,
    name: 'llm:request',
    namespace: 'internal',
    matches: MODEL_PATHS.map((path) => ({ path })),
    backends: [{ weight: 1, backend }],
  }
}
