// Which kinds a cluster has: what its CustomResourceDefinitions say. Only their absence from a list that succeeded, or the
// news of their deletion, means that a kind is gone; an error means nothing.
import type { KubeObject } from '../../kube/object.ts'
import type { WatchedKind } from './kinds.ts'
import type { Step } from './reflector.ts'

/** What is known of a kind in a cluster. */
export type Presence =
  | { readonly is: 'unknown' }
  | { readonly is: 'absent' }
  /** It is there, but of a release that lacks what we need. */
  | { readonly is: 'outdated'; readonly release: string }
  | { readonly is: 'present' }

/** Where CustomResourceDefinitions are. */
export const crdResource = {
  group: 'apiextensions.k8s.io',
  version: 'v1',
  plural: 'customresourcedefinitions',
  namespaced: false,
} as const

/** Name of the annotation that says which release of Gateway API a CRD is from. */
const bundleAnnotation = 'gateway.networking.k8s.io/bundle-version'

/** Groups that every API server has by itself. */
const builtIn = new Set(['', 'discovery.k8s.io'])

/** Whether a kind comes with a CRD. */
export function hasCrd(kind: WatchedKind): boolean {
  return !builtIn.has(kind.group)
}

/** Name of a kind's CRD. */
export function crdName(kind: WatchedKind): string {
  return `${kind.plural}.${kind.group}`
}

/** What a cluster's CRDs say about kinds. */
export class Crds {
  private readonly bundles = new Map<string, string>()
  private isComplete = false

  /** Takes what a reflector of CRDs learned. */
  learn(step: Step): void {
    if (step.step === 'whole') {
      this.isComplete = true
      this.bundles.clear()
      for (const object of step.objects) this.bundles.set(object.metadata.name, bundleOf(object))
    } else if (step.step === 'changes') {
      for (const { isDeleted, object } of step.changes) {
        if (isDeleted) this.bundles.delete(object.metadata.name)
        else this.bundles.set(object.metadata.name, bundleOf(object))
      }
    }
  }

  presence(kind: WatchedKind): Presence {
    if (!hasCrd(kind)) return { is: 'present' }
    if (!this.isComplete) return { is: 'unknown' }
    const bundle = this.bundles.get(crdName(kind))
    if (bundle === undefined) return { is: 'absent' }
    if (kind.minBundle === undefined || isAtLeast(bundle, kind.minBundle)) return { is: 'present' }
    return { is: 'outdated', release: bundle === '' ? 'one that does not say which' : bundle }
  }
}

/** Whether a CRD serves a version, as far as its object says. */
export function servesVersion(crd: KubeObject, version: string): boolean {
  // A CRD, as its schema says.
  const { spec } = crd as KubeObject & {
    readonly spec?: { readonly versions?: readonly { readonly name: string; readonly served: boolean }[] }
  }
  return (spec?.versions ?? []).some(({ name, served }) => name === version && served)
}

function bundleOf(crd: KubeObject): string {
  return crd.metadata.annotations?.[bundleAnnotation] ?? ''
}

/** Whether `v1.6.1-rc.1` is from `1.6` on; what is no version is not. */
function isAtLeast(bundle: string, least: string): boolean {
  const match = /^v?(\d+)\.(\d+)/.exec(bundle)
  const [leastMajor = 0, leastMinor = 0] = least.split('.').map(Number)
  const [major, minor] = [Number(match?.[1] ?? -1), Number(match?.[2] ?? -1)]
  return major > leastMajor || (major === leastMajor && minor >= leastMinor)
}
