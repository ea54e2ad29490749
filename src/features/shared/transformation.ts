// Rewriting of headers, body and metadata by CEL, in traffic and towards backends.
import type { Static } from 'typebox'
import type { Outcome, Problem } from '../../core/problem.ts'
import { atLeastOneOf, Dict, Doc, items, List, mapList, Obj, Opt, setList } from '../../schema/combinators.ts'
import type { TrafficPolicySpec } from '../../wire/messages.ts'
import { celFlaws, celFlawsSaying } from './cel.ts'
import { outcome } from './flaws.ts'
import { entriesOf, itemsOf } from './lists.ts'
import { celExpression, headerOrPseudoName } from './refs.ts'

const headers = List(
  Obj({
    name: Doc('Name of the header or pseudo-header.', headerOrPseudoName),
    value: Doc('CEL expression of its value.', celExpression),
  }),
  items(1, 16),
  mapList('name'),
)
const transform = Obj(
  {
    add: Opt(Doc('Headers to append.', headers)),
    body: Opt(Doc('CEL expression of the new body.', celExpression)),
    metadata: Opt(
      Doc('Values that later expressions can read.', Dict(celExpression, { minProperties: 1, maxProperties: 16 })),
    ),
    remove: Opt(Doc('Headers to drop.', List(headerOrPseudoName, items(1, 16), setList))),
    set: Opt(Doc('Headers to replace.', headers)),
  },
  atLeastOneOf('add', 'body', 'metadata', 'remove', 'set'),
)

/** The fields of a transformation: each side is optional. */
export const transformationFields = {
  request: Opt(Doc('Changes to the request.', transform)),
  response: Opt(Doc('Changes to the response.', transform)),
}

type Transform = Static<typeof transform>
type WireTransformation = NonNullable<TrafficPolicySpec['transformation']>
type WireTransform = NonNullable<WireTransformation['request']>

/** A transformation on the wire. A side without content is left out. */
export function translateTransformation(
  spec: { readonly request?: Transform | undefined; readonly response?: Transform | undefined },
  path: string,
): Outcome<WireTransformation> {
  const request = translateSide(spec.request, `${path}.request`)
  const response = translateSide(spec.response, `${path}.response`)
  const value: WireTransformation = {}
  if (request.value !== undefined) value.request = request.value
  if (response.value !== undefined) value.response = response.value
  return outcome(value, [...request.problems, ...response.problems])
}

function translateSide(side: Transform | undefined, path: string): Outcome<WireTransform> {
  if (side === undefined) return outcome<WireTransform>(undefined, [])
  const metadata = entriesOf(side.metadata)
  const problems: Problem[] = [
    ...itemsOf(side.set).flatMap((each, i) => celFlaws(each.value, `${path}.set[${i}].value`, 'header value')),
    ...itemsOf(side.add).flatMap((each, i) =>
      celFlawsSaying('invalid header value', each.value, `${path}.add[${i}].value`),
    ),
    ...celFlaws(side.body, `${path}.body`, 'body value'),
    ...metadata.flatMap(([key, value]) => celFlaws(value, `${path}.metadata[${key}]`, 'metadata value')),
  ]
  const value: WireTransform = {
    set: itemsOf(side.set).map(headerTransformation),
    add: itemsOf(side.add).map(headerTransformation),
    remove: [...itemsOf(side.remove)],
    metadata: Object.fromEntries(metadata),
  }
  if (side.body !== undefined) value.body = { expression: side.body }
  const isEmpty =
    value.set?.length === 0 &&
    value.add?.length === 0 &&
    value.remove?.length === 0 &&
    metadata.length === 0 &&
    value.body === undefined
  return outcome(isEmpty ? undefined : value, problems)
}

function headerTransformation(header: { readonly name: string; readonly value: string }) {
  return { name: header.name, expression: header.value }
}
