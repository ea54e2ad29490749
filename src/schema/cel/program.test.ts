import { expect, test } from 'vitest'
import { compile, failure } from './program.ts'

const self = { a: [{ b: { c: 1n } }], n: 5n, s: 'x', none: Object.create(null) }

test.each([
  ['[1, 2, 2].isSorted() && ![2, 1].isSorted()', true],
  ['[1, 2].sum() + [1, 2].max() - [1, 2].min()', 4n],
  ['["a", "b", "a"].indexOf("a") + ["a", "b", "a"].lastIndexOf("a")', 2n],
  ['quantity("1Ki").compareTo(quantity("1024"))', 0n],
  ['quantity("1") == quantity("1000m")', true],
  ['quantity("1.5Gi").isInteger() && !quantity("0.5").isInteger()', true],
  ['quantity("1").add(quantity("500m")).isGreaterThan(quantity("1.4"))', true],
  ['quantity("-2").sub(1).asInteger()', -3n],
  ['isQuantity("1e3") && !isQuantity("1x")', true],
  ['isURL("https://a.b:8/x?q=1") && isURL("/a") && !isURL("a") && !isURL("http://a b")', true],
  ['url("https://u@A.b:8/x%20y?q=1&q=2").getHost()', 'A.b:8'],
  ['url("https://[::1]:8/x").getHostname() + url("https://[::1]:8/x").getPort()', '::18'],
  ['url("HTTPS://a/x%20y").getScheme() + url("https://a/x%20y").getEscapedPath()', 'https/x%20y'],
  ['url("http://a/?q=1&q=2").getQuery()["q"][1]', '2'],
  ['isIP("::1") && !isIP("1.2.3.256") && !isIP("fe80::1%eth0") && !isIP("::ffff:1.2.3.4")', true],
  ['ip("127.0.0.1").isLoopback() && ip("8.8.8.8").isGlobalUnicast() && ip("::").isUnspecified()', true],
  ['ip("::1") == ip("0:0::1") && ip.isCanonical("::1") && !ip.isCanonical("0::1")', true],
  ['ip("1.2.3.4").family()', 4n],
  ['cidr("10.0.0.0/8").containsIP("10.1.1.1") && !cidr("10.0.0.0/8").containsIP(ip("11.0.0.0"))', true],
  ['cidr("10.0.0.0/8").containsCIDR("10.1.0.0/16") && !cidr("10.1.0.0/16").containsCIDR("10.0.0.0/8")', true],
  ['string(cidr("10.1.2.3/8").masked())', '10.0.0.0/8'],
  ['isCIDR("::/0") && !isCIDR("::/129") && !isCIDR("1.2.3.4/08")', true],
  ['format.dns1123Label().validate("a_").hasValue() && !format.dns1123Label().validate("a").hasValue()', true],
  ['format.named("qualifiedName").value().validate("a/b/c").value().size()', 1n],
  ['format.named("nope").hasValue()', false],
  ['format.dns1123Label().validate("a") == null', false],
  ['"aXb".matches("^(?i)axb$") && matches("ab", "a")', true],
  ['"a1b22".find("[0-9]+") + "a1b22".findAll("[0-9]+")[1] + "a1b22".findAll("[0-9]+", 1)[0]', '1221'],
  ['"abab".replace("a", "x", 1) + "abab".replace("a", "$&")', 'xbab$&b$&b'],
  ['"abc".charAt(1) + "abc".substring(1, 2) + "a,b".split(",")[1]', 'bbb'],
  ['sets.contains([1, 2], [1]) && sets.equivalent([1, 2, 1], [2, 1]) && !sets.intersects([1], [2])', true],
  ['has(self.a[0].b) && has(self.a[0].b.c) && !has(self.a[0].z)', true],
  ['self.a.exists(x, has(self.a[0].b.c) && has(x.b.c))', true],
  ['self.?n.optMap(v, v + 1).orValue(0) + self.?z.optMap(v, v + 1).orValue(7)', 13n],
  ['self.?a.optFlatMap(v, v[?0]).hasValue()', true],
  ['!has(self.none.constructor) && !("toString" in self.none)', true],
])('%s', (expression, expected) => {
  expect(compile(expression).evaluate({ self })).toEqual(expected)
})

test.each([
  ['self.z == 1', 'no such key: z', false],
  ['self.a[3] == 1', 'index out of bounds: 3', false],
  ['1 / 0 == 1', 'division by zero', false],
  ['int(self.s) == 1', "type conversion error from 'string' to 'int'", false],
  ["duration(self.s) > duration('1s')", "type conversion error from 'string' to 'google.protobuf.Duration'", false],
  ['self.n.size() == 1', "'no such overload: size'", true],
  ['self.s >= 1', "'no such overload'", true],
  ['self.n >', 'Error: the CRD has a rule that is not CEL: self.n >', false],
])('%s fails as %s', (expression, text, isOverload) => {
  let failed: unknown
  try {
    compile(expression).evaluate({ self })
  } catch (error) {
    failed = failure(error)
  }
  expect(failed).toEqual({ text, isOverload })
})

test('says which rules compare with an earlier state', () => {
  expect(compile('self == oldSelf').readsOldSelf).toBe(true)
  expect(compile('self.all(x, x == 1)').readsOldSelf).toBe(false)
})
