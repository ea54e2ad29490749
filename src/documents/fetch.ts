// One fetch of a key set: bounded in time, size and redirects, never from addresses where clouds keep the credentials
// of machines. A key set is brought to one form before anybody sees it.
import type { LookupAddress } from 'node:dns'
import { lookup } from 'node:dns/promises'
import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { BlockList, isIP, type Socket } from 'node:net'
import { type ConnectionOptions, connect as connectTls } from 'node:tls'
import type { DocumentRequest, DocumentTls } from '../core/documents.ts'
import { canonicalKeySet } from './key-set.ts'

const TIMEOUT_MS = 10_000
const MAX_BYTES = 1024 * 1024
const MAX_REDIRECTS = 10

const linkLocal = new BlockList()
linkLocal.addSubnet('169.254.0.0', 16, 'ipv4')
linkLocal.addSubnet('224.0.0.0', 24, 'ipv4')
linkLocal.addSubnet('fe80::', 10, 'ipv6')
linkLocal.addSubnet('ff02::', 16, 'ipv6')
const metadata = new BlockList()
metadata.addAddress('100.100.100.200', 'ipv4')
metadata.addSubnet('fd00:ec2::', 32, 'ipv6')

/** Why an address must not be connected to; undefined when it may. */
export function addressProblem(address: string): string | undefined {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  const plain = mapped ?? address.replace(/%.*$/, '')
  const family = isIP(plain) === 6 ? 'ipv6' : 'ipv4'
  if (linkLocal.check(plain, family)) return `connection blocked: resolved IP ${address} is link-local`
  if (metadata.check(plain, family))
    return `connection blocked: resolved IP ${address} is a known cloud metadata address`
  return undefined
}

/** Names to addresses; a port for tests. */
export type Resolve = (hostname: string) => Promise<readonly LookupAddress[]>

const systemResolve: Resolve = (hostname) => lookup(hostname, { all: true })

/** Fetches a key set; throws an Error that says what went wrong. */
export async function fetchKeySet(
  request: DocumentRequest,
  signal: AbortSignal,
  resolve: Resolve = systemResolve,
): Promise<string> {
  const bounded = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)])
  let url = new URL(request.url)
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
    const response = await get(url, request, { signal: bounded, resolve })
    const { statusCode = 0, headers } = response
    if (statusCode >= 300 && statusCode < 400 && headers.location !== undefined) {
      response.resume()
      const next = new URL(headers.location, url)
      if (next.protocol !== 'https:' && (next.protocol !== 'http:' || url.protocol === 'https:')) {
        throw new Error(`redirected to ${next.protocol}//${next.host}, which is not followed`)
      }
      url = next
      continue
    }
    if (statusCode !== 200) {
      response.resume()
      throw new Error(`the server answered with status ${statusCode}`)
    }
    const keySet = canonicalKeySet(await bodyOf(response))
    if ('error' in keySet) throw new Error(`the answer is not a usable key set: ${keySet.error}`)
    return keySet.text
  }
  throw new Error(`more than ${MAX_REDIRECTS} redirects`)
}

interface Way {
  readonly signal: AbortSignal
  readonly resolve: Resolve
}

async function get(url: URL, request: DocumentRequest, way: Way): Promise<IncomingMessage> {
  const isHttps = url.protocol === 'https:'
  const options: RequestOptions & ConnectionOptions = {
    method: 'GET',
    path: `${url.pathname}${url.search}`,
    headers: { host: url.host, accept: 'application/json', connection: 'close' },
    signal: way.signal,
    agent: false,
    ...target(url),
    ...(isHttps ? tlsOptions(url, request.tls) : {}),
  }
  if (request.proxy === undefined) {
    options.host = await safeAddress(hostOf(url), way.resolve)
  } else {
    const socket = await tunnel(url, request.proxy, way)
    // Over a socket that is already there, which an agent would not take; for https, TLS goes inside of it.
    delete options.agent
    options.createConnection = () => (isHttps ? connectTls({ ...tlsOptions(url, request.tls), socket }) : socket)
    return response(httpRequest(options))
  }
  return response(isHttps ? httpsRequest(options) : httpRequest(options))
}

async function tunnel(url: URL, proxy: NonNullable<DocumentRequest['proxy']>, way: Way): Promise<Socket> {
  const proxyUrl = new URL(proxy.url)
  const { host, port } = target(url)
  const options: RequestOptions & ConnectionOptions = {
    method: 'CONNECT',
    path: `${host.includes(':') ? `[${host}]` : host}:${port}`,
    signal: way.signal,
    agent: false,
    ...target(proxyUrl),
    host: await safeAddress(hostOf(proxyUrl), way.resolve),
    ...(proxyUrl.protocol === 'https:' ? tlsOptions(proxyUrl, proxy.tls) : {}),
  }
  const request = proxyUrl.protocol === 'https:' ? httpsRequest(options) : httpRequest(options)
  return new Promise((done, fail) => {
    request.once('error', fail)
    request.once('connect', ({ statusCode }, socket: Socket) => {
      if (statusCode === 200) done(socket)
      else {
        socket.destroy()
        fail(new Error(`the proxy answered with status ${statusCode}`))
      }
    })
    request.once('response', ({ statusCode }) => fail(new Error(`the proxy answered with status ${statusCode}`)))
    request.end()
  })
}

function response(request: ReturnType<typeof httpRequest>): Promise<IncomingMessage> {
  return new Promise((done, fail) => {
    request.once('error', fail)
    request.once('response', done)
    request.end()
  })
}

async function bodyOf(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of message) {
    const bytes = Buffer.from(chunk)
    size += bytes.length
    if (size > MAX_BYTES) {
      message.destroy()
      throw new Error(`the answer is longer than ${MAX_BYTES} bytes`)
    }
    chunks.push(bytes)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '')
}

function target(url: URL): { readonly host: string; readonly port: number } {
  return { host: hostOf(url), port: Number(url.port) || (url.protocol === 'https:' ? 443 : 80) }
}

// Checked after the name has been resolved, and the checked address is the one that is connected to.
async function safeAddress(hostname: string, resolve: Resolve): Promise<string> {
  const addresses = isIP(hostname) === 0 ? await resolve(hostname) : [{ address: hostname, family: isIP(hostname) }]
  for (const { address } of addresses) {
    const problem = addressProblem(address)
    if (problem !== undefined) throw new Error(problem)
  }
  const [first] = addresses
  if (first === undefined) throw new Error(`${hostname} has no address`)
  return first.address
}

function tlsOptions(url: URL, tls: DocumentTls | undefined): ConnectionOptions {
  const name = tls?.serverName || hostOf(url)
  // What we speak is HTTP/1.1; a server that was offered h2 would take it.
  const protocols = (tls?.protocols ?? []).filter((protocol) => protocol !== 'h2')
  return {
    minVersion: 'TLSv1.2',
    ...(isIP(name) === 0 ? { servername: name } : { host: name }),
    ...(tls?.authorities === undefined ? {} : { ca: tls.authorities }),
    rejectUnauthorized: tls?.verification !== 'insecure',
    ...(tls?.verification === 'hostname' ? { checkServerIdentity: () => undefined } : {}),
    ...(protocols.length > 0 ? { ALPNProtocols: protocols } : {}),
  }
}
