// Calls over a connection: sent with credentials as of now, read as JSON at once or line by line. What is asked is decided in
// client.ts, who we are in connection.ts.
import http from 'node:http'
import https from 'node:https'
import { ApiError, statusError } from './api-error.ts'
import type { Connection } from './connection.ts'

/** How calls are made. */
export interface RequestOptions {
  readonly userAgent: string
  /** How long a request other than a watch may take. */
  readonly timeoutMs?: number
}

/** One call. */
export interface Call {
  readonly method: string
  readonly path: string
  readonly query?: Readonly<Record<string, string | undefined>>
  readonly body?: unknown
  readonly contentType?: string
  readonly accept?: string | undefined
  readonly signal?: AbortSignal | undefined
}

/** Sends calls and reads answers. */
export class Requests {
  private readonly connection: Connection
  private readonly options: RequestOptions

  constructor(connection: Connection, options: RequestOptions) {
    this.connection = connection
    this.options = options
  }

  async json(call: Call): Promise<unknown> {
    const deadline = AbortSignal.timeout(this.options.timeoutMs ?? 30_000)
    const signal = call.signal === undefined ? deadline : AbortSignal.any([call.signal, deadline])
    const answer = await this.answer({ ...call, signal })
    const text = await textOf(answer)
    try {
      return JSON.parse(text)
    } catch {
      throw new ApiError(`${call.method} ${call.path}: the answer is no JSON`, { code: 0, reason: 'BadAnswer' })
    }
  }

  /** The lines of an answer that goes on, parsed; those of one packet together. */
  async *lines(call: Call, idleMs: number): AsyncGenerator<readonly unknown[]> {
    const idle = new AbortController()
    const expire = (): void => idle.abort(new Error(`nothing was said for ${idleMs} ms`))
    let timer = setTimeout(expire, idleMs)
    const heard = (): void => {
      clearTimeout(timer)
      timer = setTimeout(expire, idleMs)
    }
    const signal = call.signal === undefined ? idle.signal : AbortSignal.any([call.signal, idle.signal])
    try {
      const answer = await this.answer({ ...call, signal })
      answer.setEncoding('utf8')
      yield []
      let rest = ''
      for await (const chunk of answer) {
        heard()
        // A stream with an encoding gives strings.
        const lines = (rest + String(chunk)).split('\n')
        // What has no end yet may never get one: then it has not been said.
        rest = lines.pop() ?? ''
        const parsed = lines.filter((line) => line !== '').map((line): unknown => JSON.parse(line))
        if (parsed.length > 0) yield parsed
      }
    } catch (error) {
      // A stream that was ended says only that it was; why, the signal knows.
      throw signal.aborted ? signal.reason : error
    } finally {
      clearTimeout(timer)
    }
  }

  /** Sends a call; once more with new credentials if the first ones were refused. */
  private async answer(call: Call): Promise<http.IncomingMessage> {
    const first = await this.send(call)
    if (first.statusCode !== 401) return accepted(call, first)
    first.resume()
    this.connection.refused()
    return accepted(call, await this.send(call))
  }

  private async send({ method, path, query, body, contentType, accept, signal }: Call): Promise<http.IncomingMessage> {
    const { server } = this.connection
    const { agent, headers } = await this.connection.access()
    const url = new URL(server.pathname.replace(/\/$/, '') + path, server)
    for (const [name, value] of Object.entries(query ?? {})) if (value !== undefined) url.searchParams.set(name, value)
    const text = body === undefined ? undefined : JSON.stringify(body)
    const { promise, resolve, reject } = Promise.withResolvers<http.IncomingMessage>()
    const request = (url.protocol === 'http:' ? http : https).request(
      url,
      {
        method,
        agent,
        headers: {
          ...headers,
          'user-agent': this.options.userAgent,
          accept: accept ?? 'application/json',
          ...(text === undefined
            ? {}
            : { 'content-type': contentType ?? 'application/json', 'content-length': Buffer.byteLength(text) }),
        },
        ...(signal === undefined ? {} : { signal }),
      },
      resolve,
    )
    // Without a reason of its own, an aborted request says only that it was.
    request.on('error', (error) => reject(signal?.aborted === true ? signal.reason : error))
    request.end(text)
    return promise
  }
}

async function accepted(call: Call, answer: http.IncomingMessage): Promise<http.IncomingMessage> {
  const { statusCode: code = 0 } = answer
  if (code < 300) return answer
  const text = await textOf(answer)
  const seconds = Number(answer.headers['retry-after'])
  throw statusError(`${call.method} ${call.path}`, parsed(text) ?? { message: text.slice(0, 500) }, {
    code,
    ...(seconds > 0 ? { retryAfterMs: seconds * 1000 } : {}),
  })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

async function textOf(answer: http.IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  // Without an encoding a stream gives buffers.
  for await (const part of answer) parts.push(part as Buffer)
  return Buffer.concat(parts).toString()
}
