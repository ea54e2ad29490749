// Google tokens: of a service account key in a Secret, or of the proxy's surroundings.
import type { Static } from 'typebox'
import type { Outcome, Problem } from '../../core/problem.ts'
import { Doc, Enum, Obj, Opt, rule } from '../../schema/combinators.ts'
import type { BackendAuthPolicy } from '../../wire/messages.ts'
import type { FeatureContext } from '../shared/context.ts'
import { resolveSecretText } from '../shared/credentials.ts'
import { outcome, take } from '../shared/flaws.ts'
import { secretKeyRef, shortString } from '../shared/refs.ts'

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
    // Empty rather than absent: without a credential the proxy would use the one of its surroundings.
    gcp.credential = take(resolveSecretText(source, ctx, `${path}.secretRef`), problems) ?? ''
  }
  return outcome({ gcp }, problems)
}
