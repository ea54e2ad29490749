// The whole function for one set of objects: in go objects, out come resources, addresses, merged statuses and problems.
// What the offline commands print and what fixtures compare; the server shares the pipeline, not this.

import { type GatewayKey, splitNameKey, type TypedRef } from '../core/keys.ts'
import { compareStrings } from '../core/order.ts'
import type { Problem } from '../core/problem.ts'
import type { ContainedFailure } from '../engine/collection.ts'
import { groupOf, type KubeObject, keyOf } from '../kube/object.ts'
import { atTheDoor } from '../sources/kubernetes/door.ts'
import { type WatchedKind, watchedKinds } from '../sources/kubernetes/kinds.ts'
import { mergeStatus } from '../status/merge.ts'
import { createPipeline, type Pipeline, type PipelineOptions } from '../translate/pipeline.ts'
import type { TranslateSettings } from '../translate/settings.ts'
import { SHARED } from '../wire/entry.ts'
import { encodedToJson } from '../wire/protojson.ts'

/** A resource of one gateway, as `translate` prints it. */
export interface PrintedResource {
  readonly gateway: { readonly name: string; readonly namespace: string }
  readonly name: string
  readonly version: string
  readonly owners: readonly TypedRef[]
  readonly resource: unknown
}

/** An address, as `translate` prints it. */
export interface PrintedAddress {
  readonly name: string
  readonly version: string
  readonly address: unknown
}

/** The status of one object, merged with the one it had. */
export interface PrintedStatus {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: { readonly name: string; readonly namespace?: string }
  readonly status: unknown
}

/** A problem that translation found. */
export interface FoundProblem extends Problem {
  readonly object: TypedRef
}

/** Everything that a set of objects becomes, sorted as `translate` prints it. */
export interface RunResult {
  readonly resources: readonly PrintedResource[]
  readonly addresses: readonly PrintedAddress[]
  readonly statuses: readonly PrintedStatus[]
  readonly problems: readonly FoundProblem[]
  readonly failures: readonly ContainedFailure[]
}

/** A pipeline without sources: objects are set and deleted by hand. */
export interface Run {
  readonly pipeline: Pipeline
  /** Sets objects; one of a kind that nobody watches is returned. */
  set(objects: Iterable<KubeObject>): readonly KubeObject[]
  delete(objects: Iterable<KubeObject>): void
  /** Sets whole collections, live ones included, as sources deliver them. */
  setCollections(collections: ReadonlyMap<string, ReadonlyMap<string, KubeObject>>): void
  result(now: string): RunResult
}

/** The table row of an object's kind, whatever its version. */
export function watchedKind(object: { readonly apiVersion: string; readonly kind: string }): WatchedKind | undefined {
  return watchedKinds.find(({ group, kind }) => kind === object.kind && group === groupOf(object.apiVersion))
}

/** An empty run. */
export function createRun(settings: TranslateSettings, options: PipelineOptions = {}): Run {
  const pipeline = createPipeline(settings, options)
  const live = new Map<string, unknown>()
  return {
    pipeline,
    set: (objects) => {
      const unknown: KubeObject[] = []
      for (const raw of objects) {
        const kind = watchedKind(raw)
        const source = kind === undefined ? undefined : pipeline.source(kind.collection)
        if (kind === undefined || source === undefined) {
          unknown.push(raw)
          continue
        }
        const admitted = atTheDoor(kind, raw)
        source.set(keyOf(raw), admitted.object)
        live.set(liveKey(raw), admitted.live?.status)
      }
      return unknown
    },
    delete: (objects) => {
      for (const object of objects) {
        const kind = watchedKind(object)
        if (kind !== undefined) pipeline.source(kind.collection)?.delete(keyOf(object))
        live.delete(liveKey(object))
      }
    },
    setCollections: (collections) => {
      for (const [name, objects] of collections) {
        pipeline.source(name)?.replace(objects)
        if (!name.startsWith('live/')) continue
        for (const object of objects.values()) {
          // Live objects carry the status that the door took off.
          live.set(liveKey(object), (object as { readonly status?: unknown }).status)
        }
      }
    },
    result: (now) => resultOf(pipeline, { live, now, controllerName: settings.controllerName }),
  }
}

/** A resource as everything prints it. */
export function printedGateway(gateway: GatewayKey): PrintedResource['gateway'] {
  const { namespace, name } = splitNameKey(gateway)
  return { name, namespace }
}

function resultOf(
  pipeline: Pipeline,
  context: { readonly live: ReadonlyMap<string, unknown>; readonly now: string; readonly controllerName: string },
): RunResult {
  const entries = pipeline.xds.list()
  const resources = entries
    .filter(({ scope }) => scope !== SHARED)
    .map(({ scope, encoded, owners }) => ({
      gateway: printedGateway(scope),
      name: encoded.name,
      version: encoded.version,
      owners,
      resource: encodedToJson(encoded),
    }))
    .toSorted(
      (a, b) =>
        compareStrings(a.gateway.namespace, b.gateway.namespace) ||
        compareStrings(a.gateway.name, b.gateway.name) ||
        compareStrings(a.name, b.name),
    )
  const addresses = entries
    .filter(({ scope }) => scope === SHARED)
    .map(({ encoded }) => ({ name: encoded.name, version: encoded.version, address: encodedToJson(encoded) }))
    .toSorted((a, b) => compareStrings(a.name, b.name))
  const statuses = pipeline.statuses
    .list()
    .map((draft) => {
      const { kind, namespace, name } = draft.object
      return {
        apiVersion: draft.apiVersion,
        kind,
        metadata: namespace === '' ? { name } : { name, namespace },
        status: mergeStatus(draft, context.live.get(`${kind}/${namespace}/${name}`), context),
      }
    })
    .toSorted(
      (a, b) =>
        compareStrings(a.kind, b.kind) ||
        compareStrings(a.metadata.namespace ?? '', b.metadata.namespace ?? '') ||
        compareStrings(a.metadata.name, b.metadata.name),
    )
  const problems = pipeline.translations
    .list()
    .flatMap(({ object, problems }) => problems.map((problem) => ({ ...problem, object })))
  return { resources, addresses, statuses, problems, failures: pipeline.graph.failures() }
}

function liveKey({ kind, metadata }: KubeObject): string {
  return `${kind}/${metadata.namespace ?? ''}/${metadata.name}`
}
