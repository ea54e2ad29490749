// X.509: makes authorities, and certificates that they vouch for; tells whether a certificate is one that may. Where keys
// are kept and when certificates are renewed: xds-certificates.ts.
import {
  createHash,
  createPrivateKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
  X509Certificate,
} from 'node:crypto'
import { isIP } from 'node:net'
import { AsnConvert, OctetString } from '@peculiar/asn1-schema'
import {
  AlgorithmIdentifier,
  AttributeTypeAndValue,
  AttributeValue,
  AuthorityKeyIdentifier,
  BasicConstraints,
  Certificate,
  ExtendedKeyUsage,
  Extension,
  Extensions,
  GeneralName,
  id_ce_authorityKeyIdentifier,
  id_ce_basicConstraints,
  id_ce_extKeyUsage,
  id_ce_keyUsage,
  id_ce_subjectAltName,
  id_ce_subjectKeyIdentifier,
  id_kp_serverAuth,
  KeyIdentifier,
  KeyUsage,
  KeyUsageFlags,
  Name,
  RelativeDistinguishedName,
  SubjectAlternativeName,
  SubjectKeyIdentifier,
  SubjectPublicKeyInfo,
  TBSCertificate,
  Validity,
  Version,
} from '@peculiar/asn1-x509'

/** What a server shows its clients: certificates, its own first, and the key, as PEM texts. */
export interface ServingPair {
  readonly certificate: string
  readonly privateKey: string
}

/** Whoever can sign certificates. */
export interface Authority {
  readonly certificate: X509Certificate
  readonly privateKey: KeyObject
}

/** A key and its public half. */
export interface Keys {
  readonly publicKey: KeyObject
  readonly privateKey: KeyObject
}

/** From when until when. */
export interface Period {
  readonly notBefore: Date
  readonly notAfter: Date
}

const COMMON_NAME = '2.5.4.3'

/** A new authority, as a certificate and a key in PKCS#8; it vouches for itself unless another one does. */
export function newAuthority(
  {
    commonName,
    keys = newKeys(),
    issuer,
  }: { readonly commonName: string; readonly keys?: Keys; readonly issuer?: Authority },
  period: Period,
): ServingPair {
  const { publicKey, privateKey } = keys
  const subject = nameOf(commonName)
  const certificate = signed(
    {
      ...{ issuer: issuer === undefined ? subject : parsed(issuer.certificate).subject, subject, publicKey, period },
      extensions: [
        extension(id_ce_keyUsage, new KeyUsage(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign), true),
        extension(id_ce_basicConstraints, new BasicConstraints({ cA: true }), true),
        extension(id_ce_subjectKeyIdentifier, new SubjectKeyIdentifier(keyIdentifier(publicKey))),
      ],
    },
    issuer?.privateKey ?? privateKey,
  )
  return { certificate, privateKey: pem(privateKey) }
}

/** A certificate and a new key for a server of these names and addresses, no longer valid than its authority. */
export function issueServing(
  authority: Authority,
  { commonName, hosts }: { readonly commonName: string; readonly hosts: readonly string[] },
  { notBefore, notAfter }: Period,
): ServingPair {
  const { publicKey, privateKey } = newKeys()
  const issuer = parsed(authority.certificate)
  const last = issuer.validity.notAfter.getTime()
  const issuerKey = extensionOf(issuer, id_ce_subjectKeyIdentifier)
  const names = hosts.map((host) => new GeneralName(isIP(host) === 0 ? { dNSName: host } : { iPAddress: host }))
  const certificate = signed(
    {
      ...{ issuer: issuer.subject, subject: nameOf(commonName), publicKey },
      period: { notBefore, notAfter: last < notAfter ? last : notAfter },
      extensions: [
        extension(id_ce_keyUsage, new KeyUsage(KeyUsageFlags.digitalSignature), true),
        extension(id_ce_extKeyUsage, new ExtendedKeyUsage([id_kp_serverAuth])),
        extension(id_ce_basicConstraints, new BasicConstraints({ cA: false }), true),
        extension(id_ce_subjectAltName, new SubjectAlternativeName(names)),
        ...(issuerKey === undefined
          ? []
          : [
              extension(
                id_ce_authorityKeyIdentifier,
                new AuthorityKeyIdentifier({
                  keyIdentifier: new KeyIdentifier(AsnConvert.parse(issuerKey, SubjectKeyIdentifier).buffer),
                }),
              ),
            ]),
      ],
    },
    authority.privateKey,
  )
  return { certificate, privateKey: pem(privateKey) }
}

