// An API server for tests of deploying: objects in memory, with uids, versions, label selectors and a log of the calls.
// Applying replaces what one manager said and leaves the rest alone, one level deep.
import { ApiError } from '../../src/cluster/api-error.ts'
import type { ClusterClient, ListRequest, Place, Resource, WatchEvent } from '../../src/cluster/client.ts'
import type { KubeObject } from '../../src/kube/object.ts'

type Stored = KubeObject & { readonly spec?: object; readonly data?: object }

interface Told extends WatchEvent {
  readonly plural: string
}

/** The calls that deploying makes, over objects in memory. */
export class FakeCluster implements Pick<ClusterClient, 'get' | 'list' | 'apply' | 'create' | 'delete' | 'watch'> {
  readonly objects = new Map<string, Stored>()
  /** `verb kind-plural namespace/name`, in order. */
  readonly calls: string[] = []
  /** Makes a call fail: given the call as it is logged, returns the error. */
  fail: (call: string) => Error | undefined = () => undefined
  #version = 0
  readonly #watchers = new Set<(event: Told) => void>()

  put(plural: string, object: Stored): Stored {
    const key = keyOf(plural, object.metadata)
    const before = this.objects.get(key)
    const version = String(++this.#version)
    const stored: Stored = {
      ...object,
      metadata: { uid: `uid-${version}`, ...before?.metadata, ...object.metadata, resourceVersion: version },
    }
    this.objects.set(key, stored)
    for (const tell of this.#watchers)
      tell({ type: before === undefined ? 'ADDED' : 'MODIFIED', object: stored, plural })
    return stored
  }

  remove(plural: string, place: Place): void {
    const key = keyOf(plural, place)
    const object = this.objects.get(key)
    this.objects.delete(key)
    if (object !== undefined) for (const tell of this.#watchers) tell({ type: 'DELETED', object, plural })
  }

  names(plural: string): readonly string[] {
    return [...this.objects.keys()]
      .filter((key) => key.startsWith(`${plural} `))
      .map((key) => key.slice(plural.length + 1))
  }

  async get({ plural }: Resource, place: Place): Promise<KubeObject | undefined> {
    await this.#called(`get ${keyOf(plural, place)}`)
    return this.objects.get(keyOf(plural, place))
  }

  async list({ plural }: Resource, request: ListRequest) {
    await this.#called(`list ${plural}`)
    const [label = '', value] = (request.labelSelector ?? '').split('=')
    const items = [...this.objects.entries()]
      .filter(([key]) => key.startsWith(`${plural} ${request.namespace === undefined ? '' : `${request.namespace}/`}`))
      .map(([, object]) => object)
      .filter(
        ({ metadata }) =>
          label === '' ||
          (value === undefined ? metadata.labels?.[label] !== undefined : metadata.labels?.[label] === value),
      )
    return { items, resourceVersion: String(this.#version), continueToken: '' }
  }

  async apply({ plural }: Resource, object: KubeObject): Promise<KubeObject> {
    await this.#called(`apply ${keyOf(plural, object.metadata)}`)
    const before = this.objects.get(keyOf(plural, object.metadata))
    return this.put(plural, { ...before, ...object })
  }

  async create({ plural }: Resource, object: KubeObject): Promise<KubeObject> {
    await this.#called(`create ${keyOf(plural, object.metadata)}`)
    if (this.objects.has(keyOf(plural, object.metadata)))
      throw new ApiError('exists', { code: 409, reason: 'AlreadyExists' })
    return this.put(plural, object)
  }

  async delete({ plural }: Resource, place: Place, preconditions: { readonly uid?: string } = {}): Promise<void> {
    await this.#called(`delete ${keyOf(plural, place)}`)
    const object = this.objects.get(keyOf(plural, place))
    if (object === undefined) return
    if (preconditions.uid !== undefined && preconditions.uid !== object.metadata.uid)
      throw new ApiError('another uid', { code: 409, reason: 'Conflict' })
    this.remove(plural, place)
  }

  async *watch({ plural }: Resource, _: object, signal: AbortSignal) {
    await this.#called(`watch ${plural}`)
    const queue: Told[] = []
    let wake = Promise.withResolvers<void>()
    const tell = (event: Told): void => {
      if (event.plural !== plural) return
      queue.push(event)
      wake.resolve()
    }
    this.#watchers.add(tell)
    signal.addEventListener('abort', () => wake.resolve())
    try {
      while (!signal.aborted) {
        await wake.promise
        wake = Promise.withResolvers<void>()
        yield queue.splice(0)
      }
    } finally {
      this.#watchers.delete(tell)
    }
  }

  async #called(call: string): Promise<void> {
    this.calls.push(call)
    await Promise.resolve()
    const error = this.fail(call)
    if (error !== undefined) throw error
  }
}

/** A clock whose time is the test's. */
export class FakeClock {
  readonly scheduled: { readonly ms: number; readonly task: () => void }[] = []

  schedule(ms: number, task: () => void): () => void {
    const entry = { ms, task }
    this.scheduled.push(entry)
    return () => {
      const at = this.scheduled.indexOf(entry)
      if (at >= 0) this.scheduled.splice(at, 1)
    }
  }

  /** Lets all that is scheduled happen; the waits it was scheduled for. */
  pass(): readonly number[] {
    const due = this.scheduled.splice(0)
    for (const { task } of due) task()
    return due.map(({ ms }) => ms)
  }
}

/** Waits for what other promises are about to do. */
export async function until(isSo: () => boolean): Promise<void> {
  for (let turns = 0; !isSo(); turns++) {
    if (turns > 10_000) throw new Error('it never came to be')
    await new Promise((resolve) => setImmediate(resolve))
  }
}

function keyOf(plural: string, { namespace, name }: Place): string {
  return `${plural} ${namespace === undefined ? name : `${namespace}/${name}`}`
}
