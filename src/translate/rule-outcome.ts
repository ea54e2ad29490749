// What one rule of a route comes to, whatever the kind of route: something to send wherever the route is attached, and
// problems with how far each reaches. From those the conditions of the route follow; traffic was decided when the
// problem was found: what cannot be served as written answers 500, all else is served.
import type { TypedRef } from '../core/keys.ts'
import type { Outcome, Problem, Reason } from '../core/problem.ts'
import type { WireResource } from '../wire/messages.ts'
import type { ConditionDraft } from './model.ts'
import type { ReferenceScope } from './references.ts'

/**
 * How far a problem reaches. `share`: a backend cannot be followed, its share of the traffic answers 500. `part`: a
 * mirror is left out, or a badly written backend answers 500 for its share. `rule`: the rule answers 500. `route`:
 * nothing of the route is sent.
 */
export type Extent = 'share' | 'part' | 'rule' | 'route'

/** A problem of a rule. */
export interface RuleProblem extends Problem {
  readonly extent: Extent
}

/** Where a rule is sent to: a listener, or the group of routes of a delegating parent. */
export interface RulePlace {
  /** Key of the resource. */
  readonly key: string
  readonly listenerKey?: string
  readonly routeGroupKey?: string
}

/** What a rule needs to know about its route. */
export interface RuleScope extends ReferenceScope {
  readonly route: TypedRef
  readonly hostnames: readonly string[]
  readonly index: number
  /** Field path of the rule. */
  readonly path: string
  /** Whether this is for a delegated child, which cannot serve models. */
  readonly isDelegated: boolean
  /** Wire keys of those listeners of the route that models are attached to directly, sorted. */
  readonly modelListeners: readonly string[]
}

/** A translated rule. */
export interface RuleOutcome {
  readonly path: string
  readonly problems: readonly RuleProblem[]
  /** Makes the resources for one place; absent when no request can be told to be the rule's. */
  readonly render?: (place: RulePlace) => readonly WireResource[]
}

/** A list of things that could be made, and what was wrong on the way. */
export interface Parts<T> {
  readonly parts: readonly T[]
  readonly problems: readonly RuleProblem[]
}

/** One problem with its extent. */
export function problemOf(extent: Extent, reason: Reason, place: { path: string; message: string }): RuleProblem {
  return { reason, path: place.path, message: place.message, extent }
}

/** The problems of an outcome with their extent. */
export function reaching(extent: Extent, outcome: Outcome<unknown>): readonly RuleProblem[] {
  return outcome.problems.map((problem) => ({ ...problem, extent }))
}

/** The condition ResolvedRefs, which is where everything but attachment shows. */
export function resolvedRefs(problems: readonly RuleProblem[]): ConditionDraft {
  const told = toldProblem(problems)
  if (told === undefined) return { type: 'ResolvedRefs', status: 'True', reason: 'ResolvedRefs', message: '' }
  // References keep their well-known wording; the rest says where in the spec it is.
  const isReference = told.extent === 'share' || told.extent === 'route'
  return {
    type: 'ResolvedRefs',
    status: 'False',
    reason: told.reason,
    message: isReference ? told.message : `${told.path}: ${told.message}`,
  }
}

/** The condition PartiallyInvalid: present when some rules are served and some answer 500. */
export function partiallyInvalid(rules: readonly RuleOutcome[]): readonly ConditionDraft[] {
  const refused = rules.map(({ problems }) => problems.filter(({ extent }) => extent === 'rule'))
  const problems = refused.flat()
  if (problems.length === 0 || refused.every((found) => found.length > 0)) return []
  const told = problems.map(({ path, message }) => `${path}: ${message}`).join('; ')
  return [{ type: 'PartiallyInvalid', status: 'True', reason: 'UnsupportedValue', message: `Dropped Rule: ${told}` }]
}

// A problem of the spec is told before one of references: the first of the former, the last of the latter.
function toldProblem(problems: readonly RuleProblem[]): RuleProblem | undefined {
  const errors = problems.filter(({ severity }) => severity !== 'warning')
  return (
    errors.find(({ extent }) => extent === 'route') ??
    errors.find(({ extent }) => extent === 'part' || extent === 'rule') ??
    errors.at(-1)
  )
}
