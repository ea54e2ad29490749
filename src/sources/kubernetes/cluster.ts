// A cluster as a source: one reflector per kind, as soon as the kind exists. A kind that does not exist counts as empty,
// so that nothing waits for it; what has been read stays in use until the API server says otherwise. How one kind is
// followed: reflector.ts; which kinds exist: crds.ts; which namespaces count: namespaces.ts.
import { Observable } from 'rxjs'
import { isApiError } from '../../cluster/api-error.ts'
import type { ClusterClient } from '../../cluster/client.ts'
import { pauseAfter, systemTime, type Time } from '../../cluster/time.ts'
import { errorText, type Log } from '../../core/log.ts'
import type { KubeObject, LabelSelector } from '../../kube/object.ts'
import type { Batch, Edit, ObjectSource } from '../source.ts'
import { Crds, crdName, crdResource, hasCrd, servesVersion } from './crds.ts'
import { atTheDoor, trimmed } from './door.ts'
import { keyIn, liveCollection, type WatchedKind, watchedKinds } from './kinds.ts'
import { namespaceFilter } from './namespaces.ts'
import { type ObjectChange, reflect } from './reflector.ts'

/** What is read from which cluster. */
export interface ClusterOptions {
  readonly client: Pick<ClusterClient, 'list' | 'watch' | 'get' | 'minorVersion'>
  readonly kinds?: readonly WatchedKind[]
  /** Settings without which a kind is not watched. */
  readonly enabled: Readonly<Record<NonNullable<WatchedKind['enabledBy']>, boolean>>
  /** Only namespaces that one of them selects; all when there are none. */
  readonly namespaces: readonly LabelSelector[]
  /** Objects that count in namespaces that do not; none unless it says so. */
  readonly isAlwaysSeen?: (collection: string, key: string) => boolean
  readonly log: Log
  readonly time?: Time
}

/** What a kind's reflector is at. */
export interface KindState {
  readonly collection: string
  readonly state: 'waiting' | 'synced' | 'absent'
  /** Why it does not get on; empty when it does. */
  readonly error: string
}

/** A cluster as a source of objects. */
export interface ClusterSource extends ObjectSource {
  /** Every watched kind, for the admin server and for saying what a start waits for. */
  states(): readonly KindState[]
}

/** Lists that begin a watch are on from this minor version of Kubernetes. */
const streamedListsSince = 34

/** Groups without whose objects it would be wrong to serve. */
const essential = new Set(['', 'discovery.k8s.io', 'gateway.networking.k8s.io', 'agentgateway.dev'])
/** Refusals in a row, over some ten seconds: an API server that starts refuses everybody for a moment. */
const patience = 8

/** All enabled kinds of a cluster. */
export function clusterSource(options: ClusterOptions): ClusterSource {
  const kinds = (options.kinds ?? watchedKinds).filter(
    ({ enabledBy }) => enabledBy === undefined || options.enabled[enabledBy],
  )
  const states = new Map<string, KindState>(
    kinds.map(({ collection }) => [collection, { collection, state: 'waiting', error: '' }]),
  )
  return {
    name: 'cluster',
    required: kinds.flatMap(collectionsOf),
    batches: () =>
      new Observable((subscriber) => {
        const stop = new AbortController()
        const watch = new ClusterWatch(options, { kinds, states, emit: (batches) => subscriber.next(batches) })
        void watch.run(stop.signal)
        return () => stop.abort()
      }),
    states: () => [...states.values()],
  }
}

interface Output {
  readonly kinds: readonly WatchedKind[]
  readonly states: Map<string, KindState>
  readonly emit: (batches: readonly Batch[]) => void
}

/** What is known of one kind. */
interface KindWatch {
  readonly kind: WatchedKind
  /** Ends its reflector. */
  following: AbortController | undefined
  /** Something has been told of it, if only that there is none. */
  hasBeenTold: boolean
  isEmpty: boolean
  /** What a user was told to do about it. */
  complaint: string
}

class ClusterWatch {
  private readonly options: ClusterOptions
  private readonly output: Output
  private readonly time: Time
  private readonly crds = new Crds()
  private readonly kinds: readonly KindWatch[]
  private readonly unreachable = new Set<string>()
  private hasStreamedLists = false

