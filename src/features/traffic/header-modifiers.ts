// Fixed headers that are set, added or removed; values by CEL are a transformation's.
import type { Static } from 'typebox'
import { ok } from '../../core/problem.ts'
import { atLeastOneOf, Doc, List, Obj, Opt, Str, setList } from '../../schema/combinators.ts'
import type { TrafficPolicySpec } from '../../wire/messages.ts'
import { splitTrafficFeature, type TrafficPart } from '../shared/feature.ts'
import { itemsOf } from '../shared/lists.ts'
import { headerValues } from '../shared/refs.ts'

const changes = Obj({
  add: Opt(Doc('Headers to append, beside those of the same name.', headerValues)),
  remove: Opt(Doc('Names of headers to drop.', List(Str(), { maxItems: 16 }, setList))),
  set: Opt(Doc('Headers to replace.', headerValues)),
})

type HeaderModifier = NonNullable<TrafficPolicySpec['requestHeaderModifier']>

/** `headerModifiers`: change headers of requests and of responses, each a resource of its own. */
export const headerModifiers = splitTrafficFeature({
  field: 'headerModifiers',
  suffixes: ['header-modifier', 'resp-header-modifier'],
  schema: Obj(
    {
      request: Opt(Doc('Changes to headers of requests.', changes)),
      response: Opt(Doc('Changes to headers of responses.', changes)),
    },
    atLeastOneOf('request', 'response'),
  ),
  translate: ({ request, response }) => {
    const parts: TrafficPart[] = []
    if (request !== undefined) {
      parts.push({ suffix: 'header-modifier', spec: { requestHeaderModifier: wireChanges(request) } })
    }
    if (response !== undefined) {
      parts.push({ suffix: 'resp-header-modifier', spec: { responseHeaderModifier: wireChanges(response) } })
    }
    return ok(parts)
  },
})

function wireChanges(spec: Static<typeof changes>): HeaderModifier {
  return {
    add: itemsOf(spec.add).map(({ name, value }) => ({ name, value })),
    set: itemsOf(spec.set).map(({ name, value }) => ({ name, value })),
    remove: [...itemsOf(spec.remove)],
  }
}
