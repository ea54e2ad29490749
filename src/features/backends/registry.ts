// The list of backend types. A new type is a file beside this one and a line in both lists; which field wins where an
// unchecked object sets several is the order of the second one.
import { type Outcome, rejected } from '../../core/problem.ts'
import { Doc, Opt } from '../../schema/combinators.ts'
import type { LocatedRef } from '../shared/context.ts'
import { a2a } from './a2a.ts'
import { ai } from './ai.ts'
import { aws } from './aws.ts'
import type { BackendBody, BackendContext, BackendType } from './backend.ts'
import { dynamicForwardProxy } from './dynamic-forward-proxy.ts'
import { mcp } from './mcp.ts'
import { staticBackend } from './static.ts'

/** The fields of which a backend sets exactly one. */
export const backendTypeFields = {
  ai: Opt(Doc('Models behind one or more providers.', ai.schema)),
  static: Opt(Doc('A fixed endpoint.', staticBackend.schema)),
  dynamicForwardProxy: Opt(Doc('The destination that the request itself names.', dynamicForwardProxy.schema)),
  mcp: Opt(Doc('Several MCP servers as one.', mcp.schema)),
  aws: Opt(Doc('A service of AWS.', aws.schema)),
  a2a: Opt(Doc('An agent that speaks A2A.', a2a.schema)),
}

const types: readonly BackendType[] = [staticBackend, a2a, dynamicForwardProxy, mcp, ai, aws]

/** What the type's field refers to. */
export function backendTypeReferences(spec: object, path: string): readonly LocatedRef[] {
  return types.flatMap((type) => type.referencesIn(spec, path))
}

/** What the type's field becomes. */
export function translateBackendType(spec: object, ctx: BackendContext, path: string): Outcome<BackendBody> {
  for (const type of types) {
    const body = type.translateIn(spec, ctx, path)
    if (body !== undefined) return body
  }
  return rejected('TranslationError', path, 'unknown backend')
}