/** Whether a certificate is an authority's and may vouch for others. */
export function maySign(certificate: X509Certificate): boolean {
  if (!certificate.ca) return false
  const usage = extensionOf(parsed(certificate), id_ce_keyUsage)
  return usage !== undefined && (AsnConvert.parse(usage, KeyUsage).toNumber() & KeyUsageFlags.keyCertSign) !== 0
}

/** The certificates in a PEM text, or why it cannot be read. */
export function certificatesIn(text: string): readonly X509Certificate[] | string {
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g)
  if (blocks === null) return 'holds no certificate'
  try {
    return blocks.map((block) => new X509Certificate(block))
  } catch {
    return 'holds something that is no certificate'
  }
}

/** The private key in a PEM text (PKCS#8, PKCS#1 or SEC 1), or why it cannot be used. */
export function signingKeyIn(text: string): KeyObject | string {
  try {
    const key = createPrivateKey(text)
    return algorithmOf(key) === undefined ? 'holds a key of a kind that cannot sign certificates here' : key
  } catch {
    return 'holds no private key'
  }
}

function newKeys(): Keys {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' })
}

function parsed(certificate: X509Certificate): TBSCertificate {
  return AsnConvert.parse(certificate.raw, Certificate).tbsCertificate
}

interface Unsigned {
  readonly issuer: Name
  readonly subject: Name
  readonly publicKey: KeyObject
  readonly period: Period
  readonly extensions: readonly Extension[]
}

function signed({ issuer, subject, publicKey, period, extensions }: Unsigned, key: KeyObject): string {
  const algorithm = algorithmOf(key)
  if (algorithm === undefined) throw new Error(`keys of type ${key.asymmetricKeyType} cannot sign certificates`)
  const body = new TBSCertificate({
    ...{ version: Version.v3, serialNumber: serialNumber(), signature: algorithm.identifier, issuer, subject },
    validity: new Validity(period),
    subjectPublicKeyInfo: AsnConvert.parse(spki(publicKey), SubjectPublicKeyInfo),
    extensions: new Extensions([...extensions]),
  })
  const signature = sign(algorithm.hash, Buffer.from(AsnConvert.serialize(body)), key)
  const certificate = new Certificate({
    ...{ tbsCertificate: body, signatureAlgorithm: algorithm.identifier },
    signatureValue: bytesOf(signature),
  })
  return new X509Certificate(Buffer.from(AsnConvert.serialize(certificate))).toString()
}

/** How a key signs: by its kind, and a hash as strong as its curve. */
function algorithmOf(
  key: KeyObject,
): { readonly identifier: AlgorithmIdentifier; readonly hash: string | null } | undefined {
  const using = (oid: string, hash: string | null, parameters?: null) => ({
    identifier: new AlgorithmIdentifier({ algorithm: oid, ...(parameters === undefined ? {} : { parameters }) }),
    hash,
  })
  switch (key.asymmetricKeyType) {
    case 'rsa':
      return using('1.2.840.113549.1.1.11', 'sha256', null)
    case 'ed25519':
      return using('1.3.101.112', null)
    case 'ec':
      switch (key.asymmetricKeyDetails?.namedCurve) {
        case 'prime256v1':
          return using('1.2.840.10045.4.3.2', 'sha256')
        case 'secp384r1':
          return using('1.2.840.10045.4.3.3', 'sha384')
        case 'secp521r1':
          return using('1.2.840.10045.4.3.4', 'sha512')
        default:
          return undefined
      }
    default:
      return undefined
  }
}

function nameOf(commonName: string): Name {
  const value = new AttributeValue({ utf8String: commonName })
  return new Name([new RelativeDistinguishedName([new AttributeTypeAndValue({ type: COMMON_NAME, value })])])
}

function extension(extnID: string, value: object, critical = false): Extension {
  return new Extension({ extnID, critical, extnValue: new OctetString(AsnConvert.serialize(value)) })
}

function extensionOf({ extensions }: TBSCertificate, oid: string): ArrayBuffer | undefined {
  return extensions?.find(({ extnID }) => extnID === oid)?.extnValue.buffer
}

/** Positive, and of the same length always. */
function serialNumber(): ArrayBuffer {
  const bytes = randomBytes(16)
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40
  return bytesOf(bytes)
}

function keyIdentifier(publicKey: KeyObject): ArrayBuffer {
  const { subjectPublicKey } = AsnConvert.parse(spki(publicKey), SubjectPublicKeyInfo)
  return bytesOf(createHash('sha256').update(Buffer.from(subjectPublicKey)).digest().subarray(0, 20))
}

function spki(key: KeyObject): Buffer {
  return key.export({ type: 'spki', format: 'der' })
}

function pem(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString()
}

function bytesOf(buffer: Buffer): ArrayBuffer {
  return new Uint8Array(buffer).buffer
}
