// `ai` of a TrafficPolicy: prompts, guards and fields of requests to models, as the same section of an AgentgatewayPolicy.
// Webhooks that are named by host become backends of their own, because a guard names its service by reference.
import type { JsonObject } from '../../kube/json.ts'
import type { Fields } from '../fields.ts'
import { OURS, present, unlessEmpty } from '../made.ts'
import { tokenAuth } from './providers.ts'

/** A backend that a guard needs. */
export interface WebhookBackend {
  readonly name: string
  readonly spec: JsonObject
}

/** The section, and the backends that it refers to. */
export interface CarriedPrompts {
  readonly ai: JsonObject | undefined
  readonly backends: readonly WebhookBackend[]
}

const BUILTINS: Readonly<Record<string, string>> = {
  SSN: 'Ssn',
  CREDIT_CARD: 'CreditCard',
  PHONE_NUMBER: 'PhoneNumber',
  EMAIL: 'Email',
  CA_SIN: 'CaSin',
}
const ACTIONS: Readonly<Record<string, string>> = { MASK: 'Mask', REJECT: 'Reject' }

/** Reads the section of the policy with this name. */
export function carryPrompts(from: Fields, policy: string): CarriedPrompts {
  from.drop('routeType', 'what a path speaks follows from the path')
  const prompt = from.fields('promptEnrichment')
  const messages = (field: string): readonly JsonObject[] | undefined => {
    const list = prompt?.list(field) ?? []
    if (list.length === 0) return undefined
    return list.map((each) => ({
      role: (each.text('role') ?? 'user').toLowerCase(),
      content: each.text('content') ?? '',
    }))
  }
  const backends: WebhookBackend[] = []
  const guard = from.fields('promptGuard')
  const request = guard?.fields('request')
  const response = guard?.fields('response')
  const guards = present({
    request: request && nonEmpty(carryGuards(request, { name: `${policy}-request-webhook`, backends })),
    response: response && nonEmpty(carryGuards(response, { name: `${policy}-response-webhook`, backends })),
  })
  const fields = from.list('defaults').map((each) => ({
    isOverride: each.flag('override') === true,
    entry: { field: each.text('field') ?? '', value: jsonOf(each.json('value')) },
  }))
  const pick = (isOverride: boolean): readonly JsonObject[] | undefined =>
    nonEmpty(fields.filter((each) => each.isOverride === isOverride).map(({ entry }) => entry))
  return {
    ai: unlessEmpty(
      present({
        prompt: prompt && unlessEmpty(present({ prepend: messages('prepend'), append: messages('append') })),
        promptGuard: unlessEmpty(guards),
        defaults: pick(false),
        overrides: pick(true),
      }),
    ),
    backends,
  }
}

// Values were JSON or text: what reads as JSON is JSON.
function jsonOf(value: ReturnType<Fields['json']>) {
  if (typeof value !== 'string') return value ?? null
  try {
    const parsed: ReturnType<Fields['json']> = JSON.parse(value)
    return parsed ?? null
  } catch {
    return value
  }
}

function nonEmpty<T>(list: readonly T[]): readonly T[] | undefined {
  return list.length === 0 ? undefined : list
}

function carryGuards(
  from: Fields,
  webhooks: { readonly name: string; readonly backends: WebhookBackend[] },
): readonly JsonObject[] {
  const custom = from.fields('customResponse')
  const response =
    custom && unlessEmpty(present({ message: custom.text('message'), statusCode: custom.whole('statusCode') }))
  const guards: JsonObject[] = []
  const regex = from.fields('regex')
  if (regex !== undefined) guards.push(present({ regex: carryRegex(regex), response }))
  const webhook = from.fields('webhook')
  if (webhook !== undefined) {
    const carried = carryWebhook(webhook, webhooks)
    if (carried !== undefined) guards.push(present({ webhook: carried, response }))
  }
  const moderation = from.fields('moderation')?.fields('openAIModeration')
  if (moderation !== undefined) {
    const auth = tokenAuth(moderation)
    const openAIModeration = present({
      model: moderation.text('model'),
      policies: auth && { auth },
    })
    guards.push(present({ openAIModeration, response }))
  }
  return guards
}

function carryRegex(from: Fields): JsonObject {
  const word = (name: string, text: string, table: Readonly<Record<string, string>>): readonly string[] => {
    const found = table[text]
    if (found !== undefined) return [found]
    from.tell(`must be one of ${Object.keys(table).join(', ')}`, { field: name })
    return []
  }
  const action = from.text('action')
  const matches = from.list('matches').flatMap((match) => {
    match.ignore('name')
    const pattern = match.text('pattern')
    return pattern === undefined ? [] : [pattern]
  })
  return present({
    action: action === undefined ? undefined : word('action', action, ACTIONS)[0],
    builtins: nonEmpty(from.texts('builtins').flatMap((each) => word('builtins', each, BUILTINS))),
    matches: nonEmpty(matches),
  })
}

function carryWebhook(
  from: Fields,
  { name, backends }: { readonly name: string; readonly backends: WebhookBackend[] },
): JsonObject | undefined {
  const where = from.fields('host')
  const host = where?.text('host')
  const port = where?.whole('port')
  if (host === undefined || port === undefined) {
    from.tell('host and port are required', { field: 'host' })
    return undefined
  }
  const forwarded = from
    .list('forwardHeaderMatches')
    .map((each) => present({ name: each.text('name'), type: each.text('type'), value: each.text('value') }))
  backends.push({ name, spec: { static: { host, port } } })
  return present({
    backendRef: { group: OURS, kind: 'AgentgatewayBackend', name },
    forwardHeaderMatches: nonEmpty(forwarded),
  })
}
