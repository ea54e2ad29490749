// The certificate of the xDS port: signed by an authority in a Secret that all replicas share and the first one makes, or
// taken from there as it is. Renewed in time; changes reach whoever asked to know. How it is served: xds/listener.ts.
import { createPrivateKey } from 'node:crypto'
import { createSecureContext } from 'node:tls'
import { nameKey } from '../core/keys.ts'
import { errorText, type Log } from '../core/log.ts'
import type { Secret } from '../kube/core-types.ts'
import { isApiError } from './api-error.ts'
import {
  type Authority,
  certificatesIn,
  issueServing,
  maySign,
  newAuthority,
  type ServingPair,
  signingKeyIn,
} from './certificate-authority.ts'
import type { ClusterClient } from './client.ts'
import { pauseAfter, systemTime, type Time } from './time.ts'

/** Where the Secret is, and whom the certificate is for. */
export interface XdsCertificateOptions {
  readonly client: Pick<ClusterClient, 'get' | 'create' | 'watch'>
  readonly namespace: string
  readonly hosts: readonly string[]
  readonly log: Log
  readonly time?: Time
}

/** The certificate that is served now, and those that will be. */
export interface XdsCertificates {
  /** Calls back at once and at every change; the returned function ends that. */
  watch(use: (pair: ServingPair) => void): () => void
}

/** How proxies can address the xDS server. */
export interface XdsAddress {
  readonly serviceHost: string
  readonly serviceName: string
  readonly namespace: string
  readonly clusterDomain: string
  readonly additionalHosts: readonly string[]
}

const NAME = 'kgateway-xds-cert'
const AUTHORITY_NAME = 'agw-xds-ca'
const SERVER_NAME = 'agw-xds-server'
const HOUR = 3_600_000
const AUTHORITY_MS = 3650 * 24 * HOUR
const SERVING_MS = 24 * HOUR
const RENEWED_MS = 12 * HOUR
/** Clocks differ. */
const BACKDATED_MS = HOUR
const CHECK_MS = 60_000
const WATCH_SECONDS = 300
const IDLE_MS = 360_000
const RETRY = { firstMs: 1_000, lastMs: 30_000 }

const secrets = { group: '', version: 'v1', plural: 'secrets', namespaced: true }

/** The names and addresses that a certificate has to be good for. */
export function xdsHosts(address: XdsAddress): readonly string[] {
  const { serviceHost, serviceName, namespace, clusterDomain, additionalHosts } = address
  const service = `${serviceName}.${namespace}`
  const own = serviceHost === '' ? [service, `${service}.svc`, `${service}.svc.${clusterDomain}`] : [serviceHost]
  return [...new Set([...own, ...additionalHosts])]
}

/**
 * Resolves when there is a certificate, which is then kept up to date until `signal` ends that, or the wait for an API server
 * that does not answer. Rejects when what the Secret holds cannot be served.
 */
export async function openXdsCertificates(
  options: XdsCertificateOptions,
  signal: AbortSignal,
): Promise<XdsCertificates> {
  const certificates = new Certificates(options)
  await certificates.begin(signal)
  void certificates.follow(signal)
  void certificates.renew(signal)
  return certificates
}

/** What a Secret came to. */
type Material =
  | {
      readonly kind: 'authority'
      readonly authority: Authority /** Shown after the signed one. */
      readonly chain: string
    }
  | { readonly kind: 'serving'; readonly pair: ServingPair }

class Certificates implements XdsCertificates {
  readonly #options: XdsCertificateOptions
  readonly #time: Time
  readonly #users = new Set<(pair: ServingPair) => void>()
  #version = ''
  #material: Material | undefined
  #pair: ServingPair | undefined
  #renewAt = Number.POSITIVE_INFINITY

  constructor(options: XdsCertificateOptions) {
    this.#options = options
    this.#time = options.time ?? systemTime
  }

