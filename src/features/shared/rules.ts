// Lists of CEL rules that allow, deny or require. A bad rule that allows or requires never holds, so access stays closed;
// a bad rule that denies would deny nobody, so it is answered with a requirement that nothing meets.
import type { Static } from 'typebox'
import type { Problem } from '../../core/problem.ts'
import { Doc, Enum, fallback, items, List, Obj, Opt } from '../../schema/combinators.ts'
import { celFlaws } from './cel.ts'
import { refusal } from './flaws.ts'
import { itemsOf } from './lists.ts'
import { celExpression } from './refs.ts'

/** `authorization` of traffic, of MCP backends and of raw connections. */
export const authorizationRules = Obj({
  action: Opt(
    Doc(
      'Allow: a request needs one rule that holds. Deny: no rule may hold. Require: all rules must hold.',
      Enum(['Allow', 'Deny', 'Require'], fallback('Allow')),
    ),
  ),
  policy: Doc(
    'The rules.',
    Obj({ matchExpressions: Doc('CEL expressions, each a rule of its own.', List(celExpression, items(1, 256))) }),
  ),
})
/** Rules and what to do when they hold. */
export type AuthorizationRules = Static<typeof authorizationRules>

/** The three lists that the wire has. */
export interface WireRules {
  readonly allow?: string[]
  readonly deny?: string[]
  readonly require?: string[]
}

/** The rules on the wire; `what` begins the message about a bad one, and without it none is checked. */
export function translateRules(
  rules: AuthorizationRules,
  path: string,
  what?: string,
): { readonly value: WireRules; readonly problems: readonly Problem[] } {
  const expressions = itemsOf(rules.policy?.matchExpressions)
  const problems =
    what === undefined
      ? []
      : expressions.flatMap((each, i) => celFlaws(each, `${path}.policy.matchExpressions[${i}]`, what))
  switch (rules.action) {
    case 'Deny':
      return problems.length === 0
        ? { value: { deny: [...expressions] }, problems }
        : { value: { deny: [...expressions], require: ['false'] }, problems: problems.map(closing) }
    case 'Require':
      return { value: { require: [...expressions] }, problems }
    default:
      return { value: { allow: [...expressions] }, problems }
  }
}

function closing({ path, message }: Problem): Problem {
  return refusal(path, `${message}; everything is denied until this rule is mended`)
}
