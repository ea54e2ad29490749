import type { Static } from 'typebox'
import { expect, expectTypeOf, test } from 'vitest'
import {
  AnyJson,
  atLeastOneOf,
  Dict,
  Doc,
  Enum,
  exactlyOneOf,
  fallback,
  Int32,
  IntOrString,
  List,
  length,
  mapList,
  Obj,
  Opt,
  onlyWith,
  range,
  rule,
  Str,
  saying,
  With,
} from './combinators.ts'
import { structural } from './crd.ts'

const shape = Obj(
  {
    name: Doc('Its name.', Str(length(1, 8))),
    mode: Opt(Enum(['On', 'Off'], fallback('On'))),
    size: Opt(IntOrString()),
    tags: Opt(Dict(Str())),
    ports: Opt(List(Obj({ port: Int32(range(1)) }), mapList('port'))),
    extra: Opt(AnyJson()),
  },
  exactlyOneOf('mode', 'size'),
  saying('tags, please', atLeastOneOf('tags')),
  onlyWith('ports.port', 'tags', 'ports require tags'),
  rule('self.name != "x"', 'not x', { fieldPath: '.name' }),
)

test('a schema says the same to TypeScript as to the API server', () => {
  expectTypeOf<Static<typeof shape>>().toEqualTypeOf<{
    name: string
    mode?: 'On' | 'Off'
    size?: number | string
    tags?: Record<string, string>
    ports?: { port: number }[]
    extra?: unknown
  }>()
  expect(structural(shape)).toEqual({
    type: 'object',
    required: ['name'],
    properties: {
      name: { type: 'string', description: 'Its name.', minLength: 1, maxLength: 8 },
      mode: { type: 'string', enum: ['On', 'Off'], default: 'On' },
      size: { anyOf: [{ type: 'integer' }, { type: 'string' }], 'x-kubernetes-int-or-string': true },
      tags: { type: 'object', additionalProperties: { type: 'string' } },
      ports: {
        type: 'array',
        items: {
          type: 'object',
          required: ['port'],
          properties: { port: { type: 'integer', format: 'int32', minimum: 1 } },
        },
        'x-kubernetes-list-type': 'map',
        'x-kubernetes-list-map-keys': ['port'],
      },
      extra: { 'x-kubernetes-preserve-unknown-fields': true },
    },
    'x-kubernetes-validations': [
      {
        rule: '[has(self.mode),has(self.size)].filter(x,x==true).size() == 1',
        message: 'exactly one of the fields in [mode size] must be set',
      },
      { rule: '[has(self.tags)].filter(x,x==true).size() >= 1', message: 'tags, please' },
      { rule: 'has(self.ports) && has(self.ports.port) ? has(self.tags) : true', message: 'ports require tags' },
      { rule: 'self.name != "x"', message: 'not x', fieldPath: '.name' },
    ],
  })
})

test('a rule about a field that the object does not have is not accepted by the compiler', () => {
  // @ts-expect-error there is no field b
  const schema = Obj({ a: Opt(Str()) }, exactlyOneOf('a', 'b'))
  expect(structural(schema)['x-kubernetes-validations']).toHaveLength(1)
})

test('facets added to a reused schema leave it as it was and come after its own rules', () => {
  const base = Str(rule('self != ""', 'first'))
  const more = With(base, rule('self != "b"', 'second'), fallback('c'))
  expect(structural(base)).toEqual({
    type: 'string',
    'x-kubernetes-validations': [{ rule: 'self != ""', message: 'first' }],
  })
  expect(structural(more)).toMatchObject({ default: 'c' })
  expect(structural(more)['x-kubernetes-validations']?.map((each) => each.message)).toEqual(['first', 'second'])
})

test('documentation keeps an optional field optional in either order', () => {
  const both = Obj({ a: Opt(Doc('a', Str())), b: Doc('b', Opt(Str())) })
  expectTypeOf<Static<typeof both>>().toEqualTypeOf<{ a?: string; b?: string }>()
  expect(structural(both).required).toBeUndefined()
})
