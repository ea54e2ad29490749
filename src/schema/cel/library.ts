// The functions that CEL has in Kubernetes beyond the language's own, for the CEL engine: lists, regular expressions,
// strings, quantities, addresses, URLs, named formats.
import { Environment, EvaluationError } from '@marcbachmann/cel-js'
import {
  checkDns1035Label,
  checkDns1123Label,
  checkDns1123Subdomain,
  checkLabelValue,
  checkQualifiedName,
} from '../../core/name-rules.ts'
import { isDateTimeText, isDuration } from '../formats.ts'
import { goRegExp } from '../regexp.ts'
import { Address, canonicalAddress, Network, parseAddress, parseNetwork, parseUrl, Url } from './network.ts'
import { parseQuantity, Quantity } from './quantity.ts'

class Formats {}
class Format {
  readonly check: (text: string) => readonly string[]
  constructor(check: (text: string) => readonly string[]) {
    this.check = check
  }
}

function fail(message: string): never {
  throw new EvaluationError(message)
}

function must<T>(value: T | undefined, what: string): T {
  return value === undefined ? fail(what) : value
}

function expression(source: string): RegExp {
  return must(goRegExp(source), `error parsing regexp: ${source}`)
}

type Ordered = bigint | number | string | boolean | Date | Quantity

function order(left: Ordered, right: Ordered): number {
  if (left instanceof Quantity && right instanceof Quantity) return Number(left.compare(right))
  return left < right ? -1 : left > right ? 1 : 0
}

function extreme(list: readonly Ordered[], sign: 1 | -1): Ordered {
  let best: Ordered | undefined
  for (const each of list) if (best === undefined || order(each, best) * sign > 0) best = each
  return must(best, `${sign > 0 ? 'max' : 'min'} called on empty list`)
}

function same(left: unknown, right: unknown): boolean {
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.length === right.length && left.every((each, index) => same(each, right[index]))
  }
  // biome-ignore lint/suspicious/noDoubleEquals: an int equals a double of the same value
  return left == right
}

function lists(environment: Environment): void {
  environment
    .registerFunction('list.isSorted(): bool', (list: readonly Ordered[]) =>
      list.every((each, index) => index === 0 || order(list[index - 1] ?? each, each) <= 0),
    )
    .registerFunction('list.sum(): dyn', (list: readonly (bigint | number)[]) => {
      if (list.some((each) => typeof each === 'number'))
        return list.reduce<number>((sum, each) => sum + Number(each), 0)
      return list.reduce<bigint>((sum, each) => sum + BigInt(each), 0n)
    })
    .registerFunction('list.min(): dyn', (list: readonly Ordered[]) => extreme(list, -1))
    .registerFunction('list.max(): dyn', (list: readonly Ordered[]) => extreme(list, 1))
    .registerFunction('list.indexOf(dyn): int', (list: readonly unknown[], item: unknown) =>
      BigInt(list.findIndex((each) => same(each, item))),
    )
    .registerFunction('list.lastIndexOf(dyn): int', (list: readonly unknown[], item: unknown) =>
      BigInt(list.findLastIndex((each) => same(each, item))),
    )
}

function strings(environment: Environment): void {
  const all = (text: string, source: string) =>
    [...text.matchAll(new RegExp(expression(source), `g${expression(source).flags}`))].map((match) => match[0])
  environment
    .registerFunction('string.matchesGo(string): bool', (text: string, source: string) => expression(source).test(text))
    .registerFunction('matches(string, string): bool', (text: string, source: string) => expression(source).test(text))
    .registerFunction(
      'string.find(string): string',
      (text: string, source: string) => expression(source).exec(text)?.[0] ?? '',
    )
    .registerFunction('string.findAll(string): list<string>', all)
    .registerFunction('string.findAll(string, int): list<string>', (text: string, source: string, limit: bigint) =>
      limit < 0n ? all(text, source) : all(text, source).slice(0, Number(limit)),
    )
    .registerFunction('string.charAt(int): string', (text: string, index: bigint) =>
      index === BigInt(text.length) ? '' : must(text[Number(index)], `index out of range: ${index}`),
    )
    .registerFunction('string.replace(string, string): string', (text: string, from: string, to: string) =>
      text.replaceAll(from, () => to),
    )
    .registerFunction(
      'string.replace(string, string, int): string',
      (text: string, from: string, to: string, count: bigint) => {
        if (count < 0n) return text.replaceAll(from, () => to)
        let result = text
        let start = 0
        for (let done = 0n; done < count; done += 1n) {
          const found = result.indexOf(from, start)
          if (found < 0) break
          result = result.slice(0, found) + to + result.slice(found + from.length)
          start = found + to.length
        }
        return result
      },
    )
}

