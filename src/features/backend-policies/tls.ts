// TLS towards backends. What cannot be resolved never weakens verification: CA certificates that are missing leave a
// bundle that trusts nobody, and only a client certificate that is missing or unusable is simply not presented. What
// proxies would refuse is left out: with settings refused, connections would not be encrypted at all.
import type { Static } from 'typebox'
import { type Outcome, ok, type Problem } from '../../core/problem.ts'
import {
  atMostOneOf,
  atomicList,
  Doc,
  Enum,
  fallback,
  items,
  List,
  Obj,
  Opt,
  rule,
  without,
} from '../../schema/combinators.ts'
import type { BackendPolicySpec } from '../../wire/messages.ts'
import { clientPairProblem, resolveBundle } from '../shared/ca-bundle.ts'
import type { FeatureContext } from '../shared/context.ts'
import { resolveSecret, secretBytes, secretName } from '../shared/credentials.ts'
import { backendPolicyFeature } from '../shared/feature.ts'
import { flaw, outcome, take } from '../shared/flaws.ts'
import { itemsOf } from '../shared/lists.ts'
import {
  caCertificateRef,
  keyExchangeGroup,
  type SecretRef,
  secretRef,
  serverName,
  shortString,
  tinyString,
} from '../shared/refs.ts'
import { alternativeNames, isHostName } from '../shared/server-names.ts'

type BackendTls = NonNullable<BackendPolicySpec['backendTls']>
/** Client certificate and, from the same Secret, the CAs to trust. */
type ClientCertificate = { cert?: Buffer; key?: Buffer; root?: Buffer }

const schema = Obj(
  {
    alpnProtocols: Opt(Doc('Protocols to offer, most wanted first.', List(tinyString, items(1, 16)))),
    caCertificateRefs: Opt(
      Doc(
        'Who may sign the certificate of the backend; unset, the CAs of the system.',
        List(caCertificateRef, { maxItems: 1 }, atomicList),
      ),
    ),
    certificateSource: Opt(
      Doc(
        'Inline: certificates come from the references here. SPIFFE: from the workload identity of the proxy.',
        Enum(['Inline', 'SPIFFE'], fallback('Inline')),
      ),
    ),
    insecureSkipVerify: Opt(
      Doc('All: trust any certificate. Hostname: trust a certificate for any name.', Enum(['All', 'Hostname'])),
    ),
    keyExchangeGroups: Opt(Doc('Key exchange groups to offer, most wanted first.', List(keyExchangeGroup))),
    mtlsCertificateRef: Opt(
      Doc(
        'Secret with the certificate that the proxy shows: `tls.crt`, `tls.key` and optionally `ca.crt`.',
        List(secretRef, { maxItems: 1 }, atomicList),
      ),
    ),
    sni: Opt(Doc('Name to ask for and to find in the certificate; unset, the host of the backend.', serverName)),
    verifySubjectAltNames: Opt(
      Doc('Names of which the certificate must carry one, instead of the host.', List(shortString, items(1, 16))),
    ),
  },
  rule(
    "has(self.insecureSkipVerify) && self.insecureSkipVerify == 'All' ? !has(self.caCertificateRefs) : true",
    'insecureSkipVerify All and caCertificateRefs may not be set together',
  ),
  without(
    'insecureSkipVerify',
    'verifySubjectAltNames',
    'insecureSkipVerify and verifySubjectAltNames may not be set together',
  ),
  rule(
    "!has(self.certificateSource) || self.certificateSource != 'SPIFFE' || (!has(self.mtlsCertificateRef) && !has(self.caCertificateRefs) && !has(self.insecureSkipVerify))",
    'certificateSource SPIFFE may not be combined with mtlsCertificateRef, caCertificateRefs, or insecureSkipVerify',
  ),
  atMostOneOf('verifySubjectAltNames', 'insecureSkipVerify'),
)

/** Settings of TLS towards a backend. */
export type BackendTlsSpec = Static<typeof schema>