  watch(use: (pair: ServingPair) => void): () => void {
    this.#users.add(use)
    if (this.#pair !== undefined) use(this.#pair)
    return () => this.#users.delete(use)
  }

  async begin(signal: AbortSignal): Promise<void> {
    for (let failures = 0; this.#pair === undefined && !signal.aborted; failures += 1) {
      const secret = await this.#read(signal).catch((error: unknown) => {
        if (!signal.aborted)
          this.#options.log.warn(
            { error: errorText(error) },
            `Secret ${this.#key} cannot be read or made; will try again`,
          )
      })
      const flaw = secret && this.#adopt(secret)
      if (flaw) throw new Error(`Secret ${this.#key} cannot secure xDS: ${flaw}`)
      if (secret === undefined) await this.#time.wait(pauseAfter(failures, RETRY, this.#time), signal)
    }
  }

  async follow(signal: AbortSignal): Promise<void> {
    for (let failures = 0; !signal.aborted; failures += 1) {
      try {
        const secret = await this.#read(signal)
        this.#take(secret)
        await this.#watchFrom(secret.metadata.resourceVersion, signal)
        failures = 0
      } catch (error) {
        if (signal.aborted) return
        // A watch that is too old is nothing to tell anybody.
        if (!isApiError(error, 410))
          this.#options.log.warn({ error: errorText(error) }, `Secret ${this.#key} cannot be watched; will try again`)
      }
      await this.#time.wait(pauseAfter(failures, RETRY, this.#time), signal)
    }
  }

  /** Looks at the clock often, rather than waiting for hours: machines sleep, and timers with them. */
  async renew(signal: AbortSignal): Promise<void> {
    for (;;) {
      await this.#time.wait(CHECK_MS, signal)
      if (signal.aborted) return
      if (this.#material === undefined || this.#time.date().getTime() < this.#renewAt) continue
      this.#attempt(this.#material)
    }
  }

  get #key(): string {
    return nameKey(this.#options.namespace, NAME)
  }

  /** The Secret as it is now; a new one when there is none. */
  async #read(signal: AbortSignal): Promise<Secret> {
    const { client, namespace, log } = this.#options
    const place = { namespace, name: NAME }
    const found = await client.get(secrets, place, signal)
    if (found !== undefined) return found
    try {
      const made = await client.create(secrets, this.#newSecret(), signal)
      log.info({ secret: this.#key }, 'made a certificate authority for xDS')
      return made
    } catch (error) {
      // Another replica was faster: its authority is everybody's.
      const other = isApiError(error, 409) ? await client.get(secrets, place, signal) : undefined
      if (other === undefined) throw error
      return other
    }
  }

  #newSecret(): Secret {
    const { certificate, privateKey } = newAuthority({ commonName: AUTHORITY_NAME }, this.#period(AUTHORITY_MS))
    return {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { namespace: this.#options.namespace, name: NAME },
      type: 'Opaque',
      data: { 'ca.crt': base64(certificate), 'ca.key': base64(privateKey) },
    }
  }

  /** Ends when the watch does, or the Secret is gone. */
  async #watchFrom(resourceVersion: string | undefined, signal: AbortSignal): Promise<void> {
    const { client, namespace } = this.#options
    const request = {
      ...{ namespace, fieldSelector: `metadata.name=${NAME}`, timeoutSeconds: WATCH_SECONDS, idleMs: IDLE_MS },
      ...(resourceVersion === undefined ? {} : { resourceVersion }),
    }
    for await (const events of client.watch(secrets, request, signal)) {
      for (const { type, object } of events) {
        if (type === 'DELETED') return
        // What is watched are Secrets.
        if (type !== 'BOOKMARK') this.#take(object as Secret)
      }
    }
  }

  /** Serves what the Secret says now, or what it said before when that is better. */
  #take(secret: Secret): void {
    const flaw = this.#adopt(secret)
    if (flaw === undefined) return
    const fields = { secret: this.#key, flaw }
    this.#options.log.error(fields, 'the Secret cannot secure xDS; the last good certificate is served')
  }

  #adopt({ metadata, data }: Secret): string | undefined {
    const version = `${metadata.uid}/${metadata.resourceVersion}`
    if (version === this.#version) return undefined
    const material = materialIn((key) => decoded(data?.[key]))
    this.#version = version
    if (typeof material === 'string') return material
    return this.#attempt(material)
  }

  #attempt(material: Material): string | undefined {
    try {
      const { pair, renewAt } = this.#pairOf(material)
      // Whatever TLS cannot use must not replace what it can.
      createSecureContext({ cert: pair.certificate, key: pair.privateKey })
      for (const use of this.#users) use(pair)
      this.#material = material
      this.#pair = pair
      this.#renewAt = renewAt
      return undefined
    } catch (error) {
      this.#options.log.error({ error: errorText(error) }, 'no certificate can be made for xDS')
      return `TLS refuses it: ${errorText(error)}`
    }
  }

  #pairOf(material: Material): { readonly pair: ServingPair; readonly renewAt: number } {
    if (material.kind === 'serving') return { pair: material.pair, renewAt: Number.POSITIVE_INFINITY }
    const { hosts, log } = this.#options
    const period = this.#period(SERVING_MS)
    const pair = issueServing(material.authority, { commonName: SERVER_NAME, hosts }, period)
    log.info({ hosts, notAfter: period.notAfter.toISOString() }, 'made a certificate for xDS')
    return {
      pair: { ...pair, certificate: pair.certificate + material.chain },
      renewAt: period.notAfter.getTime() - RENEWED_MS,
    }
  }

  #period(ms: number): { readonly notBefore: Date; readonly notAfter: Date } {
    const now = this.#time.date().getTime()
    return { notBefore: new Date(now - BACKDATED_MS), notAfter: new Date(now + ms) }
  }
}

