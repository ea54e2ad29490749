// Text of a rule → something to call. Rewrites the macros that the CEL engine lacks into ones it has, and words its
// errors as the API server does.
import { type ASTNode, EvaluationError } from '@marcbachmann/cel-js'
import { kubernetesCel } from './library.ts'

/** The values a rule sees. */
export interface Variables {
  readonly self: unknown
  readonly oldSelf?: unknown
}

/** A rule that can be evaluated. */
export interface Program {
  readonly evaluate: (variables: Variables) => unknown
  /** Whether it compares with an earlier state of the value. */
  readonly readsOldSelf: boolean
}

function children(node: ASTNode): readonly ASTNode[] {
  const found: ASTNode[] = []
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(visit)
    // Operands are nodes, lists of nodes, and literals; only nodes have an operator.
    else if (typeof value === 'object' && value !== null && 'op' in value) found.push(value as ASTNode)
  }
  visit(node.args)
  return found
}

function* nodes(node: ASTNode): Generator<ASTNode> {
  for (const child of children(node)) yield* nodes(child)
  yield node
}

interface Rewriting {
  readonly node: ASTNode
  readonly text: string
}

const text = (node: ASTNode) => node.input.slice(node.start, node.end)

// The engine's has() takes only a path that begins with a name: has(a[0].b) → bind a[0] to a name first.
function hasBehindIndex(node: ASTNode, name: string): string | undefined {
  if (node.op !== 'call' || node.args[0] !== 'has') return undefined
  const [argument] = node.args[1]
  if (argument?.op !== '.') return undefined
  let base: ASTNode = argument
  while (base.op === '.' || base.op === '.?') base = base.args[0]
  return base.op === 'id' ? undefined : `cel.bind(${name}, ${text(argument.args[0])}, has(${name}.${argument.args[1]}))`
}

function optionalMapping(node: ASTNode, name: string): string | undefined {
  if (node.op !== 'rcall') return undefined
  const [method, receiver, [variable, body]] = node.args
  if ((method !== 'optMap' && method !== 'optFlatMap') || variable?.op !== 'id' || body === undefined) return undefined
  const bound = `cel.bind(${variable.args}, ${name}.value(), ${text(body)})`
  const some = method === 'optMap' ? `optional.of(${bound})` : bound
  return `cel.bind(${name}, ${text(receiver)}, ${name}.hasValue() ? ${some} : optional.none())`
}

function firstRewriting(ast: ASTNode, name: string): Rewriting | undefined {
  for (const node of nodes(ast)) {
    const replacement = hasBehindIndex(node, name) ?? optionalMapping(node, name)
    if (replacement !== undefined) return { node, text: replacement }
  }
  return undefined
}

const environment = kubernetesCel()

function parse(expression: string) {
  let current = expression
  // Each round removes one macro and adds none, so this ends.
  for (let round = 0; ; round += 1) {
    const parsed = environment.parse(current)
    const rewriting = firstRewriting(parsed.ast, `bound_${round}_`)
    if (rewriting === undefined) return parsed
    current = current.slice(0, rewriting.node.start) + rewriting.text + current.slice(rewriting.node.end)
  }
}

const programs = new Map<string, Program>()

/** Compiles a rule. Text that is no CEL, which a CRD that an API server accepted never has, fails when evaluated. */
export function compile(expression: string): Program {
  const known = programs.get(expression)
  if (known !== undefined) return known
  const program = readable(expression) ?? unreadable(expression)
  programs.set(expression, program)
  return program
}

function unreadable(expression: string): Program {
  return {
    evaluate: () => {
      throw new Error(`the CRD has a rule that is not CEL: ${expression}`)
    },
    readsOldSelf: false,
  }
}

function readable(expression: string): Program | undefined {
  let parsed: ReturnType<typeof parse>
  try {
    parsed = parse(expression)
  } catch {
    return undefined
  }
  let readsOldSelf = false
  for (const node of nodes(parsed.ast)) {
    if (node.op === 'id' && node.args === 'oldSelf') readsOldSelf = true
    // The engine's own matches() reads JavaScript's regular expressions.
    if (node.op === 'rcall' && node.args[0] === 'matches') node.args[0] = 'matchesGo'
  }
  return { evaluate: (variables) => parsed({ ...variables }), readsOldSelf }
}

const overloads = new Set([
  'no_such_overload',
  'no_matching_overload',
  'invalid_logical_operand',
  'invalid_condition_type',
])

/** What went wrong during evaluation, in the API server's words. */
export interface Failure {
  readonly text: string
  /** Whether the operands had types for which the operator or function does not exist. */
  readonly isOverload: boolean
}

/** Words an error of the engine. Whatever else a rule throws, it is about this one rule and value, and fails them. */
export function failure(error: unknown): Failure {
  if (!(error instanceof EvaluationError)) return { text: String(error), isOverload: false }
  const { code, summary } = error
  if (overloads.has(code)) {
    const name = /for '(?:[^'.(]*\.)?(\w+)\(/.exec(summary)?.[1]
    return { text: name === undefined ? "'no such overload'" : `'no such overload: ${name}'`, isOverload: true }
  }
  return { text: failureText(code, summary), isOverload: false }
}

function failureText(code: string, summary: string): string {
  switch (code) {
    case 'no_such_key':
      return `no such key: ${summary.replace(/^No such key: /, '')}`
    case 'index_out_of_bounds':
      return `index out of bounds: ${/index (-?\d+)/.exec(summary)?.[1] ?? ''}`
    case 'division_by_zero':
      return 'division by zero'
    case 'modulo_by_zero':
      return 'modulus by zero'
    case 'int_conversion_error':
      return "type conversion error from 'string' to 'int'"
    case 'uint_conversion_error':
      return "type conversion error from 'string' to 'uint'"
    case 'double_conversion_error':
      return "type conversion error from 'string' to 'double'"
    case 'invalid_duration':
      return "type conversion error from 'string' to 'google.protobuf.Duration'"
    case 'invalid_timestamp':
      return "type conversion error from 'string' to 'google.protobuf.Timestamp'"
    default:
      return summary
  }
}
