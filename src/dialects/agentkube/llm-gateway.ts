// agentkube's LLMGateway: models of several providers behind one endpoint. The name of the model is read from the request
// and decides the route, so that aliases, pins, defaults and refusals hold on every version of the proxy; each model is a
// backend of its own whose groups are the priorities of the upstreams that serve it.
import type { Problem } from '../../core/problem.ts'
import type { JsonObject } from '../../kube/json.ts'
import {
  type Carried,
  carriedFrame,
  type DialectContext,
  type DialectKind,
  type ForeignObject,
  type MadeObject,
} from '../carried.ts'
import { dropUnread, type Fields, NOT_CARRIED, readFields } from '../fields.ts'
import { GATEWAY_API, make, present, unlessEmpty } from '../made.ts'
import { INJECTIONS_VERSION, injections } from './injections.ts'
import { readLimits } from './limits.ts'
import { type LlmUpstream, readLlmUpstream } from './providers.ts'
import {
  AGENTKUBE,
  backendRef,
  endpointOf,
  makeGateway,
  ownParent,
  readServing,
  readUpstreams,
  upstreamState,
} from './served.ts'

/** LLMGateway of agentkube.io/v1alpha1. */
export const agentkubeLlmGateway: DialectKind = { group: AGENTKUBE, kind: 'LLMGateway', plural: 'llmgateways', carry }

/** Label of the Secrets whose entries are the keys of an LLMGateway's clients. */
const KEYS_LABEL = 'agentkube.io/llmgateway'

const MODEL_HEADER = 'x-llmgateway-model'
const MAX_RULES = 15
const MAX_GROUPS = 8

/** A model as it is served: by which upstreams, and under which names. */
interface Served {
  readonly backend: string
  readonly model: string
  readonly upstreams: readonly LlmUpstream[]
  readonly names: readonly string[]
}

function carry(object: ForeignObject, context: DialectContext): Carried {
  const problems: Problem[] = []
  const spec = readFields(object.spec, 'spec', problems)
  const { name, namespace = '' } = object.metadata
  const serving = readServing(spec)
  const upstreams = readUpstreams(spec, (from) => {
    const upstream = readLlmUpstream(from, namespace, context)
    return upstream === undefined ? [] : [upstream]
  })
  const routing = spec.fields('routing')
  const served = readModels(routing, upstreams, name)
  const fallback = readDefault(routing, served)
  const keyLabels = readAuth(spec.fields('auth'), name, problems)
  const limits = spec.fields('rateLimit')
  const rateLimit =
    limits &&
    readLimits(limits, {
      ...{ namespace, context, keyLabels, modelHeader: MODEL_HEADER, replicas: serving.replicas },
      models: new Map(served.map(({ backend, names }) => [backend, names])),
    })
  const promptGuard = readGuards(spec.fields('guardrails'))
  spec.drop('caching', 'answers are not cached; caching of prompts is what some providers do by themselves')
  dropUnread(spec, problems, 'agentgateway has nothing like it')
  const unresolved = upstreams.flatMap(({ path, missing }) => (missing === undefined ? [] : [{ path, what: missing }]))
  const isRefused = problems.some(({ severity }) => severity !== 'warning')
  return {
    ...carriedFrame(object),
    made: [
      ...makeGateway(object, serving, context),
      ...makeRoutes(object, isRefused ? [] : served),
      ...makePolicies(object, { fallback, keyLabels, rateLimit, promptGuard }),
      ...(isRefused ? [] : served.flatMap((each) => makeBackend(object, each))),
    ],
    workload: [],
    problems,
    unresolved,
    served: {
      endpoint: endpointOf(object, serving, '/v1'),
      upstreams: upstreams.map((each) => upstreamState(each.name, each.missing, each.shown)),
    },
    replicas: serving.replicas,
  }
}

// Models

function readModels(
  routing: Fields | undefined,
  upstreams: readonly LlmUpstream[],
  gateway: string,
): readonly Served[] {
  const models = new Map<string, { model: string; upstreams: readonly LlmUpstream[]; names: string[] }>()
  const serve = (model: string, by: readonly LlmUpstream[], name: string): void => {
    const key = JSON.stringify([model, by.map((each) => each.name)])
    const known = models.get(key)
    if (known === undefined) models.set(key, { model, upstreams: by, names: [name] })
    else if (!known.names.includes(name)) known.names.push(name)
  }
  const servers = (model: string): readonly LlmUpstream[] =>
    upstreams.filter((each) => each.models.includes(model)).toSorted((a, b) => a.priority - b.priority)
  const taken = new Map<string, string>()
  for (const entry of routing?.list('modelMap') ?? []) {
    const from = entry.text('from')
    const to = entry.text('to')
    const pin = entry.text('upstream')
    if (from === undefined || to === undefined) {
      entry.tell('from and to are required')
      continue
    }
    const first = taken.get(from)
    if (first !== undefined) entry.tell(`${from} is already mapped by ${first}`, { field: 'from' })
    taken.set(from, entry.path)
    const by = servers(to).filter(({ name }) => pin === undefined || name === pin)
    if (by.length === 0) {
      const who = pin === undefined ? 'no upstream lists' : `upstream ${pin} does not list`
      entry.tell(`${who} model ${to}`, { field: 'to' })
    } else if (first === undefined) serve(to, by, from)
  }
  // A name that is mapped means what the map says.
  for (const model of new Set(upstreams.flatMap((each) => each.models))) {
    if (!taken.has(model)) serve(model, servers(model), model)
  }
  const backends = new Set<string>()
  return [...models.values()].map((each) => {
    const slug = each.model
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-|-$/g, '')
    let backend = `${gateway}-${slug}`
    for (let i = 2; backends.has(backend); i++) backend = `${gateway}-${slug}-${i}`
    backends.add(backend)
    return { ...each, backend }
  })
}