/** What the texts of a Secret come to, or why they come to nothing. */
function materialIn(text: (key: string) => string): Material | string {
  if (text('ca.crt') !== '' && text('ca.key') !== '') return authorityIn('ca', text)
  const has = { certificate: text('tls.crt') !== '', key: text('tls.key') !== '' }
  if (has.certificate !== has.key)
    return has.key ? 'tls.key is there, but tls.crt is not' : 'tls.crt is there, but tls.key is not'
  if (!has.key) return 'it has neither ca.crt and ca.key nor tls.crt and tls.key'
  const certificates = certificatesIn(text('tls.crt'))
  if (typeof certificates === 'string') return `tls.crt ${certificates}`
  const [first] = certificates
  if (first !== undefined && maySign(first)) return authorityIn('tls', text)
  if (text('ca.crt') === '')
    return 'tls.crt is not an authority, and without ca.crt proxies cannot know whom to believe'
  const certificate = certificates.map(String).join('')
  try {
    if (first?.checkPrivateKey(createPrivateKey(text('tls.key'))) !== true) return 'tls.key is not the key of tls.crt'
  } catch {
    return 'tls.key holds no private key'
  }
  return { kind: 'serving', pair: { certificate, privateKey: text('tls.key') } }
}

function authorityIn(prefix: 'ca' | 'tls', text: (key: string) => string): Material | string {
  const certificates = certificatesIn(text(`${prefix}.crt`))
  if (typeof certificates === 'string') return `${prefix}.crt ${certificates}`
  const privateKey = signingKeyIn(text(`${prefix}.key`))
  if (typeof privateKey === 'string') return `${prefix}.key ${privateKey}`
  // While authorities change, ca.crt holds the old one as well.
  const certificate = certificates.find((candidate) => candidate.checkPrivateKey(privateKey))
  if (certificate === undefined) return `${prefix}.key is not the key of ${prefix}.crt`
  if (!maySign(certificate)) return `${prefix}.crt is no authority that may sign certificates`
  // Proxies know roots; what stands between a root and us, we have to show them.
  const isRoot = certificate.checkIssued(certificate)
  return {
    kind: 'authority',
    authority: { certificate, privateKey },
    chain: isRoot ? '' : certificates.map(String).join(''),
  }
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64')
}

function decoded(value: unknown): string {
  return typeof value === 'string' ? Buffer.from(value, 'base64').toString('utf8') : ''
}
