// Which namespaces are looked at, where an operator wants only some. What lies in the others is kept apart, unseen, because
// a label may bring it in at any moment and a watch does not tell twice. Without selectors nothing is kept twice.
import { splitNameKey } from '../../core/keys.ts'
import { matchesSelector, selectorError } from '../../kube/labels.ts'
import type { KubeObject, LabelSelector } from '../../kube/object.ts'
import type { Batch, Edit } from '../source.ts'

/** Lets through what is in selected namespaces. */
export interface NamespaceFilter {
  /** What of these batches may be seen, and what they bring into view or take out of it. */
  filter(batches: readonly Batch[]): readonly Batch[]
}

/** Parses the JSON list of label selectors that a setting holds; a text when it is none. */
export function parseSelectors(text: string): readonly LabelSelector[] | string {
  let parsed: unknown
  try {
    parsed = JSON.parse(text === '' ? '[]' : text)
  } catch {
    return 'it is no JSON'
  }
  if (!Array.isArray(parsed)) return 'it is no list'
  for (const [i, selector] of parsed.entries()) {
    if (typeof selector !== 'object' || selector === null) return `[${i}] is no label selector`
    const error = selectorError(selector)
    if (error !== undefined) return `[${i}]: ${error}`
  }
  return parsed
}

/** A filter by label selectors, any of which suffices; without any, all namespaces count. */
export function namespaceFilter(
  selectors: readonly LabelSelector[],
  collections: {
    /** Name of the collection of Namespaces, which is not filtered itself. */
    readonly namespaces: string
    /** Whether a collection's objects are in namespaces. */
    readonly isNamespaced: (collection: string) => boolean
    /** Whether an object is seen wherever it is. */
    readonly isAlwaysSeen: (collection: string, key: string) => boolean
  },
): NamespaceFilter {
  if (selectors.length === 0) return { filter: (batches) => batches }
  const selected = new Set<string>()
  /** Collection → namespace → key → object, selected or not. */
  const known = new Map<string, Map<string, Map<string, KubeObject>>>()
  const matches = (namespace: KubeObject): boolean =>
    selectors.some((selector) => matchesSelector(selector, namespace.metadata.labels))

  const within = (collection: string, namespace: string): Map<string, KubeObject> => {
    let namespaces = known.get(collection)
    if (namespaces === undefined) {
      namespaces = new Map()
      known.set(collection, namespaces)
    }
    let objects = namespaces.get(namespace)
    if (objects === undefined) {
      objects = new Map()
      namespaces.set(namespace, objects)
    }
    return objects
  }

  /** Everything in a namespace comes into view, or goes out of it. */
  const turn = (namespace: string, isSelected: boolean): readonly Edit[] => {
    if (selected.has(namespace) === isSelected) return []
    if (isSelected) selected.add(namespace)
    else selected.delete(namespace)
    return [...known].flatMap(([collection, namespaces]) =>
      [...(namespaces.get(namespace) ?? [])]
        .filter(([key]) => !collections.isAlwaysSeen(collection, key))
        .map(([key, object]) => ({ collection, key, object: isSelected ? object : undefined })),
    )
  }

  const ofNamespaces = (batch: Batch): readonly Batch[] => {
    const edits: Edit[] = []
    if ('replace' in batch) {
      for (const name of selected) if (!batch.objects.has(name)) edits.push(...turn(name, false))
      for (const [name, object] of batch.objects) edits.push(...turn(name, matches(object)))
    } else if ('apply' in batch) {
      for (const { key, object } of batch.apply) edits.push(...turn(key, object !== undefined && matches(object)))
    }
    return edits.length === 0 ? [batch] : [batch, { apply: edits }]
  }

  const ofOthers = (batch: Batch): Batch => {
    if ('replace' in batch) {
      known.delete(batch.replace)
      const objects = new Map<string, KubeObject>()
      for (const [key, object] of batch.objects) {
        const { namespace } = splitNameKey(key)
        within(batch.replace, namespace).set(key, object)
        if (selected.has(namespace) || collections.isAlwaysSeen(batch.replace, key)) objects.set(key, object)
      }
      return { replace: batch.replace, objects }
    }
    if (!('apply' in batch)) return batch
    const apply = batch.apply.filter(({ collection, key, object }) => {
      if (!collections.isNamespaced(collection)) return true
      const { namespace } = splitNameKey(key)
      if (object === undefined) within(collection, namespace).delete(key)
      else within(collection, namespace).set(key, object)
      return selected.has(namespace) || collections.isAlwaysSeen(collection, key)
    })
    return { apply }
  }

  return {
    filter: (batches) =>
      batches.flatMap((batch) => {
        const about = 'replace' in batch ? batch.replace : 'apply' in batch ? batch.apply[0]?.collection : undefined
        if (about === collections.namespaces) return ofNamespaces(batch)
        if (about === undefined || ('replace' in batch && !collections.isNamespaced(about))) return [batch]
        const passed = ofOthers(batch)
        return 'apply' in passed && passed.apply.length === 0 ? [] : [passed]
      }),
  }
}
