// Problems in the messages of conditions.
import type { Problem } from '../core/problem.ts'
import type { ConditionDraft } from './model.ts'

/** Whether a problem is more than a warning. */
export function isError({ severity }: Problem): boolean {
  return severity !== 'warning'
}

/** Problems as one text, each with its field. */
export function text(problems: readonly Problem[]): string {
  return [...new Set(problems.map(said))].join('\n')
}

function said({ path, message }: Problem): string {
  return path === '' || message.includes(path) ? message : `${path}: ${message}`
}

/** Shorthand for a condition. */
export function condition(
  type: string,
  status: ConditionDraft['status'],
  reason: string,
  message: string,
): ConditionDraft {
  return { type, status, reason, message }
}
