// The fields of a TrafficPolicy but for its targets and `rbac`, as sections of an AgentgatewayPolicy. Each field is carried
// over, or it is said what of it has no effect.
import { checkCel, describeCelProblem } from '../../core/cel.ts'
import type { Json, JsonObject } from '../../kube/json.ts'
import type { Fields } from '../fields.ts'
import { present, unlessEmpty } from '../made.ts'
import { milliseconds } from './durations.ts'
import { carryExtAuth, carryExtProc, carryGlobalRateLimit, type ExtensionScope } from './extensions.ts'
import { carryTokenBucket } from './rate-limits.ts'

/** What fields become, and which field each part comes from. */
export interface CarriedSections {
  readonly traffic: JsonObject
  /** Policies about requests to backends. */
  readonly backend: JsonObject
  readonly paths: readonly (readonly [made: string, written: string])[]
}

/** Reads what applies to requests of Gateways and routes. */
export function carryTrafficFields(spec: Fields, scope: ExtensionScope): CarriedSections {
  const traffic: Record<string, Json | undefined> = {}
  for (const [name, { field, carry }] of Object.entries(FIELDS)) {
    const from = spec.fields(name)
    if (from !== undefined) traffic[field] = carry(from, scope)
  }
  const rewrites = spec.flag('autoHostRewrite')
  if (rewrites !== undefined) traffic.hostRewrite = { mode: rewrites ? 'Auto' : 'None' }
  const attempt = spec.has('retry') ? spec.fields('retry')?.text('perTryTimeout') : undefined
  return {
    traffic: present(traffic),
    backend: present({ http: attempt === undefined ? undefined : { requestTimeout: attempt } }),
    paths: [
      ...Object.entries(FIELDS).map(([name, { field }]): [string, string] => [`spec.traffic.${field}`, `spec.${name}`]),
      ['spec.traffic.hostRewrite', 'spec.autoHostRewrite'],
      ['spec.backend.http', 'spec.retry.perTryTimeout'],
    ],
  }
}

interface CarriedField {
  readonly field: string
  readonly carry: (from: Fields, scope: ExtensionScope) => JsonObject | undefined
}

const NO_SWITCH = 'a policy on the Gateway cannot be switched off here'

const FIELDS: Readonly<Record<string, CarriedField>> = {
  extAuth: { field: 'extAuth', carry: carryExtAuth },
  extProc: { field: 'extProc', carry: carryExtProc },
  rateLimit: {
    field: 'rateLimit',
    carry: (from, scope) => {
      const local = from.fields('local')
      const limit = local && carryTokenBucket(local)
      const remote = from.fields('global')
      return unlessEmpty(
        present({
          local: limit && [limit],
          global: remote && carryGlobalRateLimit(remote, scope),
        }),
      )
    },
  },
  transformation: { field: 'transformation', carry: carryTransformation },
  cors: { field: 'cors', carry: carryCors },
  csrf: { field: 'csrf', carry: carryCsrf },
  headerModifiers: {
    field: 'headerModifiers',
    carry: (from) => unlessEmpty(present({ request: from.json('request'), response: from.json('response') })),
  },
  buffer: {
    field: 'buffer',
    carry: (from) => {
      from.drop('disable', NO_SWITCH)
      const most = from.json('maxRequestSize')
      return most === undefined ? undefined : { request: { maxBytes: most } }
    },
  },
  timeouts: {
    field: 'timeouts',
    carry: (from) => {
      from.drop('streamIdle', 'agentgateway has no limit of the time without data')
      return unlessEmpty(present({ request: from.text('request') }))
    },
  },
  retry: { field: 'retry', carry: carryRetry },
}

function carryCors(from: Fields): JsonObject | undefined {
  from.drop('disable', NO_SWITCH)
  return unlessEmpty(
    present({
      allowOrigins: from.json('allowOrigins'),
      allowMethods: from.json('allowMethods'),
      allowHeaders: from.json('allowHeaders'),
      exposeHeaders: from.json('exposeHeaders'),
      allowCredentials: from.flag('allowCredentials'),
      maxAge: from.whole('maxAge'),
    }),
  )
}

function carryCsrf(from: Fields): JsonObject {
  if (from.fields('percentageEnabled') !== undefined) {
    from.json('percentageEnabled')
    from.drop('percentageEnabled', 'every request is checked')
  }
  from.drop('percentageShadowed', 'checks that only count are not possible')
  const origins = from.list('additionalOrigins').flatMap((origin) => {
    const exact = origin.text('exact')
    if (exact !== undefined) return [exact]
    for (const other of ['prefix', 'suffix', 'contains', 'safeRegex'])
      origin.drop(other, 'origins are compared as a whole')
    return []
  })
  return present({ additionalOrigins: origins.length === 0 ? undefined : origins })
}

const RETRIED: Readonly<Record<string, readonly number[]>> = {
  'gateway-error': [502, 503, 504],
  '5xx': [500, 501, 502, 503, 504, 505, 506, 507, 508, 510, 511],
  'retriable-4xx': [409],
}

function carryRetry(from: Fields): JsonObject | undefined {
  const codes = new Set<number>()
  for (const [i, condition] of from.texts('retryOn').entries()) {
    const retried = RETRIED[condition]
    if (retried === undefined) {
      from.tell(`${condition} has no effect: requests are sent again by status; connections that fail always are`, {
        field: `retryOn[${i}]`,
        reason: 'UnsupportedValue',
        severity: 'warning',
      })
    }
    for (const code of retried ?? []) codes.add(code)
  }
  const written = from.json('statusCodes')
  if (Array.isArray(written)) for (const code of written) if (typeof code === 'number') codes.add(code)
  const backoff = from.text('backoffBaseInterval')
  if (backoff !== undefined && milliseconds(backoff) === undefined)
    from.tell('must be a duration', { field: 'backoffBaseInterval' })
  return present({
    attempts: from.whole('attempts'),
    backoff,
    codes: codes.size === 0 ? undefined : [...codes].toSorted((a, b) => a - b),
  })
}

// Transformations

const TEMPLATE = /\{\{|\{%|\{#/

function carryTransformation(from: Fields): JsonObject | undefined {
  const side = (name: string): JsonObject | undefined => {
    const written = from.fields(name)
    if (written === undefined) return undefined
    const body = written.fields('body')
    body?.drop('parseAs', 'expressions parse bodies themselves: json(request.body)')
    return unlessEmpty(
      present({
        set: headers(written, 'set'),
        add: headers(written, 'add'),
        remove: written.json('remove'),
        body: body && expression(body, 'value'),
      }),
    )
  }
  return unlessEmpty(present({ request: side('request'), response: side('response') }))
}

function headers(from: Fields, field: string): readonly JsonObject[] | undefined {
  const list = from.list(field).flatMap((header) => {
    const name = header.text('name')
    const value = expression(header, 'value')
    return value === undefined ? [] : [present({ name, value })]
  })
  return list.length === 0 ? undefined : list
}

function expression(from: Fields, field: string): string | undefined {
  const text = from.text(field)
  if (text === undefined) return undefined
  if (TEMPLATE.test(text)) {
    from.tell('this looks like an Inja template; agentgateway takes CEL, such as request.headers["x-user"]', { field })
    return undefined
  }
  const problem = checkCel(text)
  if (problem === undefined) return text
  from.tell(`is not a CEL expression: ${describeCelProblem(problem)}; fixed text needs quotes of its own`, { field })
  return undefined
}
