// The GatewayClass that the controller creates in a cluster exists for folders as well, unless they define it.
import type { Source } from '../engine/collection.ts'
import type { KubeObject } from '../kube/object.ts'
import type { TranslateSettings } from '../translate/settings.ts'

type Objects = ReadonlyMap<string, ReadonlyMap<string, KubeObject>>

const CLASSES = 'source/gatewayclasses'

function impliedClass({ className, controllerName }: TranslateSettings): KubeObject {
  const object = {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'GatewayClass',
    metadata: { name: className, generation: 1 },
    spec: { controllerName, description: 'Specialized class for agentgateway.' },
  }
  return object
}

/** Whole collections, with the built-in class among the GatewayClasses. */
export function withImpliedClass(collections: Objects, settings: TranslateSettings): Objects {
  const implied = impliedClass(settings)
  const classes = new Map([[implied.metadata.name, implied], ...(collections.get(CLASSES) ?? [])])
  return new Map([...collections, [CLASSES, classes]])
}

/** GatewayClasses that never lack the built-in one, as a place for a source's batches. */
export function neverWithoutClass(classes: Source<KubeObject>, settings: TranslateSettings): Source<KubeObject> {
  const implied = impliedClass(settings)
  const { name } = implied.metadata
  return {
    name: classes.name,
    get: (key) => classes.get(key),
    where: (index, value) => classes.where(index, value),
    list: () => classes.list(),
    observe: (onCommit) => classes.observe(onCommit),
    set: (key, value) => classes.set(key, value),
    delete: (key) => (key === name ? classes.set(key, implied) : classes.delete(key)),
    replace: (entries) => classes.replace([[name, implied] as const, ...entries]),
  }
}
