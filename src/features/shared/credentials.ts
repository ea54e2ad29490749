// Reading Secrets that policies refer to: which references are allowed, which keys are read, and how values are cleaned.
// What a missing value does to the policy is each feature's to decide.
import { isUtf8 } from 'node:buffer'
import { nameKey } from '../../core/keys.ts'
import { type Outcome, ok } from '../../core/problem.ts'
import type { Secret } from '../../kube/core-types.ts'
import type { FeatureContext } from './context.ts'
import { flawed } from './flaws.ts'
import type { SecretKeyRef, SecretRef } from './refs.ts'

/** Data key of a bearer token or similar credential, unless the reference names another one. */
export const AUTHORIZATION = 'Authorization'

/** The Secret that a reference names, in the owner's namespace. */
export function resolveSecret(ref: SecretRef | undefined, ctx: FeatureContext, path: string): Outcome<Secret> {
  if (ref === undefined) return flawed(path, 'a reference to a Secret is required')
  const { group = '', kind = '' } = ref
  if (group !== '' || (kind !== '' && kind !== 'Secret')) {
    return flawed(path, `unsupported credential kind: "${group}"/"${kind}"`)
  }
  const secret = ctx.secret(ref.name)
  return secret === undefined ? flawed(path, `secret ${secretName(ref, ctx)} not found`) : ok(secret)
}

/** `namespace/name` of the Secret, as messages name it. */
export function secretName(ref: { readonly name: string }, ctx: FeatureContext): string {
  return nameKey(ctx.owner.namespace, ref.name)
}

/** The bytes under a key; undefined when the key is absent. */
export function secretBytes(secret: Secret, key: string): Buffer | undefined {
  const encoded = secret.data?.[key]
  return typeof encoded === 'string' ? Buffer.from(encoded, 'base64') : undefined
}

/** The text under a key without surrounding white space; undefined when the key is absent or not text. */
export function secretText(secret: Secret, key: string): string | undefined {
  const bytes = secretBytes(secret, key)
  return bytes !== undefined && isUtf8(bytes) ? bytes.toString('utf8').trim() : undefined
}

/** A credential's text by reference; `fallbackKey` holds it when the reference names no key. */
export function resolveSecretText(
  source: { readonly ref: SecretKeyRef | undefined; readonly fallbackKey: string },
  ctx: FeatureContext,
  path: string,
): Outcome<string> {
  const { ref, fallbackKey } = source
  const { value: secret, problems } = resolveSecret(ref, ctx, path)
  if (secret === undefined) return { value: undefined, problems }
  const key = ref?.key || fallbackKey
  const text = secretText(secret, key)
  return text
    ? ok(text)
    : flawed(path, `secret ${secretName({ name: secret.metadata.name }, ctx)} missing ${key} value`)
}

/** The token of an `Authorization` value: one leading `Bearer ` is taken off, because the proxy puts it there. */
export function bearerToken(text: string): string {
  return text.startsWith('Bearer ') ? text.slice('Bearer '.length).trim() : text
}