function readDefault(routing: Fields | undefined, served: readonly Served[]): string | undefined {
  const model = routing?.text('defaultModel')
  if (model === undefined || served.some(({ names }) => names.includes(model))) return model
  // A model that clients cannot ask for by its own name may still be the default.
  const found = served.find((each) => each.model === model)
  if (found === undefined) routing?.tell(`no upstream lists model ${model}`, { field: 'defaultModel' })
  return found?.names[0]
}

// Policies

function readAuth(
  auth: Fields | undefined,
  name: string,
  problems: Problem[],
): Readonly<Record<string, string>> | undefined {
  const mode = auth?.text('mode')
  if (auth === undefined || mode === 'none') {
    const message = 'without auth.mode apikey whoever reaches the gateway may use it'
    problems.push({ reason: 'Invalid', path: 'spec.auth', message, severity: 'warning' })
    return undefined
  }
  if (mode !== 'apikey') auth.tell('must be apikey or none', { field: 'mode' })
  return { [KEYS_LABEL]: name }
}

const PII = ['Ssn', 'CreditCard', 'PhoneNumber', 'Email', 'CaSin']

function readGuards(from: Fields | undefined): JsonObject | undefined {
  if (from === undefined) return undefined
  const masks = from.flag('piiRedaction') === true ? [{ regex: { action: 'Mask', builtins: PII } }] : []
  const filters = from.texts('inputFilters').flatMap((filter, i) => {
    const field = `inputFilters[${i}]`
    if (filter !== 'prompt-injection') {
      from.tell(`${filter} has no effect: the only filter is prompt-injection`, {
        field,
        reason: NOT_CARRIED,
        severity: 'warning',
      })
      return []
    }
    from.tell(
      `prompt-injection compares with a list of phrases (${INJECTIONS_VERSION}); it finds common attempts, not all`,
      {
        field,
        severity: 'warning',
      },
    )
    const response = {
      message: 'The request was rejected: it looks like an attempt to override instructions',
      statusCode: 403,
    }
    return [{ regex: { action: 'Reject', matches: injections }, response }]
  })
  return unlessEmpty(
    present({
      request: masks.length + filters.length === 0 ? undefined : [...filters, ...masks],
      response: masks.length === 0 ? undefined : masks,
      streaming: masks.length === 0 ? undefined : 'Enabled',
    }),
  )
}

interface Policies {
  readonly fallback: string | undefined
  readonly keyLabels: Readonly<Record<string, string>> | undefined
  readonly rateLimit: JsonObject | undefined
  readonly promptGuard: JsonObject | undefined
}

const FORMATS = {
  '/v1/chat/completions': 'Completions',
  '/v1/messages': 'Messages',
  '/v1/responses': 'Responses',
  '/v1/embeddings': 'Embeddings',
  '*': 'Completions',
}

function makePolicies(object: ForeignObject, policies: Policies): readonly MadeObject[] {
  const { name } = object.metadata
  const { fallback, keyLabels, rateLimit, promptGuard } = policies
  const targetRefs = [{ group: GATEWAY_API, kind: 'Gateway', name }]
  const before = make('AgentgatewayPolicy', object, {
    name: `${name}-entry`,
    spec: present({
      targetRefs,
      frontend: keyLabels && { accessLog: BY_CLIENT, metrics: BY_CLIENT },
      traffic: present({
        phase: 'PreRouting',
        apiKeyAuthentication: keyLabels && { mode: 'Strict', secretSelector: { matchLabels: keyLabels } },
        transformation: { request: { set: [{ name: MODEL_HEADER, value: modelExpression(fallback ?? '') }] } },
      }),
    }),
    paths: [
      ['spec.traffic.apiKeyAuthentication', 'spec.auth'],
      ['spec.traffic.transformation', 'spec.routing'],
    ],
  })
  const after = make('AgentgatewayPolicy', object, {
    spec: present({
      targetRefs,
      traffic: rateLimit && { rateLimit },
      backend: { ai: present({ routes: FORMATS, promptGuard }) },
    }),
    paths: [
      ['spec.traffic.rateLimit', 'spec.rateLimit'],
      ['spec.backend.ai.promptGuard', 'spec.guardrails'],
    ],
  })
  return [before, after]
}