const GROUPS = { X25519: 'X25519', 'P-256': 'P256', 'P-384': 'P384', X25519_MLKEM768: 'X25519_MLKEM768' } as const

/** `tls`: encrypt connections; `{}` means with the CAs of the system. */
export const tls = backendPolicyFeature({
  field: 'tls',
  suffix: 'tls',
  schema,
  translate: (spec, ctx, path) => {
    const problems: Problem[] = []
    const value: BackendTls = {}
    if (spec.certificateSource === 'SPIFFE') {
      value.certificateSource = 'SPIFFE'
    } else {
      const [client] = itemsOf(spec.mtlsCertificateRef)
      if (client !== undefined) {
        Object.assign(value, take(clientCertificate(client, ctx, `${path}.mtlsCertificateRef[0]`), problems))
      }
      const authorities = itemsOf(spec.caCertificateRefs)
      if (authorities.length > 0) {
        const bundle = take(resolveBundle(authorities, ctx, `${path}.caCertificateRefs`), problems)
        value.root = Buffer.from(bundle ?? '')
      }
    }
    const trustsNobody = value.root?.length === 0
    problems.push(...nameServer(spec, value, path))
    if (spec.insecureSkipVerify === 'All') value.verification = 'INSECURE_ALL'
    // Proxies refuse this with roots that hold no certificate; with those, nothing is trusted under any name.
    if (spec.insecureSkipVerify === 'Hostname' && !trustsNobody) value.verification = 'INSECURE_HOST'
    if (spec.alpnProtocols !== undefined) value.alpn = { protocols: [...itemsOf(spec.alpnProtocols)] }
    const groups = itemsOf(spec.keyExchangeGroups)
    if (groups.length > 0 && spec.certificateSource === 'SPIFFE') {
      const text = 'key exchange groups cannot be chosen with certificateSource SPIFFE; they have no effect'
      problems.push(flaw(`${path}.keyExchangeGroups`, text))
    } else {
      value.keyExchangeGroups = groups.flatMap((group) => GROUPS[group] ?? [])
    }
    return outcome({ backendTls: value }, problems)
  },
})

function nameServer(spec: BackendTlsSpec, value: BackendTls, path: string): readonly Problem[] {
  const { kept, problems, isLost } = alternativeNames(spec.verifySubjectAltNames, `${path}.verifySubjectAltNames`)
  // Whoever trusts nobody already is told of it, and has these names as written.
  const isClosed = value.root?.length === 0
  value.verifySubjectAltNames = isClosed ? [...itemsOf(spec.verifySubjectAltNames)] : [...kept]
  if (isLost && !isClosed) {
    value.root = Buffer.alloc(0)
    // Workload identity takes no root of ours, and without names it would trust every workload.
    delete value.certificateSource
  }
  const found = isClosed ? problems.map((each): Problem => ({ ...each, severity: 'warning' })) : problems
  if (spec.sni === undefined) return found
  if (isHostName(spec.sni)) {
    value.hostname = spec.sni
    return found
  }
  return [...found, flaw(`${path}.sni`, `"${spec.sni}" is not the name of a host; that of the backend is used`)]
}

function clientCertificate(ref: SecretRef, ctx: FeatureContext, path: string): Outcome<ClientCertificate> {
  const { value: secret, problems } = resolveSecret(ref, ctx, path)
  if (secret === undefined) return { value: undefined, problems }
  const certificate = secretBytes(secret, 'tls.crt')
  const key = secretBytes(secret, 'tls.key')
  const root = secretBytes(secret, 'ca.crt')
  const trust: ClientCertificate = root === undefined ? {} : { root }
  if (!certificate?.length && !key?.length && root?.length) return ok(trust)
  const pair = { cert: certificate ?? Buffer.alloc(0), key: key ?? Buffer.alloc(0) }
  const error = clientPairProblem(pair.cert, pair.key)
  if (error === undefined) return ok({ ...pair, ...trust })
  const name = secretName(ref, ctx)
  return outcome(trust, [
    flaw(path, `secret ${name} contains invalid certificate: invalid TLS secret ${name}: ${error}`),
  ])
}
