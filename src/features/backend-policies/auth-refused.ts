// Authentication that cannot be. Proxies refuse a policy with credentials that they cannot use, and then send requests
// without any, the credentials of the client included; told of a token that cannot be signed, they refuse the requests.
import type { Problem } from '../../core/problem.ts'
import type { BackendAuthPolicy } from '../../wire/messages.ts'

/** Authentication that lets no request through. */
export function refusingAuth(problems: readonly Problem[]): BackendAuthPolicy {
  return { jwtSign: { translationError: problems.map(({ message }) => message).join('\n') } }
}