  constructor(options: ClusterOptions, output: Output) {
    this.options = options
    this.time = options.time ?? systemTime
    this.kinds = output.kinds.map((kind) => ({
      kind,
      following: undefined,
      hasBeenTold: false,
      isEmpty: false,
      complaint: '',
    }))
    const namespaced = new Set(output.kinds.filter((kind) => kind.namespaced).flatMap(collectionsOf))
    const filter = namespaceFilter(options.namespaces, {
      namespaces: 'source/namespaces',
      isNamespaced: (collection) => namespaced.has(collection),
      isAlwaysSeen: options.isAlwaysSeen ?? (() => false),
    })
    this.output = {
      ...output,
      emit: (batches) => {
        const visible = filter.filter(batches)
        if (visible.length > 0) output.emit(visible)
      },
    }
  }

  async run(signal: AbortSignal): Promise<void> {
    signal.addEventListener('abort', () => {
      for (const { following } of this.kinds) following?.abort()
    })
    await this.learnVersion(signal)
    for (const watch of this.kinds) if (!hasCrd(watch.kind)) this.follow(watch, signal)
    await this.followCrds(signal)
  }

  private async learnVersion(signal: AbortSignal): Promise<void> {
    for (let failures = 0; !signal.aborted; failures++) {
      try {
        this.hasStreamedLists = (await this.options.client.minorVersion(signal)) >= streamedListsSince
        this.reached('version')
        return
      } catch (error) {
        if (signal.aborted || isApiError(error, 401, 403)) return
        this.failed('version', error, failures + 2)
        await this.time.wait(pauseAfter(failures, { firstMs: 200, lastMs: 5_000 }, this.time), signal)
      }
    }
  }

  private async followCrds(signal: AbortSignal): Promise<void> {
    const { client } = this.options
    const { hasStreamedLists, time } = this
    const options = { client, resource: crdResource, isMetadataOnly: true, hasStreamedLists, time }
    for await (const step of reflect(options, signal)) {
      if (step.step === 'failed') {
        this.failed(crdResource.plural, step.error, step.failures)
        // Then which kinds there are has to be found out by asking for each.
        if (isApiError(step.error, 401, 403)) for (const watch of this.kinds) this.follow(watch, signal)
        continue
      }
      this.reached(crdResource.plural)
      this.crds.learn(step)
      for (const watch of this.kinds) this.settlePresence(watch, signal)
    }
  }

  /** Starts or ends following a kind, as its CRD says. */
  private settlePresence(watch: KindWatch, signal: AbortSignal): void {
    const { kind } = watch
    const presence = this.crds.presence(kind)
    if (presence.is === 'unknown') return
    if (presence.is === 'present') {
      this.follow(watch, signal)
      return
    }
    watch.following?.abort()
    watch.following = undefined
    if (presence.is === 'outdated')
      this.complain(
        watch,
        `its CRD is of release ${presence.release}, and ${kind.minBundle} is the oldest that will do`,
      )
    else if (!kind.mayBeAbsent) this.complain(watch, `the CRD ${crdName(kind)} is not installed; install our CRD chart`)
    this.tellAbsence(watch)
  }

  /** Of a kind that must exist, the first word is awaited: better not ready than ready without it. */
  private tellAbsence(watch: KindWatch): void {
    const { kind, hasBeenTold, isEmpty } = watch
    this.state(kind, 'absent')
    if (isEmpty || (!hasBeenTold && !kind.mayBeAbsent)) return
    this.emitWhole(watch, [])
  }

  private follow(watch: KindWatch, signal: AbortSignal): void {
    if (watch.following !== undefined || signal.aborted) return
    const following = new AbortController()
    watch.following = following
    if (!watch.hasBeenTold) this.state(watch.kind, 'waiting')
    void this.reflectKind(watch, following.signal)
  }

  private async reflectKind(watch: KindWatch, signal: AbortSignal): Promise<void> {
    const { client } = this.options
    const { hasStreamedLists, time } = this
    const { kind } = watch
    const trim = (object: KubeObject): KubeObject => trimmed(kind, object)
    const options = { client, resource: kind, fieldSelector: kind.fieldSelector, hasStreamedLists, trim, time }
    for await (const step of reflect(options, signal)) {
      if (signal.aborted) return
      if (step.step === 'failed') {
        this.failed(kind.plural, step.error, step.failures)
        const { state = 'waiting' } = this.output.states.get(kind.collection) ?? {}
        this.state(kind, state, errorText(step.error))
        if (isApiError(step.error, 401, 403) && step.failures >= patience) this.forbidden(watch)
        continue
      }
      this.reached(kind.plural)
      if (step.step === 'missing') {
        await this.missing(watch, signal)
        continue
      }
      watch.complaint = ''
      this.state(kind, 'synced')
      if (step.step === 'whole') this.emitWhole(watch, step.objects)
      else if (step.step === 'changes') this.emitChanges(watch, step.changes)
    }
  }

