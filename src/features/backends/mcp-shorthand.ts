// Accepts MCP targets as some guides print them: `backendRef`, `port` and `protocol` on the target itself, where the API
// has them under `static`. Says what to write instead, and writes it for whoever converts an object.
import type { Problem } from '../../core/problem.ts'
import type { KubeObject } from '../../kube/object.ts'

/** Fields of `static` that may stand on the target itself. */
export const SHORTHAND = ['backendRef', 'port', 'protocol', 'path'] as const

/** The object with such targets rewritten, and for each of them a warning that says what to write instead. */
export function expandMcpShorthand<O extends KubeObject>(
  object: O,
): { readonly object: O; readonly problems: readonly Problem[] } {
  const targets = object.kind === 'AgentgatewayBackend' ? at(at(at(object, 'spec'), 'mcp'), 'targets') : undefined
  if (!Array.isArray(targets)) return { object, problems: [] }
  const problems: Problem[] = []
  const expanded = targets.map((target: unknown, index) => {
    const problem = shorthandProblem(target, `spec.mcp.targets[${index}]`)
    if (!isRecord(target) || problem === undefined) return target
    problems.push(problem)
    if (problem.severity === undefined) return target
    const short = shortIn(target)
    const rest = Object.entries(target).filter(([field]) => !SHORTHAND.some((each) => each === field))
    return { ...Object.fromEntries(rest), static: Object.fromEntries(short.map((field) => [field, target[field]])) }
  })
  if (problems.length === 0) return { object, problems }
  const spec = at(object, 'spec')
  const mcp = at(spec, 'mcp')
  return {
    // Only the targets differ, and their type is not part of O: O is any object with metadata.
    object: { ...object, spec: { ...asRecord(spec), mcp: { ...asRecord(mcp), targets: expanded } } } as O,
    problems,
  }
}

/** What there is to say of a target that has such fields: a warning, or an error where they contradict its other fields. */
export function shorthandProblem(target: unknown, path: string): Problem | undefined {
  const short = shortIn(target)
  if (short.length === 0) return undefined
  if (at(target, 'static') !== undefined || at(target, 'selector') !== undefined) {
    const message = `${short.join(', ')} on the target itself cannot be combined with static or selector; write them under static`
    return { reason: 'Invalid', path, message }
  }
  const message = `write ${short.map((field) => `static.${field}`).join(', ')} instead of ${short.join(', ')}: a target has these fields under static`
  return { reason: 'Invalid', path, message, severity: 'warning' }
}

function shortIn(target: unknown): readonly (typeof SHORTHAND)[number][] {
  return SHORTHAND.filter((field) => at(target, field) !== undefined)
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return isRecord(value) ? value : {}
}

function at(value: unknown, field: string): unknown {
  return isRecord(value) ? (value[field] ?? undefined) : undefined
}
