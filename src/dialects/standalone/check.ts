// A proxy's own configuration file: what a current proxy refuses of it, what it takes without doing what is meant, and the
// file as it should be. The shape of the rest is shape.ts', rules about tools are rules.ts'.
import { checkCel, describeCelProblem } from '../../core/cel.ts'
import type { Problem } from '../../core/problem.ts'
import { isJsonList, isJsonObject, type Json, type JsonObject, objectIn } from '../../kube/json.ts'
import { mendEquals, mendPrefixes } from './rules.ts'
import { topFields, unknownFields } from './shape.ts'

/** What is to be said of a file. */
export interface StandaloneVerdict {
  /** Errors make a current proxy refuse the file. */
  readonly problems: readonly Problem[]
  /** The file with everything mended that can be; undefined when there is nothing to mend. */
  readonly corrected: JsonObject | undefined
}

/** Whether a document is a configuration file of a proxy. */
export function isStandalone(value: unknown): value is JsonObject {
  if (!isJsonObject(value) || value.apiVersion !== undefined || value.kind !== undefined) return false
  return topFields.some((field) => value[field] !== undefined)
}

/** Judges a file. */
export function checkStandalone(config: JsonObject): StandaloneVerdict {
  const problems: Problem[] = []
  const mend = (route: Json, path: string): Json => mendRoute(route, path, problems)
  const corrected: JsonObject = {
    ...config,
    ...mapped(config, 'binds', '', (bind, path) =>
      within(bind, 'listeners', path, (listener, at) => within(listener, 'routes', at, mend)),
    ),
    ...mapped(config, 'routes', '', mend),
  }
  const unknown = unknownFields(corrected)
  const isMended = JSON.stringify(corrected) !== JSON.stringify(config)
  return { problems: [...problems, ...unknown], corrected: isMended ? corrected : undefined }
}

type Mend = (value: Json, path: string) => Json

function mapped(owner: JsonObject, field: string, path: string, mend: Mend): JsonObject {
  const list = owner[field]
  const at = path === '' ? field : `${path}.${field}`
  return isJsonList(list) ? { [field]: list.map((each, i) => mend(each, `${at}[${i}]`)) } : {}
}

function within(owner: Json, field: string, path: string, mend: Mend): Json {
  return isJsonObject(owner) ? { ...owner, ...mapped(owner, field, path, mend) } : owner
}

function mendRoute(route: Json, path: string, problems: Problem[]): Json {
  if (!isJsonObject(route)) return route
  const targets = (isJsonList(route.backends) ? route.backends : []).flatMap((each, i) => {
    const { targets: list } = objectIn(objectIn(each).mcp)
    return (isJsonList(list) ? list : []).map((target, t) => {
      const at = `${path}.backends[${i}].mcp.targets[${t}]`
      problems.push(...addressProblems(objectIn(target), at))
      return objectIn(target).name
    })
  })
  const names = targets.filter((name): name is string => typeof name === 'string')
  const { policies } = route
  if (!isJsonObject(policies)) return route
  const at = `${path}.policies`
  const mended: Record<string, Json | undefined> = { ...policies }
  if (isJsonObject(policies.mcpAuthentication)) {
    mended.mcpAuthentication = mendAuthentication(policies.mcpAuthentication, `${at}.mcpAuthentication`, problems)
    if (policies.jwtAuth !== undefined) {
      const message =
        'a token that jwtAuth has taken from the request is not there for mcpAuthentication, which then refuses everything; keep one of the two'
      problems.push({ reason: 'Invalid', path: `${at}.jwtAuth`, message, severity: 'warning' })
    }
  }
  for (const field of ['mcpAuthorization', 'authorization']) {
    const policy = policies[field]
    if (!isJsonObject(policy) || !isJsonList(policy.rules)) continue
    const rules = policy.rules.map((rule, i) => mendRule(rule, { path: `${at}.${field}.rules[${i}]`, names, problems }))
    mended[field] = { ...policy, rules }
  }
  return { ...route, policies: mended }
}

function mendAuthentication({ jwksUrl, audience, ...rest }: JsonObject, path: string, problems: Problem[]): JsonObject {
  if (jwksUrl !== undefined) {
    const message = 'proxies before 0.11 called it jwksUrl; a current one refuses the whole file: write jwks: {url: …}'
    problems.push({ reason: 'Invalid', path: `${path}.jwksUrl`, message })
  }
  if (audience !== undefined) {
    const message = 'proxies before 0.11 took one audience; a current one refuses the whole file: write audiences: […]'
    problems.push({ reason: 'Invalid', path: `${path}.audience`, message })
  }
  return {
    ...rest,
    ...(jwksUrl === undefined ? {} : { jwks: rest.jwks ?? { url: jwksUrl } }),
    ...(audience === undefined ? {} : { audiences: rest.audiences ?? (isJsonList(audience) ? audience : [audience]) }),
  }
}

interface RuleScope {
  readonly path: string
  readonly names: readonly string[]
  readonly problems: Problem[]
}

function mendRule(rule: Json, scope: RuleScope): Json {
  if (typeof rule === 'string') return mendExpression(rule, scope)
  if (!isJsonObject(rule)) return rule
  return Object.fromEntries(
    Object.entries(rule).map(([kind, expression]) => [
      kind,
      typeof expression === 'string'
        ? mendExpression(expression, { ...scope, path: `${scope.path}.${kind}` })
        : expression,
    ]),
  )
}

function mendExpression(written: string, { path, names, problems }: RuleScope): string {
  const problem = checkCel(written)
  let expression = written
  if (problem !== undefined) {
    const mended = mendEquals(written)
    const instead = mended === undefined ? '' : `; write ${mended}`
    const message = `${written} is not a CEL expression: ${describeCelProblem(problem)}${instead}. A proxy refuses the whole file`
    problems.push({ reason: 'Invalid', path, message })
    if (mended === undefined) return written
    expression = mended
  }
  const prefixed = mendPrefixes(expression, names)
  if (prefixed === undefined) return expression
  const message = `${prefixed.notes.join('; ')}. Write ${prefixed.expression}`
  problems.push({ reason: 'Invalid', path, message, severity: 'warning' })
  return prefixed.expression
}

// A URL, or host, port and path, or a named backend with a path.
function addressProblems(target: JsonObject, path: string): readonly Problem[] {
  return ['mcp', 'sse'].flatMap((field) => {
    const address = target[field]
    if (!isJsonObject(address)) return []
    const { host, port, path: own, backend } = address
    const at = `${path}.${field}`
    if (host === undefined && backend === undefined) {
      return [
        { reason: 'Invalid' as const, path: at, message: 'host is required: a URL, or a host with port and path' },
      ]
    }
    if (host === undefined || (port === undefined) === (own === undefined)) return []
    const message = 'port and path go together: set both, or write a URL as host'
    return [{ reason: 'Invalid' as const, path: at, message }]
  })
}