  /** A CRD that has just been made is served a moment later; one that never serves our version counts as absent. */
  private async missing(watch: KindWatch, signal: AbortSignal): Promise<void> {
    const { kind, hasBeenTold } = watch
    if (hasBeenTold) return
    if (this.crds.presence(kind).is === 'present') {
      try {
        const crd = await this.options.client.get(crdResource, { name: crdName(kind) }, signal)
        if (crd === undefined || servesVersion(crd, kind.version)) return
      } catch {
        // Asked again after the next attempt to list.
        return
      }
      if (signal.aborted) return
      this.complain(watch, `its CRD does not serve version ${kind.version}`)
    }
    this.tellAbsence(watch)
  }

  /** Kinds of others that we are not allowed to read count as absent: serving must not wait for them. */
  private forbidden(watch: KindWatch): void {
    const { kind, hasBeenTold } = watch
    if (hasBeenTold || !kind.mayBeAbsent || essential.has(kind.group)) return
    this.complain(watch, 'our ServiceAccount is not allowed to list it')
    this.tellAbsence(watch)
  }

  private emitWhole(watch: KindWatch, objects: readonly KubeObject[]): void {
    const { kind } = watch
    watch.hasBeenTold = true
    watch.isEmpty = objects.length === 0
    const whole = new Map<string, KubeObject>()
    const live = new Map<string, KubeObject>()
    for (const raw of objects) {
      const key = keyIn(kind, raw.metadata)
      const admitted = atTheDoor(kind, raw)
      whole.set(key, admitted.object)
      if (admitted.live !== undefined) live.set(key, admitted.live)
    }
    const batch: Batch = { replace: kind.collection, objects: whole }
    this.output.emit(kind.writesStatus ? [batch, { replace: liveCollection(kind), objects: live }] : [batch])
  }

  private emitChanges(watch: KindWatch, changes: readonly ObjectChange[]): void {
    const { kind } = watch
    watch.isEmpty = false
    const edits: Edit[] = []
    const liveEdits: Edit[] = []
    for (const { isDeleted, object: raw } of changes) {
      const key = keyIn(kind, raw.metadata)
      const admitted = isDeleted ? undefined : atTheDoor(kind, raw)
      edits.push({ collection: kind.collection, key, object: admitted?.object })
      if (kind.writesStatus) liveEdits.push({ collection: liveCollection(kind), key, object: admitted?.live })
    }
    this.output.emit(kind.writesStatus ? [{ apply: edits }, { apply: liveEdits }] : [{ apply: edits }])
  }

  private state({ collection }: WatchedKind, state: KindState['state'], error = ''): void {
    this.output.states.set(collection, { collection, state, error })
  }

  /** Says once what a user can do something about. */
  private complain(watch: KindWatch, why: string): void {
    if (watch.complaint === why) return
    watch.complaint = why
    const { kind, mayBeAbsent } = watch.kind
    if (mayBeAbsent) this.options.log.warn({ kind }, `${kind} is not read: ${why}`)
    else this.options.log.error({ kind }, `not ready without ${kind}: ${why}`)
  }

  /** One line when the API server is lost, not one per kind; a watch that merely has to begin again is none. */
  private failed(what: string, error: unknown, failures: number): void {
    if (failures < 2 || this.unreachable.has(what)) return
    const isFirst = this.unreachable.size === 0
    this.unreachable.add(what)
    const fields = { what, error: errorText(error) }
    if (isApiError(error, 401, 403)) this.options.log.error(fields, 'not allowed to read; what was read before stays')
    else if (isFirst) this.options.log.warn(fields, 'the API server cannot be read; what was read before stays in use')
    else this.options.log.debug(fields, 'cannot be read either')
  }

  private reached(what: string): void {
    if (!this.unreachable.delete(what) || this.unreachable.size > 0) return
    this.options.log.info({}, 'the API server can be read again')
  }
}

function collectionsOf(kind: WatchedKind): readonly string[] {
  return kind.writesStatus ? [kind.collection, liveCollection(kind)] : [kind.collection]
}
