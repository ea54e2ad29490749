// The CA certificates that references name, in the one form that is sent to proxies and hashed into request keys; and what
// is asked of certificates that proxies show.
import { nameKey } from '../../core/keys.ts'
import { type Outcome, ok, type Problem } from '../../core/problem.ts'
import { textAt } from '../../kube/lists.ts'
import { keyPairProblem, readCertificates } from '../../kube/pem.ts'
import type { FeatureContext } from './context.ts'
import { secretBytes } from './credentials.ts'
import { flawed, outcome, take } from './flaws.ts'
import type { CaCertificateRef } from './refs.ts'

const KEY = 'ca.crt'

/** What reading CA certificates asks of a context. */
export type BundleContext = Pick<FeatureContext, 'owner' | 'secret' | 'configMap'>

/** The certificates of a PEM text and nothing else of it, or why there is none to trust. */
export function normaliseBundle(pem: string): { readonly pem: string } | { readonly error: string } {
  const { certificates, malformed } = readCertificates(pem)
  if (malformed > 0) return { error: 'x509: malformed certificate' }
  return certificates.length > 0
    ? { pem: certificates.join('') }
    : { error: 'data does not contain any valid RSA or ECDSA certificates' }
}

/**
 * Why a certificate and a key cannot be shown to servers; undefined when they can. The whole chain must be right, since
 * nothing is known of those servers.
 */
export function clientPairProblem(certificate: Uint8Array, key: Uint8Array): string | undefined {
  const chain = normaliseBundle(Buffer.from(certificate).toString('latin1'))
  return keyPairProblem(certificate, key) ?? ('error' in chain ? chain.error : undefined)
}

/** The CA certificates of all references; no value when any of them cannot be used. */
export function resolveBundle(refs: readonly CaCertificateRef[], ctx: BundleContext, path: string): Outcome<string> {
  const problems: Problem[] = []
  const parts = refs.map((ref, i) => take(resolveCaCertificate(ref, ctx, `${path}[${i}]`), problems) ?? '')
  return outcome(problems.length === 0 ? parts.join('\n') : undefined, problems)
}

/** The CA certificates of one reference. */
export function resolveCaCertificate(
  { kind = 'ConfigMap', name }: CaCertificateRef,
  ctx: BundleContext,
  path: string,
): Outcome<string> {
  const shown = `${kind} ${nameKey(ctx.owner.namespace, name)}`
  let pem: string | undefined
  switch (kind) {
    case 'ConfigMap': {
      const configMap = ctx.configMap(name)
      if (configMap === undefined) return flawed(path, `${shown} not found`)
      pem = textAt(configMap.data, KEY)
      break
    }
    case 'Secret': {
      const secret = ctx.secret(name)
      if (secret === undefined) return flawed(path, `${shown} not found`)
      pem = secretBytes(secret, KEY)?.toString('utf8')
      break
    }
    default:
      return flawed(path, `unsupported CA certificate reference kind "${kind}"`)
  }
  if (!pem) return flawed(path, `error extracting CA cert from ${shown}: missing ${KEY}`)
  const bundle = normaliseBundle(pem)
  return 'pem' in bundle ? ok(bundle.pem) : flawed(path, `invalid ${KEY} in ${shown}: ${bundle.error}`)
}