function quantities(environment: Environment): void {
  const read = (text: string) =>
    must(
      parseQuantity(text),
      "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
    )
  const compared = (name: string, holds: (order: bigint) => boolean) =>
    environment.registerFunction(`Quantity.${name}(Quantity): bool`, (left: Quantity, right: Quantity) =>
      holds(left.compare(right)),
    )
  environment
    .registerType('Quantity', Quantity)
    .registerFunction('quantity(string): Quantity', read)
    .registerFunction('isQuantity(string): bool', (text: string) => parseQuantity(text) !== undefined)
    .registerFunction('Quantity.sign(): int', (value: Quantity) => value.compare(new Quantity(0n)))
    .registerFunction('Quantity.isInteger(): bool', (value: Quantity) => value.isInteger())
    .registerFunction('Quantity.asInteger(): int', (value: Quantity) =>
      value.isInteger() ? value.numerator / value.denominator : fail('cannot convert value to integer'),
    )
    .registerFunction(
      'Quantity.asApproximateFloat(): double',
      (value: Quantity) => Number(value.numerator) / Number(value.denominator),
    )
    .registerFunction('Quantity.add(Quantity): Quantity', (left: Quantity, right: Quantity) => left.plus(right))
    .registerFunction('Quantity.add(int): Quantity', (left: Quantity, right: bigint) => left.plus(new Quantity(right)))
    .registerFunction('Quantity.sub(Quantity): Quantity', (left: Quantity, right: Quantity) =>
      left.plus(right.negated()),
    )
    .registerFunction('Quantity.sub(int): Quantity', (left: Quantity, right: bigint) => left.plus(new Quantity(-right)))
    .registerFunction('Quantity.compareTo(Quantity): int', (left: Quantity, right: Quantity) => left.compare(right))
    .registerOperator('Quantity == Quantity', (left: Quantity, right: Quantity) => left.compare(right) === 0n)
  compared('isGreaterThan', (result) => result > 0n)
  compared('isLessThan', (result) => result < 0n)
}

class Addresses {}

function addresses(environment: Environment): void {
  const readAddress = (text: string) =>
    must(
      parseAddress(text),
      `IP Address ${JSON.stringify(text)} parse error during conversion from string: ParseAddr(${JSON.stringify(text)}): unable to parse IP`,
    )
  const readNetwork = (text: string) =>
    must(parseNetwork(text), `network address parse error during conversion from string: ${text}`)
  const within = (name: string, networks: readonly string[]) => {
    const parsed = networks.map(readNetwork)
    environment.registerFunction(`Address.${name}(): bool`, (value: Address) =>
      parsed.some((each) => each.contains(value)),
    )
  }
  environment
    .registerType('Address', Address)
    .registerType('Network', Network)
    .registerType('Addresses', Addresses)
    .registerConstant('ip', 'Addresses', new Addresses())
    .registerFunction('ip(string): Address', readAddress)
    .registerFunction('isIP(string): bool', (text: string) => parseAddress(text) !== undefined)
    .registerFunction(
      'Addresses.isCanonical(string): bool',
      (_: Addresses, text: string) => canonicalAddress(readAddress(text)) === text,
    )
    .registerFunction('cidr(string): Network', readNetwork)
    .registerFunction('isCIDR(string): bool', (text: string) => parseNetwork(text) !== undefined)
    .registerFunction('Address.family(): int', (value: Address) => BigInt(value.family))
    .registerFunction('string(Address): string', canonicalAddress)
    .registerFunction('Network.containsIP(Address): bool', (network: Network, value: Address) =>
      network.contains(value),
    )
    .registerFunction('Network.containsIP(string): bool', (network: Network, text: string) =>
      network.contains(readAddress(text)),
    )
    .registerFunction('Network.containsCIDR(Network): bool', holds)
    .registerFunction('Network.containsCIDR(string): bool', (network: Network, text: string) =>
      holds(network, readNetwork(text)),
    )
    .registerFunction('Network.ip(): Address', (network: Network) => network.address)
    .registerFunction('Network.masked(): Network', (network: Network) => network.masked())
    .registerFunction('Network.prefixLength(): int', (network: Network) => BigInt(network.prefix))
    .registerFunction(
      'string(Network): string',
      (network: Network) => `${canonicalAddress(network.address)}/${network.prefix}`,
    )
    .registerOperator(
      'Address == Address',
      (left: Address, right: Address) => left.family === right.family && left.bits === right.bits,
    )
  within('isUnspecified', ['0.0.0.0/32', '::/128'])
  within('isLoopback', ['127.0.0.0/8', '::1/128'])
  within('isLinkLocalMulticast', ['224.0.0.0/24', 'ff02::/16'])
  within('isLinkLocalUnicast', ['169.254.0.0/16', 'fe80::/10'])
  const special = [
    '0.0.0.0/32',
    '255.255.255.255/32',
    '127.0.0.0/8',
    '224.0.0.0/4',
    '169.254.0.0/16',
    '::/128',
    '::1/128',
    'ff00::/8',
    'fe80::/10',
  ].map(readNetwork)
  environment.registerFunction(
    'Address.isGlobalUnicast(): bool',
    (value: Address) => !special.some((each) => each.contains(value)),
  )
}

