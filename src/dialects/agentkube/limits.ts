// `rateLimit` of an LLMGateway. Each proxy counts for itself, and one list of limits tells at most sixteen cases apart; what
// that cannot express is said in the status.

import type { JsonObject } from '../../kube/json.ts'
import { labelBucket, matchesSelector } from '../../kube/labels.ts'
import type { DialectContext } from '../carried.ts'
import { type Fields, NOT_CARRIED } from '../fields.ts'
import { present } from '../made.ts'

/** What limits tell apart. */
export interface LimitScope {
  readonly namespace: string
  readonly context: DialectContext
  /** Labels of the Secrets with the keys of clients; undefined when keys are not asked for. */
  readonly keyLabels: Readonly<Record<string, string>> | undefined
  /** Names that clients call each model by. */
  readonly models: ReadonlyMap<string, readonly string[]>
  /** Header in which the model is while a request passes. */
  readonly modelHeader: string
  readonly replicas: number
}

const MAX_CASES = 16

/** The `rateLimit` of a policy; undefined without a limit. */
export function readLimits(from: Fields, scope: LimitScope): JsonObject | undefined {
  const written = from.whole('requestsPerMinute')
  const cases = from.text('scope') ?? 'global'
  if (written === undefined || written < 1) {
    from.tell('must be at least 1', { field: 'requestsPerMinute' })
    return undefined
  }
  const loss = (message: string, field: string): void =>
    from.tell(message, { field, reason: NOT_CARRIED, severity: 'warning' })
  if (scope.replicas > 1) {
    loss(
      `each of the ${scope.replicas} proxies counts for itself and lets its share of ${written} pass: a limit over all of them needs a rate limit service`,
      'requestsPerMinute',
    )
  }
  const requests = Math.max(1, Math.floor(written / Math.max(1, scope.replicas)))
  const local = [{ requests, unit: 'Minutes' }]
  switch (cases) {
    case 'global':
      return { local }
    case 'perClient':
      return perClient(local, scope, (message) => loss(message, 'scope'))
    case 'perModel':
      return perModel(local, scope, (message) => loss(message, 'scope'))
    default:
      from.tell('must be global, perClient or perModel', { field: 'scope' })
      return { local }
  }
}

type Loss = (message: string) => void

function perClient(local: readonly JsonObject[], scope: LimitScope, loss: Loss): JsonObject {
  if (scope.keyLabels === undefined) {
    loss('clients without API keys cannot be told apart, so that all of them share one limit; set auth.mode: apikey')
    return { local }
  }
  const { names, unnamed } = clientNames(scope)
  if (unnamed > 0) {
    const are = unnamed === 1 ? 'key has' : 'keys have'
    loss(
      `${unnamed} ${are} no client name; clients without one share a limit; write keys as {"key": "…", "metadata": {"name": "…"}}`,
    )
  }
  const told = names.slice(0, MAX_CASES - 1)
  if (told.length < names.length) {
    loss(`only the first ${told.length} of ${names.length} clients have limits of their own; the others share one`)
  }
  return byCondition(
    told.map((name) => `apiKey.name == ${JSON.stringify(name)}`),
    local,
  )
}

function perModel(local: readonly JsonObject[], { models, modelHeader }: LimitScope, loss: Loss): JsonObject {
  const all = [...models]
  const told = all.slice(0, MAX_CASES - 1)
  if (told.length < all.length) {
    loss(`only the first ${told.length} of ${all.length} models have limits of their own; the others share one`)
  }
  const header = `request.headers[${JSON.stringify(modelHeader)}]`
  return byCondition(
    told.map(([, names]) => `${header} in [${names.map((name) => JSON.stringify(name)).join(', ')}]`),
    local,
  )
}

// Whoever meets no condition shares the last limit.
function byCondition(conditions: readonly string[], local: readonly JsonObject[]): JsonObject {
  if (conditions.length === 0) return { local }
  return {
    conditional: [...conditions.map((condition) => present({ condition, policy: { local } })), { policy: { local } }],
  }
}

function clientNames({ namespace, context, keyLabels = {} }: LimitScope): {
  readonly names: readonly string[]
  readonly unnamed: number
} {
  const names = new Set<string>()
  let unnamed = 0
  const secrets = context.read.secrets
    .where('labels', labelBucket(namespace, keyLabels))
    .filter(({ metadata }) => matchesSelector({ matchLabels: keyLabels }, metadata.labels))
  for (const { data } of secrets) {
    for (const value of Object.values(data ?? {})) {
      const name = clientName(value)
      if (name === undefined) unnamed++
      else names.add(name)
    }
  }
  return { names: [...names].sort(), unnamed }
}

// The name alone is read here, never the key.
function clientName(encoded: unknown): string | undefined {
  if (typeof encoded !== 'string') return undefined
  try {
    const entry: { readonly metadata?: { readonly name?: unknown } } = Object(
      JSON.parse(Buffer.from(encoded, 'base64').toString()),
    )
    const name = entry.metadata?.name
    return typeof name === 'string' && name !== '' ? name : undefined
  } catch {
    return undefined
  }
}
