// Secret bytes out of printed messages. Which fields of the wire hold secrets is decided here, once, for everything that
// is printed for people: a hash takes their place, so that two dumps can still be compared.
import { createHash } from 'node:crypto'

/** Fields whose text is secret wherever it stands. */
const SECRET_FIELDS = new Set([
  ...['secret', 'privateKey', 'clientSecret', 'secretAccessKey', 'sessionToken', 'accessKeyId'],
  ...['htpasswdContent', 'key_', 'signingKey', 'credential', 'password', 'token'],
])

/** Fields of which a text value is secret only inside these messages. */
const SECRET_IN: Readonly<Record<string, readonly string[]>> = {
  credentials: ['value'],
  apiKeys: ['key'],
  backendTls: ['key'],
  tls: ['privateKey', 'key'],
  // Of the Secret with a proxy's session key.
  data: ['key'],
}

/** The same value with secrets replaced. */
export function redacted<T>(value: T): T {
  // The shape stays; only texts are replaced by texts.
  return redact(value, '', '') as T
}

function redact(value: unknown, field: string, within: string): unknown {
  if (typeof value === 'string') {
    const isSecret = value !== '' && (SECRET_FIELDS.has(field) || SECRET_IN[within]?.includes(field) === true)
    return isSecret ? `<redacted sha256:${createHash('sha256').update(value).digest('hex').slice(0, 12)}>` : value
  }
  if (Array.isArray(value)) return value.map((item) => redact(item, field, field === '' ? within : field))
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, redact(inner, name, Array.isArray(inner) ? within : field)]),
  )
}
