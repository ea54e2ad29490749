// Who a ServiceAccount token belongs to, as the API server says. Answers are remembered for a little while, under the hash
// of the token, so that a thousand proxies that come back together are not a thousand questions.
import { createHash } from 'node:crypto'
import { errorText, type Log } from '../core/log.ts'
import type { Authentication, Authenticator, Refusal } from './auth.ts'

/** What an API server found out about a token. */
export interface TokenReview {
  readonly isAuthenticated: boolean
  readonly username: string
  readonly groups: readonly string[]
  readonly audiences: readonly string[]
  readonly error: string
}

/** Whom to ask, and for how long to believe it. */
export interface TokenReviewOptions {
  /** Rejects when there is no answer. */
  readonly review: (token: string, audiences: readonly string[]) => Promise<TokenReview>
  readonly log: Log
  /** Milliseconds since the epoch. */
  readonly now?: () => number
  readonly acceptedForMs?: number
  readonly refusedForMs?: number
  readonly maxRemembered?: number
}

const AUDIENCE = 'agentgateway'
const ACCOUNTS = 'system:serviceaccounts'
/** Longer ones are no tokens, and not worth a question. */
const MAX_TOKEN_BYTES = 16 * 1024

interface Remembered {
  readonly authentication: Promise<Authentication>
  /** Infinite while the answer is awaited. */
  until: number
}

/** Lets in who brings a ServiceAccount's token for our audience; throws when the API server cannot be asked. */
export function tokenReviewer(options: TokenReviewOptions): Authenticator {
  const { now = Date.now, acceptedForMs = 60_000, refusedForMs = 5_000, maxRemembered = 4096, log } = options
  const remembered = new Map<string, Remembered>()

  async function ask(token: string): Promise<Authentication> {
    try {
      const review = await options.review(token, [AUDIENCE])
      const authentication = judged(review, token, now())
      if (authentication.kind === 'refused')
        log.debug({ reason: authentication.refusal.message, error: review.error }, 'a token was refused')
      return authentication
    } catch (error) {
      log.warn({ error: errorText(error) }, 'a token cannot be reviewed; the proxy is told to come again')
      throw error
    }
  }

  function remember(hash: string, token: string): Promise<Authentication> {
    const authentication = ask(token)
    const entry: Remembered = { authentication, until: Number.POSITIVE_INFINITY }
    const [oldest] = remembered.keys()
    if (remembered.size >= maxRemembered && oldest !== undefined) remembered.delete(oldest)
    remembered.set(hash, entry)
    const forget = (): void => {
      if (remembered.get(hash) === entry) remembered.delete(hash)
    }
    authentication.then((answer) => {
      const ends = answer.kind === 'identified' ? (answer.expiresAt ?? Number.POSITIVE_INFINITY) : now() + refusedForMs
      entry.until = Math.min(ends, now() + acceptedForMs)
    }, forget)
    return authentication
  }

  return {
    async authenticate({ authorization }) {
      const token = /^Bearer +([^\s]+)\s*$/i.exec(authorization ?? '')?.[1]
      if (token === undefined)
        return refused('a ServiceAccount token is demanded, in the header "authorization: Bearer …"')
      if (token.length > MAX_TOKEN_BYTES) return refused('what was sent is too long for a token')
      const hash = createHash('sha256').update(token).digest('base64')
      const known = remembered.get(hash)
      if (known !== undefined && known.until > now()) return known.authentication
      remembered.delete(hash)
      return remember(hash, token)
    },
  }
}

function judged(review: TokenReview, token: string, now: number): Authentication {
  const expiresAt = expiryOf(token)
  // Why the API server refuses is not for everybody to know; that a token is old, its owner sees himself.
  if (!review.isAuthenticated)
    return refused(
      expiresAt !== undefined && expiresAt <= now
        ? 'the token has expired; connect again with a new one'
        : `the token is not valid for the audience ${AUDIENCE}`,
    )
  // An API server that knows nothing of audiences names none, and may mean any.
  if (!review.audiences.includes(AUDIENCE)) return refused(`the token is not for the audience ${AUDIENCE}`)
  const [system, kind, namespace = '', serviceAccount = '', ...more] = review.username.split(':')
  const isAccount =
    system === 'system' && kind === 'serviceaccount' && namespace !== '' && serviceAccount !== '' && more.length === 0
  if (!isAccount || !review.groups.includes(ACCOUNTS))
    return refused('the token is not that of a ServiceAccount', 'PERMISSION_DENIED')
  return {
    ...{ kind: 'identified', identity: { namespace, serviceAccount } },
    ...(expiresAt === undefined ? {} : { expiresAt }),
  }
}

function refused(message: string, code: Refusal['code'] = 'UNAUTHENTICATED'): Authentication {
  return { kind: 'refused', refusal: { code, message } }
}

/** When a JWT says that it ends; whether it is genuine, only the API server can tell. */
function expiryOf(token: string): number | undefined {
  try {
    const payload: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'))
    const { exp } = Object(payload) as { readonly exp?: unknown }
    return typeof exp === 'number' && Number.isFinite(exp) ? exp * 1000 : undefined
  } catch {
    return undefined
  }
}
