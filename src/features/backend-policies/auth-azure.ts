// Entra tokens: of an app registration, a managed identity, a workload identity, or of the proxy's surroundings.
import type { Static } from 'typebox'
import { type Outcome, ok } from '../../core/problem.ts'
import { atMostOneOf, Doc, Empty, Obj, Opt, Str } from '../../schema/combinators.ts'
import type { BackendAuthPolicy } from '../../wire/messages.ts'
import type { FeatureContext } from '../shared/context.ts'
import { resolveSecret, secretText } from '../shared/credentials.ts'
import { flaw, outcome } from '../shared/flaws.ts'
import { type SecretRef, secretRef } from '../shared/refs.ts'

const managedIdentity = Obj(
  {
    clientId: Opt(Doc('Client id of the identity.', Str())),
    objectId: Opt(Doc('Object id of the identity.', Str())),
    resourceId: Opt(Doc('Resource id of the identity.', Str())),
  },
  atMostOneOf('clientId', 'objectId', 'resourceId'),
)

/** `azure`: send a token of Microsoft Entra. */
export const azureAuth = Obj(
  {
    managedIdentity: Opt(Doc('An identity that Azure manages; without an id, that of the system.', managedIdentity)),
    secretRef: Opt(Doc('Secret with `clientID`, `tenantID` and `clientSecret`.', secretRef)),
    workloadIdentity: Opt(Doc("The identity of the proxy's workload.", Empty())),
  },
  atMostOneOf('secretRef', 'managedIdentity', 'workloadIdentity'),
)

type ExplicitConfig = NonNullable<NonNullable<BackendAuthPolicy['azure']>['explicitConfig']>

/** Azure authentication on the wire. */
export function translateAzure(
  spec: Static<typeof azureAuth>,
  ctx: FeatureContext,
  path: string,
): Outcome<BackendAuthPolicy> {
  if (spec.secretRef !== undefined) {
    const { value, problems } = clientSecret(spec.secretRef, ctx, `${path}.secretRef`)
    return outcome({ azure: { explicitConfig: { clientSecret: value ?? {} } } }, problems)
  }
  if (spec.managedIdentity !== undefined) {
    const { clientId, objectId, resourceId } = spec.managedIdentity
    const id = clientId ? { clientId } : objectId ? { objectId } : resourceId ? { resourceId } : undefined
    const managedIdentityCredential = id === undefined ? {} : { userAssignedIdentity: id }
    return ok({ azure: { explicitConfig: { managedIdentityCredential } } })
  }
  if (spec.workloadIdentity !== undefined) {
    return ok({ azure: { explicitConfig: { workloadIdentityCredential: {} } } })
  }
  return ok({ azure: { implicit: {} } })
}

function clientSecret(
  ref: SecretRef,
  ctx: FeatureContext,
  path: string,
): Outcome<NonNullable<ExplicitConfig['clientSecret']>> {
  const { value: secret, problems } = resolveSecret(ref, ctx, path)
  if (secret === undefined) return { value: undefined, problems }
  const read = (key: string) => ({ key, text: secretText(secret, key) })
  const [clientId, tenantId, clientSecret] = [read('clientID'), read('tenantID'), read('clientSecret')]
  return outcome(
    { clientId: clientId.text, tenantId: tenantId.text, clientSecret: clientSecret.text },
    [clientId, tenantId, clientSecret]
      .filter(({ text }) => text === undefined)
      .map(({ key }) => flaw(path, `${key} is missing or not a valid string`)),
  )
}
