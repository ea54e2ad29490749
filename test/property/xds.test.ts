// Whatever the order of commits, answers, rejections, slow reading, lost connections and changes of replica: in the end
// each proxy holds exactly its scope, and never has it seen a name that was not for it.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { shortenedName } from '../../src/core/names.ts'
import { SHARED, type XdsEntry } from '../../src/wire/entry.ts'
import { ADDRESS_TYPE_URL } from '../../src/wire/proto.ts'
import { BOTH_TYPES, type FakeProxy } from '../xds/fake-proxy.ts'
import { bind, createWorld, listener, type Replica, type World, workload } from '../xds/world.ts'

const LONG = 'g'.repeat(70)
const GATEWAYS = ['ns/a', 'ns/b', `ns/${LONG}`] as const
/** Two proxies of one gateway, one of each other; the long name is shortened, as the deployer does it. */
const PROXIES = ['ns/a', 'ns/a', 'ns/b', `ns/${shortenedName(LONG)}`] as const
const WIDE = 'x'.repeat(40_000)

type Step =
  | { readonly do: 'edit'; readonly scope: number; readonly key: number; readonly value: number }
  | { readonly do: 'commit' }
  | { readonly do: 'forget'; readonly proxy: number }
  | { readonly do: 'gateway'; readonly gateway: number; readonly exists: boolean }
  | { readonly do: 'hold' | 'answer' | 'pause' | 'resume' | 'lose'; readonly proxy: number }
  | { readonly do: 'reconnect'; readonly proxy: number; readonly replica: number }
  | {
      readonly do: 'reject'
      readonly proxy: number
      readonly key: number
      readonly severity: 'error' | 'warn' | 'none'
    }
  | { readonly do: 'settle'; readonly proxy: number }

const proxy = fc.nat(PROXIES.length - 1)
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ do: fc.constant('edit'), scope: fc.nat(3), key: fc.nat(4), value: fc.nat(3) }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('commit') }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('gateway'), gateway: fc.nat(2), exists: fc.boolean() }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constantFrom('hold', 'answer', 'pause', 'resume', 'lose'), proxy }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('reconnect'), proxy, replica: fc.nat(1) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('reject'),
      proxy,
      key: fc.nat(4),
      severity: fc.constantFrom('error', 'warn', 'none'),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('settle'), proxy }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('forget'), proxy }) },
) as fc.Arbitrary<Step>

/** The content of a key in a scope; 0 is nothing. Keys below 2 have the same name in every gateway. */
function entryOf(scope: number, key: number, value: number): XdsEntry {
  const gateway = GATEWAYS[scope]
  if (gateway === undefined) return workload(`w${key}`, value)
  const name = key < 2 ? `common-${key}` : `${scope}-${key}`
  return key === 4 ? listener(gateway, name, `${WIDE}${value}`) : bind(gateway, name, 80 + value)
}

class Run {
  readonly world: World = createWorld()
  readonly #replicas: Replica[]
  readonly #proxies: readonly FakeProxy[]
  readonly #content = new Map<string, XdsEntry>()
  readonly #gateways = new Set<string>(GATEWAYS.slice(0, 2))
  /** By scope: every name that was ever in it. */
  readonly #everIn = new Map<string, Set<string>>([...GATEWAYS, SHARED].map((scope) => [scope, new Set()]))
  readonly #verdicts = PROXIES.map(() => new Map<string, 'error' | 'warn'>())
  readonly #isOpen = PROXIES.map(() => false)
  /** How many responses each proxy had when it began anew. */
  readonly #forgotten = PROXIES.map(() => new Set<number>())

