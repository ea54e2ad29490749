// How TLS handshakes with clients are made. Certificates are the listener's.
import { atLeastOneOf, Doc, Enum, items, List, Obj, Opt } from '../../schema/combinators.ts'
import type { FrontendPolicySpec } from '../../wire/messages.ts'
import { wireDuration } from '../shared/durations.ts'
import { frontendFeature } from '../shared/feature.ts'
import { flaw, outcome } from '../shared/flaws.ts'
import { itemsOf } from '../shared/lists.ts'
import { duration, keyExchangeGroup, tinyString } from '../shared/refs.ts'

const SUITES = {
  TLS13_AES_128_GCM_SHA256: 'TLS_AES_128_GCM_SHA256',
  TLS13_AES_256_GCM_SHA384: 'TLS_AES_256_GCM_SHA384',
  TLS13_CHACHA20_POLY1305_SHA256: 'TLS_CHACHA20_POLY1305_SHA256',
  TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256: 'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256',
  TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384: 'TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384',
  TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256: 'TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256',
  TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256: 'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256',
  TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384: 'TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384',
  TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256: 'TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256',
} as const
const GROUPS = { X25519: 'X25519', 'P-256': 'P256', 'P-384': 'P384', X25519_MLKEM768: 'X25519_MLKEM768' } as const
const VERSIONS = { '1.2': 'TLS_V1_2', '1.3': 'TLS_V1_3' } as const

// Object.keys forgets which keys there are.
const suites = Object.keys(SUITES) as (keyof typeof SUITES)[]
const version = Enum(['1.2', '1.3'])

/** `tls`: how handshakes are made. */
export const tls = frontendFeature({
  field: 'tls',
  suffix: 'frontend-tls',
  schema: Obj(
    {
      alpnProtocols: Opt(
        Doc('Protocols to offer, the preferred first; `h2` and `http/1.1` by default.', List(tinyString, items(1, 16))),
      ),
      cipherSuites: Opt(Doc('Cipher suites to accept, the preferred first.', List(Enum(suites)))),
      handshakeTimeout: Opt(
        Doc(
          'How long a handshake may take; 15 seconds by default.',
          duration('100ms', 'handshakeTimeout must be at least 100ms'),
        ),
      ),
      keyExchangeGroups: Opt(Doc('Key exchange groups to accept, the preferred first.', List(keyExchangeGroup))),
      maxProtocolVersion: Opt(Doc('Highest version of TLS.', version)),
      minProtocolVersion: Opt(Doc('Lowest version of TLS.', version)),
    },
    atLeastOneOf(
      'alpnProtocols',
      'cipherSuites',
      'handshakeTimeout',
      'keyExchangeGroups',
      'maxProtocolVersion',
      'minProtocolVersion',
    ),
  ),
  translate: (spec, _ctx, path) => {
    const value: NonNullable<FrontendPolicySpec['tls']> = {
      handshakeTimeout: wireDuration(spec.handshakeTimeout),
      cipherSuites: itemsOf(spec.cipherSuites).flatMap((suite) => SUITES[suite] ?? []),
      keyExchangeGroups: itemsOf(spec.keyExchangeGroups).flatMap((group) => GROUPS[group] ?? []),
    }
    if (spec.alpnProtocols !== undefined) value.alpn = { protocols: [...itemsOf(spec.alpnProtocols)] }
    if (spec.minProtocolVersion !== undefined) value.minVersion = VERSIONS[spec.minProtocolVersion]
    if (spec.maxProtocolVersion !== undefined) value.maxVersion = VERSIONS[spec.maxProtocolVersion]
    const isImpossible = spec.minProtocolVersion === '1.3' && spec.maxProtocolVersion === '1.2'
    return outcome(
      { tls: value },
      isImpossible
        ? [flaw(path, 'frontend tls minProtocolVersion is above maxProtocolVersion: no client can connect')]
        : [],
    )
  },
})
