// `format` of strings in CRDs: which texts the API server accepts for each. Formats it does not know are not checked.
import { isIPv4, isIPv6 } from 'node:net'
import { checkDns1123Label, checkDns1123Subdomain } from '../core/name-rules.ts'

const UUID = /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/
const DATE_TIME = /^(\d{4}-\d{2}-\d{2})[tT](\d{2}):(\d{2}):(\d{2})(?:\.\d+)?(?:[zZ]|[+-]\d{2}:\d{2})$/
const EMAIL = /^[^\s@<>]+@[A-Za-z0-9](?:[-A-Za-z0-9.]*[A-Za-z0-9])?$/
const HOSTNAME =
  /^(?=.{1,255}$)[A-Za-z0-9](?:[-A-Za-z0-9]{0,61}[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[-A-Za-z0-9]{0,61}[A-Za-z0-9])?)*\.?$/

function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false
  const date = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text)
}

/** Whether a text is a point in time in RFC 3339. */
export function isDateTimeText(text: string): boolean {
  const match = DATE_TIME.exec(text)
  if (match === null) return false
  const [, day = '', hour, minute, second] = match
  return isDate(day) && Number(hour) < 24 && Number(minute) < 60 && Number(second) < 60
}

/** Whether a text is an absolute URL or an absolute path, as Go's `url.ParseRequestURI` has it. */
export function isRequestUri(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
  if (text === '' || /[\x00-\x1f\x7f]/.test(text)) return false
  const match = /^(?:([A-Za-z][A-Za-z0-9+.-]*):)?(.*)$/.exec(text)
  const [, scheme, rest = ''] = match ?? []
  if (!rest.startsWith('/')) return scheme !== undefined
  const authority = rest.startsWith('//') && !rest.startsWith('///') ? (/^\/\/([^/?]*)/.exec(rest)?.[1] ?? '') : ''
  const path = rest.slice(authority === '' ? 0 : authority.length + 2).split('?', 1)[0] ?? ''
  if (/%(?![0-9A-Fa-f]{2})/.test(path)) return false
  return isAuthority(authority)
}

function isAuthority(authority: string): boolean {
  const at = authority.lastIndexOf('@')
  const host = authority.slice(at + 1)
  if (at >= 0 && !/^[A-Za-z0-9\-._:~!$&'()*+,;=%@]*$/.test(authority.slice(0, at))) return false
  const bracketed = /^\[([^\]]*)\](:\d*)?$/.exec(host)
  if (host.startsWith('[')) return bracketed !== null
  return /^(?:[A-Za-z0-9\-._~!$&'()*+,;=<>"]|%[0-9A-Fa-f]{2}|[^ -~])*(?::\d*)?$/.test(host)
}

function isCidr(text: string): boolean {
  const [address = '', bits = '', more] = text.split('/')
  if (more !== undefined || !/^\d{1,3}$/.test(bits)) return false
  return isIPv4(address) ? Number(bits) <= 32 : isIPv6(address) && Number(bits) <= 128
}

/** A duration as Go writes it, or `5 minutes`, as the API server's format checker also takes it. */
export function isDuration(text: string): boolean {
  return (
    /^[+-]?(?:0|(?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+)$/.test(text) ||
    /^(?:\d+)\s*(?:ns|nano|us|micro|ms|milli|s|sec|second|m|min|minute|h|hr|hour|d|day|w|wk|week)s?$/i.test(text)
  )
}

const checks: Readonly<Record<string, (text: string) => boolean>> = {
  date: isDate,
  'date-time': isDateTimeText,
  datetime: isDateTimeText,
  duration: isDuration,
  byte: (text) => BASE64.test(text),
  uri: isRequestUri,
  email: (text) => EMAIL.test(text),
  hostname: (text) => HOSTNAME.test(text),
  ipv4: isIPv4,
  ipv6: isIPv6,
  cidr: isCidr,
  mac: (text) => /^[0-9a-f]{2}([:-])[0-9a-f]{2}(?:\1[0-9a-f]{2}){4}$/i.test(text),
  uuid: (text) => UUID.test(text),
  uuid3: (text) => UUID.test(text) && text.replaceAll('-', '')[12] === '3',
  uuid4: (text) => UUID.test(text) && text.replaceAll('-', '')[12] === '4',
  uuid5: (text) => UUID.test(text) && text.replaceAll('-', '')[12] === '5',
  hexcolor: (text) => /^#?(?:[0-9a-f]{3}|[0-9a-f]{6})$/i.test(text),
  bsonobjectid: (text) => /^[0-9a-f]{24}$/i.test(text),
  'k8s-short-name': (text) => checkDns1123Label(text).length === 0,
  'k8s-long-name': (text) => checkDns1123Subdomain(text).length === 0,
}

/** Whether a text has the format; true for formats that are not checked. */
export function hasFormat(format: string, text: string): boolean {
  const check = Object.hasOwn(checks, format) ? checks[format] : undefined
  return check === undefined || check(text)
}
