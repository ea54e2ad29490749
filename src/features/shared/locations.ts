// Where in a request a credential is read or written.
import type { Problem } from '../../core/problem.ts'
import type { AuthorizationLocation } from '../../wire/messages.ts'
import { celFlaws } from './cel.ts'
import type { ExtractLocation, Location } from './refs.ts'

/** The location on the wire; absent means the proxy's default for the context. */
export function wireLocation(location: ExtractLocation | Location | undefined): AuthorizationLocation | undefined {
  if (location === undefined) return undefined
  if (location.header !== undefined) {
    const { name, prefix } = location.header
    return { header: prefix === undefined ? { name } : { name, prefix } }
  }
  if (location.queryParameter !== undefined) return { queryParameter: { name: location.queryParameter.name } }
  if (location.cookie !== undefined) return { cookie: { name: location.cookie.name } }
  if ('expression' in location && location.expression !== undefined) return { expression: location.expression }
  return undefined
}

/** What is wrong with the expression of a location; `what` says whose location it is. */
export function locationFlaws(location: ExtractLocation | undefined, path: string, what: string): readonly Problem[] {
  return celFlaws(location?.expression, `${path}.expression`, `${what} expression`)
}

/** The name by which messages tell one location from another. */
export function locationName(location: Location | undefined): string {
  return location?.header?.name ?? location?.queryParameter?.name ?? location?.cookie?.name ?? ''
}
