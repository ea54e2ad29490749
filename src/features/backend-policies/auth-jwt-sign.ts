// A JWT that the proxy signs for each request. Nothing of it is sent unless all of it can be, so that no token with
// fewer claims than configured is ever made; messages show neither claim values nor why a secret failed.
import type { Static } from 'typebox'
import type { Outcome, Problem } from '../../core/problem.ts'
import { signingKeyProblem } from '../../kube/private-key.ts'
import { AnyJson, Dict, Doc, Obj, Opt, Str } from '../../schema/combinators.ts'
import type { BackendAuthPolicy } from '../../wire/messages.ts'
import { jsonValue } from '../../wire/messages.ts'
import type { FeatureContext } from '../shared/context.ts'
import { resolveSecret, secretName, secretText } from '../shared/credentials.ts'
import { wireDuration } from '../shared/durations.ts'
import { flaw, outcome, take } from '../shared/flaws.ts'
import { mapValues } from '../shared/lists.ts'
import { wireLocation } from '../shared/locations.ts'
import { duration, isSignatureAlgorithm, location, secretRef, signatureAlgorithm } from '../shared/refs.ts'

/** `jwtSign`: sign a token. */
export const jwtSignAuth = Obj({
  alg: Opt(Doc('Algorithm of the signature; RS256 by default.', signatureAlgorithm)),
  claims: Opt(Doc('Claims of the token; `iat`, `exp` and `nbf` are set by the proxy.', Dict(AnyJson()))),
  kid: Opt(Doc('Name of the key in the header of the token.', Str())),
  location: Opt(Doc('Where the token is written; the Authorization header by default.', location)),
  signingKeyRef: Doc('Secret with the private key in PEM, under `signingKey`.', secretRef),
  ttl: Opt(Doc('How long the token is valid; 5 minutes by default.', duration('1s', 'ttl must be at least 1 second'))),
})

type JwtSign = NonNullable<BackendAuthPolicy['jwtSign']>

/** JWT signing on the wire, or the reason why there is none, which makes the proxy refuse requests. */
export function translateJwtSign(
  spec: Static<typeof jwtSignAuth>,
  ctx: FeatureContext,
  path: string,
): Outcome<BackendAuthPolicy> {
  const { value, problems } = signing(spec, ctx, path)
  const jwtSign = value ?? { translationError: problems.map(({ message }) => message).join('\n') }
  return outcome({ jwtSign }, problems)
}

function signing(spec: Static<typeof jwtSignAuth>, ctx: FeatureContext, path: string): Outcome<JwtSign> {
  const claims = spec.claims ?? {}
  const reserved = ['iat', 'exp', 'nbf'].find((claim) => Object.hasOwn(claims, claim))
  if (reserved !== undefined) {
    const text = `jwtSign claim "${reserved}" is reserved for the signer and cannot be configured`
    return { value: undefined, problems: [flaw(`${path}.claims[${reserved}]`, text)] }
  }
  if (spec.alg !== undefined && !isSignatureAlgorithm(spec.alg))
    return { value: undefined, problems: [flaw(`${path}.alg`, `jwtSign alg "${spec.alg}" is not known`)] }
  const problems: Problem[] = []
  const signingKey = take(readSigningKey(spec, ctx, `${path}.signingKeyRef`), problems)
  if (signingKey === undefined) return { value: undefined, problems }
  const unusable = signingKeyProblem(signingKey, spec.alg ?? 'RS256')
  if (unusable !== undefined) {
    const text = `jwtSign cannot sign with its key, and proxies refuse requests: ${unusable}`
    problems.push({ ...flaw(`${path}.signingKeyRef`, text), severity: 'warning' })
  }
  return outcome(
    {
      signingKey,
      alg: spec.alg,
      kid: spec.kid,
      claims: mapValues(claims, jsonValue),
      ttl: wireDuration(spec.ttl),
      authorizationLocation: wireLocation(spec.location),
    },
    problems,
  )
}

function readSigningKey(
  { signingKeyRef }: Static<typeof jwtSignAuth>,
  ctx: FeatureContext,
  path: string,
): Outcome<string> {
  const name = secretName(signingKeyRef ?? { name: '' }, ctx)
  const secret = signingKeyRef && resolveSecret(signingKeyRef, ctx, path).value
  if (secret === undefined) {
    return { value: undefined, problems: [flaw(path, `failed to resolve jwtSign signing secret ${name}`)] }
  }
  const signingKey = secretText(secret, 'signingKey')
  return signingKey
    ? outcome(signingKey, [])
    : { value: undefined, problems: [flaw(path, `secret ${name} missing signingKey value`)] }
}
