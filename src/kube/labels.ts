// Label selection as the API server does it. Decides nothing about which labels matter.
import type { LabelSelector } from './object.ts'

type Labels = Readonly<Record<string, string>> | undefined

/** Why a selector cannot be evaluated, in Kubernetes' own words; undefined when it can. */
export function selectorError(selector: LabelSelector): string | undefined {
  for (const { operator, values } of selector.matchExpressions ?? []) {
    switch (operator) {
      case 'In':
      case 'NotIn':
        if (!values?.length) return "values: Invalid value: []: for 'in', 'notin' operators, values set can't be empty"
        break
      case 'Exists':
      case 'DoesNotExist':
        if (values?.length)
          return `values: Invalid value: ${JSON.stringify(values)}: values set must be empty for exists and does not exist`
        break
      default:
        return `"${operator}" is not a valid label selector operator`
    }
  }
  return undefined
}

/** Whether labels satisfy a selector; an empty selector matches everything, an invalid one nothing. */
export function matchesSelector(selector: LabelSelector, labels: Labels): boolean {
  if (selectorError(selector) !== undefined) return false
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
