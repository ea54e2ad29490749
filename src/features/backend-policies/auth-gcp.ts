// Google tokens: of a service account key in a Secret, or of the proxy's surroundings.
import type { Static } from 'typebox'
import type { Outcome, Problem } from '../../core/problem.ts'
import { Doc, Enum, Obj, Opt, rule } from '../../schema/combinators.ts'
import type { BackendAuthPolicy } from '../../wire/messages.ts'
import type { FeatureContext } from '../shared/context.ts'
import { resolveSecretText } from '../shared/credentials.ts'
import { flaw, outcome, take } from '../shared/flaws.ts'
import { secretKeyRef, shortString } from '../shared/refs.ts'
import { refusingAuth } from './auth-refused.ts'

/** `gcp`: send a token of Google. */
export const gcpAuth = Obj(
  {
    audience: Opt(Doc('Audience of an identity token; unset, the host of the backend.', shortString)),
    secretRef: Opt(Doc('Secret with a credential in JSON, under `credentials.json` by default.', secretKeyRef)),
    type: Opt(Doc('Kind of token; AccessToken by default.', Enum(['AccessToken', 'IdToken']))),
  },
  rule("has(self.audience) ? self.type == 'IdToken' : true", 'audience is only valid with IdToken'),
)

/** Google authentication on the wire. */
export function translateGcp(
  spec: Static<typeof gcpAuth>,
  ctx: FeatureContext,
  path: string,
): Outcome<BackendAuthPolicy> {
  const problems: Problem[] = []
  const gcp: NonNullable<BackendAuthPolicy['gcp']> = {}
  if (spec.type === 'IdToken') gcp.idToken = { audience: spec.audience }
  else gcp.accessToken = {}
  if (spec.secretRef !== undefined) {
    const source = { ref: spec.secretRef, fallbackKey: 'credentials.json' }
    const credential = take(resolveSecretText(source, ctx, `${path}.secretRef`), problems)
    if (credential !== undefined) problems.push(...credentialFlaws(credential, `${path}.secretRef`))
    // Without a credential the proxy would use the one of its surroundings.
    if (credential === undefined || problems.some(isError)) return outcome(refusingAuth(problems), problems)
    gcp.credential = credential
  }
  return outcome({ gcp }, problems)
}

const isError = ({ severity }: Problem): boolean => severity !== 'warning'

const TYPES = new Set([
  'authorized_user',
  'external_account',
  'external_account_authorized_user',
  'gdch_service_account',
  'impersonated_service_account',
  'service_account',
])

// Messages quote nothing of the credential.
function credentialFlaws(credential: string, path: string): readonly Problem[] {
  const remedy = 'store the JSON file that Google made, such as the key of a service account'
  let parsed: unknown
  try {
    parsed = JSON.parse(credential)
  } catch {
    parsed = undefined
  }
  if (typeof parsed !== 'object' || parsed === null) {
    return [flaw(path, `gcp credential is not a JSON object; ${remedy}`)]
  }
  const type = 'type' in parsed ? parsed.type : undefined
  if (typeof type === 'string') {
    if (!TYPES.has(type)) return [flaw(path, `gcp credential has a type that proxies do not know; ${remedy}`)]
    const isWhole = type !== 'service_account' || ('client_email' in parsed && 'private_key' in parsed)
    return isWhole ? [] : [flaw(path, `gcp credential lacks client_email or private_key; ${remedy}`)]
  }
  return [{ ...flaw(path, `gcp credential has no type, and proxies refuse it; ${remedy}`), severity: 'warning' }]
}
