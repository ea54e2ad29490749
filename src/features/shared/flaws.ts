// How features say what is wrong. A flaw leaves the policy in force with the offending value as it was given, so that
// the proxy fails closed where it is used; a refusal says that the whole policy is invalid.
import type { Outcome, Problem } from '../../core/problem.ts'

/** Something wrong in a policy that is sent all the same. */
export function flaw(path: string, message: string): Problem {
  return { reason: 'PartiallyValid', path, message }
}

/** Something so wrong that the policy is not accepted. */
export function refusal(path: string, message: string): Problem {
  return { reason: 'Invalid', path, message }
}

/** An outcome whose only content is a flaw. */
export function flawed(path: string, message: string): Outcome<never> {
  return { value: undefined, problems: [flaw(path, message)] }
}

/** An outcome with both; the usual end of a feature's translation. */
export function outcome<T>(value: T | undefined, problems: readonly Problem[]): Outcome<T> {
  return { value, problems }
}

/** The value of an outcome; its problems go to `problems`. */
export function take<T>(from: Outcome<T>, problems: Problem[]): T | undefined {
  problems.push(...from.problems)
  return from.value
}

/** The outcome with what the user was trying to do in front of every message. */
export function prefixed<T>(prefix: string, from: Outcome<T>): Outcome<T> {
  if (from.problems.length === 0) return from
  return { value: from.value, problems: from.problems.map((each) => ({ ...each, message: prefix + each.message })) }
}