/** Whose key it was; keys without a client name are told apart from nobody. */
const BY_CLIENT = { attributes: { add: [{ name: 'client', expression: 'apiKey.name' }] } }

/** The model that a request asks for, or the default. */
function modelExpression(fallback: string): string {
  const model = 'json(request.body).model'
  return `has(${model}) && ${model} != "" ? string(${model}) : ${JSON.stringify(fallback)}`
}

// Routes and backends

function makeRoutes(object: ForeignObject, served: readonly Served[]): readonly MadeObject[] {
  const { name } = object.metadata
  const [working, broken] = [true, false].map((wanted) => served.filter((each) => isUsable(each) === wanted))
  const rules = (working ?? []).map(({ backend, names }) => ({
    matches: names.map(matchOf),
    filters: [WITHOUT_MODEL_HEADER],
    backendRefs: [backendRef(backend)],
  }))
  const routes: MadeObject[] = []
  for (let i = 0; i < rules.length; i += MAX_RULES) {
    routes.push(
      make('HTTPRoute', object, {
        name: i === 0 ? name : `${name}-${i / MAX_RULES + 1}`,
        spec: { ...ownParent(object), rules: rules.slice(i, i + MAX_RULES) },
        paths: [['spec.rules', 'spec.upstreams']],
      }),
    )
  }
  const names = served.flatMap((each) => each.names)
  return [
    ...routes,
    ...(broken ?? []).flatMap((each) => {
      const why = each.upstreams.flatMap(({ missing }) => missing ?? []).join(', ')
      return refusal(object, {
        name: each.backend,
        matches: each.names.map(matchOf),
        status: 503,
        error: { message: `${each.model} cannot be used: ${why} not found`, type: 'server_error', code: 'unavailable' },
      })
    }),
    ...refusal(object, {
      name: `${name}-unknown-model`,
      matches: [ANY],
      status: 404,
      error: {
        message: `this model is not served here; served are ${names.join(', ')}`,
        type: 'invalid_request_error',
        code: 'model_not_found',
      },
    }),
  ]
}

const ANY: JsonObject = { path: { type: 'PathPrefix', value: '/' } }

// Whatever a name is mapped to is no concern of providers.
const WITHOUT_MODEL_HEADER = { type: 'RequestHeaderModifier', requestHeaderModifier: { remove: [MODEL_HEADER] } }

function matchOf(model: string): JsonObject {
  return { ...ANY, headers: [{ type: 'Exact', name: MODEL_HEADER, value: model }] }
}

/** Whether some upstream of a model can be asked; nobody is asked without a credential that he should have. */
function isUsable({ upstreams }: Served): boolean {
  return upstreams.some(({ missing }) => missing === undefined)
}

interface Refusal {
  readonly name: string
  readonly matches: readonly JsonObject[]
  readonly status: number
  readonly error: JsonObject
}

// A route that answers by itself, in the form in which providers report errors.
function refusal(object: ForeignObject, { name, matches, status, error }: Refusal): readonly MadeObject[] {
  return [
    make('HTTPRoute', object, { name, spec: { ...ownParent(object), rules: [{ matches }] } }),
    make('AgentgatewayPolicy', object, {
      name,
      spec: {
        targetRefs: [{ group: GATEWAY_API, kind: 'HTTPRoute', name }],
        traffic: {
          directResponse: {
            status,
            body: JSON.stringify({ error }).slice(0, MAX_BODY),
            headers: [{ name: 'content-type', value: '"application/json"' }],
          },
        },
      },
      paths: [['spec.traffic.directResponse', 'spec.upstreams']],
    }),
  ]
}

const MAX_BODY = 4096

function makeBackend(object: ForeignObject, served: Served): readonly MadeObject[] {
  const { backend, model } = served
  if (!isUsable(served)) return []
  const upstreams = served.upstreams.filter(({ missing }) => missing === undefined)
  const byPriority = [...Map.groupBy(upstreams, ({ priority }) => priority).values()]
  // More priorities than groups: the last ones share the last group.
  const groups = [...byPriority.slice(0, MAX_GROUPS - 1), byPriority.slice(MAX_GROUPS - 1).flat()].filter(
    (group) => group.length > 0,
  )
  const isFailover = groups.length > 1
  return [
    make('AgentgatewayBackend', object, {
      name: backend,
      spec: {
        ai: { groups: groups.map((group) => ({ providers: group.map((each) => entryOf(each, model, isFailover)) })) },
      },
      paths: groups.flatMap((group, g) =>
        group.map((each, p): [string, string] => [`spec.ai.groups[${g}].providers[${p}]`, each.path]),
      ),
    }),
  ]
}

const EVICTED = {
  eviction: { duration: '10s', consecutiveFailures: 1 },
  unhealthyCondition: 'response.code >= 500 || response.code == 429',
}

function entryOf({ name, entry }: LlmUpstream, model: string, isFailover: boolean): JsonObject {
  const { policies, ...provider } = entry(model)
  const withHealth = { ...Object(policies), ...(isFailover ? { health: EVICTED } : {}) }
  return present({ name, ...provider, policies: unlessEmpty(withHealth) })
}
