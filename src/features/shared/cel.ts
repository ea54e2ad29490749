// What is reported about a user's CEL expressions. Syntax only: the proxy knows which names exist. A bad expression is
// sent as it is; the proxy replaces it by one that always fails. What that does to lists of rules: rules.ts.
import { type CelProblem, checkCel, describeCelProblem } from '../../core/cel.ts'
import type { Problem } from '../../core/problem.ts'
import { flaw } from './flaws.ts'

/** What is wrong with an expression; `what` begins the message. An absent one is fine. */
export function celFlaws(expression: string | undefined, path: string, what: string): readonly Problem[] {
  return celFlawsSaying(`${what} is not a valid CEL expression`, expression, path)
}

/** The same with a whole sentence of the caller's. */
export function celFlawsSaying(sentence: string, expression: string | undefined, path: string): readonly Problem[] {
  if (typeof expression !== 'string') return []
  const problem = checkCel(expression)
  return problem === undefined ? [] : [flaw(path, `${sentence}: ${expression}${whereAndWhy(expression, problem)}`)]
}

// Other controllers print the expression alone, and a template's braces say enough by themselves; slips that are easily
// overlooked (`=` for `==`) need their place and what to write instead.
function whereAndWhy(expression: string, problem: CelProblem): string {
  return expression.includes('{{') ? '' : `: ${describeCelProblem(problem)}`
}
