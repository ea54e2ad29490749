// Just enough of gRPC and protobuf to be hundreds of proxies at once: message boundaries, and the outermost fields of a
// delta response. What is inside resources is not decoded.

/** Cuts a byte stream into gRPC messages. */
export class MessageCutter {
  #chunks: Buffer[] = []
  #length = 0

  /** Takes what came; returns the messages that are complete now. */
  take(chunk: Buffer): readonly Buffer[] {
    const messages: Buffer[] = []
    this.#chunks.push(chunk)
    this.#length += chunk.length
    while (this.#length >= 5) {
      const head = this.#peek(5)
      const size = 5 + head.readUInt32BE(1)
      if (this.#length < size) break
      messages.push(this.#cut(size).subarray(5))
    }
    return messages
  }

  #peek(size: number): Buffer {
    const [first] = this.#chunks
    if (first !== undefined && first.length >= size) return first
    return this.#join()
  }

  #cut(size: number): Buffer {
    const all = this.#join()
    this.#length -= size
    this.#chunks = all.length > size ? [all.subarray(size)] : []
    return all.subarray(0, size)
  }

  #join(): Buffer {
    const [first] = this.#chunks
    if (this.#chunks.length === 1 && first !== undefined) return first
    const all = Buffer.concat(this.#chunks)
    this.#chunks = [all]
    return all
  }
}

/** The outermost fields of a delta response. */
export interface Outline {
  readonly typeUrl: string
  readonly nonce: string
  readonly resources: readonly Buffer[]
  readonly removed: readonly string[]
}

/** Reads the outermost fields. */
export function outline(message: Buffer): Outline {
  const found = { typeUrl: '', nonce: '', resources: [] as Buffer[], removed: [] as string[] }
  for (const [field, bytes] of fields(message)) {
    if (field === 2) found.resources.push(bytes)
    else if (field === 4) found.typeUrl = bytes.toString()
    else if (field === 5) found.nonce = bytes.toString()
    else if (field === 6) found.removed.push(bytes.toString())
  }
  return found
}

/** Name and version of a resource. */
export function nameAndVersion(resource: Buffer): readonly [name: string, version: string] {
  let [name, version] = ['', '']
  for (const [field, bytes] of fields(resource)) {
    if (field === 1) version = bytes.toString()
    else if (field === 3) name = bytes.toString()
  }
  return [name, version]
}

/** Length-delimited fields, which are all that these messages have. */
function* fields(bytes: Buffer): Generator<readonly [field: number, bytes: Buffer]> {
  let at = 0
  const varint = (): number => {
    let [value, shift] = [0, 1]
    for (;;) {
      const byte = bytes[at] ?? 0
      at += 1
      value += (byte & 0x7f) * shift
      if (byte < 0x80) return value
      shift *= 128
    }
  }
  while (at < bytes.length) {
    const field = varint() >>> 3
    const length = varint()
    yield [field, bytes.subarray(at, at + length)]
    at += length
  }
}

/** A length-delimited field. */
export function field(number: number, value: string | Buffer): Buffer {
  const bytes = Buffer.from(value)
  const head: number[] = [(number << 3) | 2]
  let { length } = bytes
  for (; length > 127; length = Math.floor(length / 128)) head.push((length % 128) | 0x80)
  head.push(length)
  return Buffer.concat([Buffer.from(head), bytes])
}

/** A gRPC message. */
export function grpcMessage(...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts)
  const head = Buffer.alloc(5)
  head.writeUInt32BE(body.length, 1)
  return Buffer.concat([head, body])
}
