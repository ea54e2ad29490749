// Manifests as text through the whole program, offline: what they become, and how they change.
import { withImpliedClass } from '../../src/cli/implied-class.ts'
import { createRun, type PrintedResource, type RunResult } from '../../src/cli/run.ts'
import { admitBy, offlineValidator } from '../../src/cli/verdicts.ts'
import { type Manifests, readManifests } from '../../src/sources/manifests/folder.ts'
import { DEFAULT_TRANSLATE_SETTINGS } from '../../src/translate/settings.ts'

/** A world that manifests can be put into again and again. */
export interface World {
  /** Replaces everything by what these manifests say. */
  apply(...texts: readonly string[]): Promise<Seen>
}

/** What there is to see after a commit. */
export interface Seen extends RunResult {
  readonly manifests: Manifests
  /** Statuses by `Kind namespace/name`. */
  readonly statusOf: (object: string) => Status
  /** Resources of a gateway by name, their content only. */
  readonly resourcesOf: (gateway: string) => Readonly<Record<string, unknown>>
}

/** As far as tests look at statuses. */
export interface Status {
  readonly conditions?: readonly Condition[]
  readonly ancestors?: readonly { readonly ancestorRef: object; readonly conditions: readonly Condition[] }[]
  readonly parents?: readonly { readonly conditions: readonly Condition[] }[]
  readonly [field: string]: unknown
}

/** One condition. */
export interface Condition {
  readonly type: string
  readonly status: string
  readonly reason: string
  readonly message: string
}

const now = '2026-01-01T00:00:00Z'

/** An empty world. */
export function createWorld(settings = DEFAULT_TRANSLATE_SETTINGS): World {
  const run = createRun(settings)
  return {
    apply: async (...texts) => {
      const manifests = await manifestsOf(texts.join('\n---\n'))
      run.setCollections(withImpliedClass(manifests.collections, settings))
      await run.pipeline.graph.commit()
      const result = run.result(now)
      if (result.failures.length > 0) throw new Error(JSON.stringify(result.failures))
      return {
        ...result,
        manifests,
        statusOf: (object) => {
          const found = result.statuses.find(({ kind, metadata }) => {
            const name = metadata.namespace === undefined ? metadata.name : `${metadata.namespace}/${metadata.name}`
            return `${kind} ${name}` === object
          })
          // A status is what the merge prints.
          return (found?.status ?? {}) as Status
        },
        resourcesOf: (gateway) =>
          Object.fromEntries(
            result.resources
              .filter((each) => `${each.gateway.namespace}/${each.gateway.name}` === gateway)
              .map(({ name, resource }) => [name, resource]),
          ),
      }
    },
  }
}

/** Reads manifests as the offline commands do. */
export function manifestsOf(text: string): Promise<Manifests> {
  return readManifests({ paths: ['-'], stdin: async () => text, admit: admitBy(offlineValidator([])) })
}

/** Everything one set of manifests becomes. */
export function translated(...texts: readonly string[]): Promise<Seen> {
  return createWorld().apply(...texts)
}

/** Conditions as `Type=Status/Reason`. */
export function short(conditions: readonly Condition[] | undefined): readonly string[] {
  return (conditions ?? []).map(({ type, status, reason }) => `${type}=${status}/${reason}`)
}

/** Resources without what differs between two ways of writing the same. */
export function contents(resources: readonly PrintedResource[]): readonly unknown[] {
  return resources.map(({ gateway, name, version, resource }) => ({ gateway, name, version, resource }))
}
