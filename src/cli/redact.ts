// Secrets out of what commands print: those of resources, as the protocol decides, and the data of Secrets that proxies
// are deployed with. Statuses, problems and addresses hold none.
import { isObject } from '../schema/structure.ts'
import { hidden, resourceWithoutSecrets } from '../wire/secrets.ts'
import type { TranslateOutput } from './translate.ts'

/** The same output without secrets. */
export function redacted(output: TranslateOutput): TranslateOutput {
  const { resources, deployments } = output
  return {
    ...output,
    resources: resources.map((each) => ({ ...each, resource: resourceWithoutSecrets(each.resource) })),
    ...(deployments === undefined
      ? {}
      : { deployments: deployments.map((each) => ({ ...each, objects: each.objects.map(withoutData) })) }),
  }
}

function withoutData(object: unknown): unknown {
  if (!isObject(object) || object.kind !== 'Secret') return object
  const entries = Object.entries(object).map(([field, value]) => [
    field,
    (field === 'data' || field === 'stringData') && isObject(value)
      ? Object.fromEntries(Object.entries(value).map(([key, text]) => [key, hidden(String(text))]))
      : value,
  ])
  return Object.fromEntries(entries)
}
