// What an API server refused, or that it answered with something else than it should.

/** The API server refused, or answered with something else than it should. */
export class ApiError extends Error {
  /** HTTP status; 0 when there was no answer worth the name. */
  readonly code: number
  /** Kubernetes' reason, such as `Expired`. */
  readonly reason: string
  /** How long the server asks to wait. */
  readonly retryAfterMs: number | undefined

  constructor(
    message: string,
    status: { readonly code: number; readonly reason: string; readonly retryAfterMs?: number },
  ) {
    super(message)
    this.name = 'ApiError'
    this.code = status.code
    this.reason = status.reason
    this.retryAfterMs = status.retryAfterMs
  }
}

/** Whether an error is the API server's answer with this status. */
export function isApiError(error: unknown, ...codes: readonly number[]): error is ApiError {
  return error instanceof ApiError && codes.includes(error.code)
}

/** The error that a Status says. */
export function statusError(
  what: string,
  status: unknown,
  known: { readonly code: number; readonly retryAfterMs?: number },
): ApiError {
  // A Status, or whatever stood in its place; each field is checked.
  const { message, reason } = Object(status) as { readonly message?: unknown; readonly reason?: unknown }
  const text = typeof message === 'string' && message !== '' ? message : `HTTP ${known.code}`
  return new ApiError(`${what}: ${text}`, { ...known, reason: typeof reason === 'string' ? reason : '' })
}

/** What is to be said of an answer of the wrong shape. */
export function badAnswer(what: string): ApiError {
  return new ApiError(`the API server's answer is no ${what}`, { code: 0, reason: 'BadAnswer' })
}
