// The GatewayClass that the controller creates in a cluster exists for folders as well, unless they define it.
import type { Source } from '../engine/collection.ts'
import type { KubeObject } from '../kube/object.ts'
import type { TranslateSettings } from '../translate/settings.ts'

/** The built-in class. */
export function impliedClass({ className, controllerName }: TranslateSettings): KubeObject {
  const object = {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'GatewayClass',
    metadata: { name: className, generation: 1 },
    spec: { controllerName, description: 'Specialized class for agentgateway.' },
  }
  return object
}

/** GatewayClasses that never lack the built-in one. */
export function withImpliedClass(classes: Source<KubeObject>, settings: TranslateSettings): Source<KubeObject> {
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