function holds(outer: Network, inner: Network): boolean {
  return outer.prefix <= inner.prefix && outer.contains(inner.address)
}

function urls(environment: Environment): void {
  environment
    .registerType('Url', Url)
    .registerFunction('url(string): Url', (text: string) =>
      must(
        parseUrl(text),
        `URL parse error during conversion from string: parse ${JSON.stringify(text)}: invalid URI for request`,
      ),
    )
    .registerFunction('isURL(string): bool', (text: string) => parseUrl(text) !== undefined)
    .registerFunction('Url.getScheme(): string', (url: Url) => url.scheme)
    .registerFunction('Url.getHost(): string', (url: Url) => url.host)
    .registerFunction('Url.getHostname(): string', (url: Url) => url.hostname)
    .registerFunction('Url.getPort(): string', (url: Url) => url.port)
    .registerFunction('Url.getEscapedPath(): string', (url: Url) => url.path)
    .registerFunction('Url.getQuery(): map<string, list<string>>', (url: Url) => url.parameters())
}

const formats: Readonly<Record<string, (text: string) => readonly string[]>> = {
  dns1123Label: checkDns1123Label,
  dns1123Subdomain: checkDns1123Subdomain,
  dns1035Label: checkDns1035Label,
  qualifiedName: checkQualifiedName,
  dns1123LabelPrefix: (text) => checkDns1123Label(text.replace(/-$/, 'a')),
  dns1123SubdomainPrefix: (text) => checkDns1123Subdomain(text.replace(/-$/, 'a')),
  dns1035LabelPrefix: (text) => checkDns1035Label(text.replace(/-$/, 'a')),
  labelValue: checkLabelValue,
  uri: (text) => (parseUrl(text) === undefined ? ['invalid URI for request'] : []),
  uuid: (text) =>
    /^[0-9a-fA-F]{8}-?(?:[0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}$/.test(text) ? [] : ['does not match the UUID format'],
  byte: (text) =>
    /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text) ? [] : ['invalid base64'],
  date: (text) => (isDateTimeText(`${text}T00:00:00Z`) ? [] : ['invalid date']),
  datetime: (text) => (isDateTimeText(text) ? [] : ['invalid datetime']),
  duration: (text) => (isDuration(text) ? [] : ['invalid duration']),
}

function namedFormats(environment: Environment): void {
  environment.registerType('Formats', Formats).registerType('Format', Format)
  const some = environment.parse('optional.of(self)')
  const optional = (value?: unknown): unknown => (value === undefined ? noValue : some({ self: value }))
  environment
    .registerConstant('format', 'Formats', new Formats())
    .registerFunction('Formats.named(string): dyn', (_: Formats, name: string) => {
      const check = Object.hasOwn(formats, name) ? formats[name] : undefined
      return check === undefined ? optional() : optional(new Format(check))
    })
    .registerFunction('Format.validate(string): dyn', (format: Format, text: string) => {
      const problems = format.check(text)
      return problems.length === 0 ? optional() : optional([...problems])
    })
    // An optional is never null; the API server says so too, even where a CRD's author thought otherwise.
    .registerOperator('optional == null', () => false)
  for (const [name, check] of Object.entries(formats)) {
    environment.registerFunction(`Formats.${name}(): Format`, () => new Format(check))
  }
}

/** `optional.none()`: what `oldSelf` is on creation, where a rule can live with that. */
export const noValue: unknown = new Environment({ enableOptionalTypes: true }).evaluate('optional.none()')

class Sets {}

function sets(environment: Environment): void {
  const contains = (list: readonly unknown[], part: readonly unknown[]) =>
    part.every((each) => list.some((other) => same(each, other)))
  environment
    .registerType('Sets', Sets)
    .registerConstant('sets', 'Sets', new Sets())
    .registerFunction('Sets.contains(list, list): bool', (_: Sets, list: unknown[], part: unknown[]) =>
      contains(list, part),
    )
    .registerFunction(
      'Sets.equivalent(list, list): bool',
      (_: Sets, one: unknown[], other: unknown[]) => contains(one, other) && contains(other, one),
    )
    .registerFunction('Sets.intersects(list, list): bool', (_: Sets, one: unknown[], other: unknown[]) =>
      one.some((each) => other.some((item) => same(each, item))),
    )
}

/** CEL with Kubernetes' functions; `self` and `oldSelf` are of any type. */
export function kubernetesCel(): Environment {
  const environment = new Environment({
    enableOptionalTypes: true,
    homogeneousAggregateLiterals: false,
    limits: { maxAstNodes: 1_000_000, maxListElements: 100_000, maxMapEntries: 100_000, maxCallArguments: 100 },
  })
  environment.registerVariable('self', 'dyn').registerVariable('oldSelf', 'dyn')
  for (const register of [lists, strings, quantities, addresses, urls, namedFormats, sets]) register(environment)
  return environment
}
