// Label selection as the API server does it. Decides nothing about which labels matter.
import { checkLabelValue, checkQualifiedName } from '../core/name-rules.ts'
import type { KubeObject, LabelSelector } from './object.ts'

type Labels = Readonly<Record<string, string>> | undefined

/** Why a selector cannot be evaluated, in Kubernetes' own words; undefined when it can. */
export function selectorError({ matchLabels, matchExpressions }: LabelSelector): string | undefined {
  for (const [key, value] of Object.entries(matchLabels ?? {}).sort(([a], [b]) => (a < b ? -1 : 1))) {
    const error = requirementError(key, [], [value])
    if (error !== undefined) return error
  }
  for (const { key, operator, values } of matchExpressions ?? []) {
    const found: string[] = []
    switch (operator) {
      case 'In':
      case 'NotIn':
        if (!values?.length)
          found.push("values: Invalid value: []: for 'in', 'notin' operators, values set can't be empty")
        break
      case 'Exists':
      case 'DoesNotExist':
        if (values?.length)
          found.push(
            `values: Invalid value: ${JSON.stringify(values)}: values set must be empty for exists and does not exist`,
          )
        break
      default:
        return `"${operator}" is not a valid label selector operator`
    }
    const error = requirementError(key, found, values ?? [])
    if (error !== undefined) return error
  }
  return undefined
}

// What is wrong with one requirement: its key, what was found between key and values, then each of its values.
function requirementError(key: unknown, between: readonly string[], values: readonly unknown[]): string | undefined {
  const label = String(key)
  const errors = [
    ...invalid('key', label, checkQualifiedName(label)),
    ...between,
    ...values.flatMap((value, i) => invalid(`values[${i}][${label}]`, String(value), checkLabelValue(String(value)))),
  ]
  return errors.length > 1 ? `[${errors.join(', ')}]` : errors[0]
}

function invalid(field: string, value: string, sentences: readonly string[]): readonly string[] {
  return sentences.length === 0 ? [] : [`${field}: Invalid value: ${JSON.stringify(value)}: ${sentences.join('; ')}`]
}

/**
 * The index of objects that are selected by labels: an object is filed under its namespace and under each of its labels
 * there, so that whoever selects some sees nothing of changes to others.
 */
export const byLabels = {
  labels: ({ metadata }: KubeObject): readonly string[] => {
    const namespace = metadata.namespace ?? ''
    return [namespace, ...Object.entries(metadata.labels ?? {}).map(([key, value]) => filed(namespace, key, value))]
  },
}

/** Where that index has all objects of a namespace that may carry these labels. */
export function labelBucket(namespace: string, labels: Labels): string {
  const [label] = Object.entries(labels ?? {}).sort(([a], [b]) => (a < b ? -1 : 1))
  return label === undefined ? namespace : filed(namespace, label[0], label[1])
}

function filed(namespace: string, label: string, value: unknown): string {
  return `${namespace}|${label}=${value}`
}

/** Whether labels satisfy a selector; an empty selector matches everything, an invalid one nothing. */
export function matchesSelector(selector: LabelSelector, labels: Labels): boolean {
  // Labels that cannot be are carried by nothing; only expressions could match in spite of a mistake.
  if (selector.matchExpressions?.length && selectorError(selector) !== undefined) return false
  for (const [key, value] of Object.entries(selector.matchLabels ?? {})) if (labels?.[key] !== value) return false
  for (const { key, operator, values } of selector.matchExpressions ?? []) {
    const value = labels?.[key]
    const matches =
      operator === 'In'
        ? value !== undefined && (values ?? []).includes(value)
        : operator === 'NotIn'
          ? value === undefined || !(values ?? []).includes(value)
          : operator === 'Exists'
            ? value !== undefined
            : value === undefined
    if (!matches) return false
  }
  return true
}