  constructor(replicas: Replica[], world: World) {
    this.world = world
    this.#replicas = replicas
    this.#proxies = PROXIES.map((gateway, i) => {
      const made = world.proxy(this.#replica(i), gateway)
      made.judge = (name) => {
        const severity = this.#verdicts[i]?.get(name)
        if (severity === undefined) return undefined
        return severity === 'error' ? { error: 'no' } : { warn: 'hm' }
      }
      return made
    })
  }

  async take(step: Step): Promise<void> {
    switch (step.do) {
      case 'edit':
        return this.#edit(step.scope, step.key, step.value)
      case 'commit':
        await this.world.commit()
        return
      case 'gateway':
        return this.#setGateway(GATEWAYS[step.gateway] ?? '', step.exists)
      case 'reject':
        return this.#setVerdict(step)
      case 'reconnect':
        this.#isOpen[step.proxy] = true
        this.#proxy(step.proxy).connect(this.#replica(step.replica).port)
        return
      case 'lose':
        this.#isOpen[step.proxy] = false
        this.#proxy(step.proxy).disconnect()
        return
      case 'forget':
        // A new process in its place, which holds nothing.
        this.#isOpen[step.proxy] = false
        this.#proxy(step.proxy).disconnect()
        for (const held of this.#proxy(step.proxy).held.values()) held.clear()
        this.#forgotten[step.proxy]?.add(this.#proxy(step.proxy).responses.length)
        return
      case 'hold':
        this.#proxy(step.proxy).isAnswering = false
        return
      case 'answer':
        return this.#proxy(step.proxy).answer()
      case 'pause':
        return this.#proxy(step.proxy).pause()
      case 'resume':
        return this.#proxy(step.proxy).resume()
      case 'settle':
        await this.#settle(step.proxy)
    }
  }

  /** Lets every proxy catch up, and checks all. */
  async end(): Promise<void> {
    this.#setGateway(`ns/${LONG}`, true)
    this.#edit(2, 3, 3)
    await this.world.commit()
    for (const [i] of PROXIES.entries()) await this.#settle(i)
    for (const [i, made] of this.#proxies.entries()) {
      expect(made.mostUnanswered).toBeLessThanOrEqual(1)
      const own = this.#everIn.get(this.#scopeOf(i)) ?? new Set()
      const shared = this.#everIn.get(SHARED) ?? new Set()
      const given = new Map(BOTH_TYPES.map((typeUrl) => [typeUrl, new Map<string, string>()]))
      for (const [number, { typeUrl, resources, removed }] of made.responses.entries()) {
        if (this.#forgotten[i]?.has(number)) for (const versions of given.values()) versions.clear()
        const versions = given.get(typeUrl) ?? new Map<string, string>()
        expect(resources.filter(({ name }) => removed.includes(name))).toEqual([])
        // Nothing is sent twice, unless it was rejected, and then not on the same stream.
        const isRepeated = (name: string, version: string): boolean =>
          versions.get(name) === version && !made.rejected.has(`${name}@${version}`)
        expect(resources.filter(({ name, version }) => isRepeated(name, version))).toEqual([])
        expect(removed.filter((name) => !versions.has(name))).toEqual([])
        for (const { name, version } of resources) versions.set(name, version)
        for (const name of removed) versions.delete(name)
        const allowed = typeUrl === ADDRESS_TYPE_URL ? shared : own
        expect([...resources.map(({ name }) => name), ...removed].filter((name) => !allowed.has(name))).toEqual([])
      }
    }
  }

  /** Brings a proxy to rest, and compares what it holds with what it should. */
  async #settle(i: number): Promise<void> {
    const made = this.#proxy(i)
    if (!this.#isOpen[i]) {
      this.#isOpen[i] = true
      made.connect(this.#replica(i).port)
    }
    made.resume()
    made.answer()
    const expected = (typeUrl: string): ReadonlyMap<string, string> =>
      new Map(
        this.#published(typeUrl === ADDRESS_TYPE_URL ? SHARED : this.#scopeOf(i)).map(({ encoded }) => [
          encoded.name,
          encoded.version,
        ]),
      )
    await this.world.until(() => BOTH_TYPES.every((typeUrl) => this.#isAsExpected(made, typeUrl, expected(typeUrl))))
  }

  #isAsExpected(made: FakeProxy, typeUrl: string, expected: ReadonlyMap<string, string>): boolean {
    const held = made.held.get(typeUrl) ?? new Map()
    for (const [name, version] of expected) {
      if (held.get(name) !== version && !made.rejected.has(`${name}@${version}`)) return false
    }
    return [...held.keys()].every((name) => expected.has(name))
  }

  /** What the replicas have published last, which all have. */
  #published(scope: string): readonly XdsEntry[] {
    return this.#replica(0).snapshot.list(scope)
  }

  #edit(scope: number, key: number, value: number): void {
    const gateway = GATEWAYS[scope]
    if (gateway !== undefined && !this.#gateways.has(gateway)) return
    const entry = entryOf(scope, key, value)
    if (value === 0) this.world.delete(entry)
    else this.world.set(entry)
    const id = `${scope}.${key}`
    if (value === 0) this.#content.delete(id)
    else this.#content.set(id, entry)
    this.#everIn.get(entry.scope)?.add(entry.encoded.name)
  }

  #setGateway(gateway: string, exists: boolean): void {
    if (exists) {
      this.#gateways.add(gateway)
      this.world.addGateway(gateway)
      return
    }
    this.#gateways.delete(gateway)
    this.world.removeGateway(gateway)
    for (const [id, entry] of this.#content) {
      if (entry.scope !== gateway) continue
      this.world.delete(entry)
      this.#content.delete(id)
    }
  }

  #setVerdict({ proxy: i, key, severity }: Extract<Step, { readonly do: 'reject' }>): void {
    const scope = PROXIES[i] === 'ns/b' ? 1 : 0
    const name = entryOf(scope, key, 1).encoded.name
    if (severity === 'none') this.#verdicts[i]?.delete(name)
    else this.#verdicts[i]?.set(name, severity)
  }

  #scopeOf(i: number): string {
    const [namespace, name] = (PROXIES[i] ?? '').split('/')
    return GATEWAYS.find((gateway) => gateway === `${namespace}/${name}`) ?? `ns/${LONG}`
  }

  #proxy(i: number): FakeProxy {
    const made = this.#proxies[i]
    if (made === undefined) throw new Error(`no proxy ${i}`)
    return made
  }

  #replica(i: number): Replica {
    const replica = this.#replicas[i % this.#replicas.length]
    if (replica === undefined) throw new Error(`no replica ${i}`)
    return replica
  }
}

test('every client ends with exactly its scope and never sees a foreign name, whatever the interleaving', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 40, maxLength: 80, size: 'max' }), async (steps) => {
      const world = createWorld()
      const run = new Run([await world.serve(), await world.serve()], world)
      try {
        // The third comes with a step, or at the end.
        for (const gateway of GATEWAYS.slice(0, 2)) world.addGateway(gateway)
        for (const step of steps) await run.take(step)
        await run.end()
      } finally {
        await world.close()
      }
    }),
    { numRuns: 120, timeout: 5000 },
  )
})
