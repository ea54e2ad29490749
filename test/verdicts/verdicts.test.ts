// Verdicts on recorded objects, which a real API server confirms in test/apiserver/verdicts.test.ts; and that every rule of the
// CRDs has objects that break and keep it.
import { performance } from 'node:perf_hooks'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { rulesOf } from '../../src/schema/cel/rules.ts'
import type { StructuralSchema } from '../../src/schema/crd.ts'
import { createValidator, isCrd } from '../../src/schema/validate.ts'
import { caseFiles, foreignCrds, ourProblems, ownCrds, readCases } from './corpus.ts'
import { placedRules } from './generate.ts'

const validator = createValidator([...ownCrds, ...foreignCrds])
const recorded = caseFiles().map((file) => [file, readCases(file)] as const)

// Rules whose breaking nobody sees: the API server's defaults or an enum come first, or a duplicate is told without words.
const unseen = new Set([
  'at least one of the fields in [message statusCode] must be set',
  "type must be one of ['Exact', 'PathPrefix', 'RegularExpression']",
  'dup',
])

test.skipIf(foreignCrds.length > 0)(
  'SKIPPED: set CRDS_DIR to check verdicts on objects of the Gateway API',
  (context) => {
    context.skip('CRDS_DIR is not set')
  },
)

describe.each(recorded)('%s', (_, cases) => {
  test('gets the verdicts that the API server gives', () => {
    for (const { object, problems } of cases) {
      const ours = ourProblems(validator, object)
      // Without the CRDs of other projects their objects get no verdict.
      if (ours === undefined) continue
      expect({ object, problems: ours }).toEqual({ object, problems })
    }
  })
})

describe.each([...ownCrds, ...foreignCrds].map((crd) => [crd.spec.names.kind, crd] as const))('%s', (kind, crd) => {
  test('has for every rule an object that breaks it and one that keeps it', () => {
    const cases = recorded
      .flatMap(([, each]) => each)
      .filter(({ object }) => JSON.stringify(object).includes(`"kind":"${kind}"`))
    const all = cases.flatMap(({ problems }) => problems)
    for (const { rule, message } of placedRules(crd)) {
      if (rule.includes('oldSelf') || unseen.has(message)) continue
      const broken = all.some((each) => each.includes(message))
      const kept = cases.some((each) => !each.problems.some((problem) => problem.includes(message)))
      // A rule without a message of its own is told by its messageExpression, which generate.ts cannot foresee.
      if (!message.startsWith('failed rule:')) expect([message, broken, kept]).toEqual([message, true, true])
    }
  })

  test('has no rule that cannot be read', () => {
    const visit = (schema: StructuralSchema): number => {
      const inner = [...Object.values(schema.properties ?? {}), schema.items, schema.additionalProperties]
      return inner.reduce<number>(
        (sum, each) => sum + (typeof each === 'object' ? visit(each) : 0),
        rulesOf(schema).length,
      )
    }
    for (const version of crd.spec.versions) expect(visit(version.schema.openAPIV3Schema)).toBeGreaterThanOrEqual(0)
  })
})

test('the corpus has more than three hundred objects', () => {
  expect(recorded.reduce((sum, [, cases]) => sum + cases.length, 0)).toBeGreaterThan(300)
})

test('a thousand policies are judged in a fraction of a second', () => {
  const policy = {
    apiVersion: 'agentgateway.dev/v1alpha1',
    kind: 'AgentgatewayPolicy',
    metadata: { name: 'a' },
    spec: {
      targetRefs: [{ group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', name: 'a' }],
      traffic: {
        transformation: { request: { set: [{ name: 'x-a', value: '"a"' }] } },
        extAuth: { backendRef: { name: 'a', port: 80 }, grpc: {} },
      },
    },
  }
  expect(validator.validate(policy)?.problems).toEqual([])
  const start = performance.now()
  for (let count = 0; count < 1000; count += 1) validator.validate(policy)
  expect(performance.now() - start).toBeLessThan(2000)
})

test('an object is stored with defaults and without what the schema does not know', () => {
  const input = {
    apiVersion: 'test.agentgateway.dev/v1',
    kind: 'Widget',
    metadata: { name: 'a' },
    spec: {
      map: [{ a: 'x' }],
      nn: null,
      maxl: null,
      foo: 1,
      emb: { apiVersion: 'v1', kind: 'X', more: 1 },
      pu: { more: 1, k: { q: 'x', r: 1 } },
    },
  }
  const before = structuredClone(input)
  expect(validator.validate(input)?.object).toEqual({
    ...input,
    spec: {
      map: [{ a: 'x', b: 1 }],
      nn: null,
      nd: 'x',
      defs: { z: { w: 3 } },
      emb: { apiVersion: 'v1', kind: 'X', more: 1 },
      pu: { more: 1, k: { q: 'x' } },
    },
  })
  expect(input).toEqual(before)
})

test('an unknown field is told with the field that was probably meant', () => {
  const verdict = validator.validate({
    apiVersion: 'agentgateway.dev/v1alpha1',
    kind: 'AgentgatewayParameters',
    metadata: { name: 'a', lables: {} },
    spec: { pullPolicy: 'x', image: { regsitry: 'x' }, Logging: {}, zzz: 1, workload: { zzzzzzzz: 1 } },
  })
  expect(verdict?.problems.map(({ path, hint }) => [path, hint])).toEqual([
    ['spec.pullPolicy', 'did you mean image.pullPolicy?'],
    ['spec.image.regsitry', 'did you mean registry?'],
    ['spec.Logging', 'did you mean logging?'],
    ['spec.zzz', undefined],
    ['spec.workload.zzzzzzzz', 'known fields: kind'],
    ['metadata.lables', 'did you mean labels?'],
  ])
})

test.each([
  ['a list', []],
  ['null', null],
  ['text', 'x'],
  ['an unknown kind', { apiVersion: 'v1', kind: 'Nope' }],
  ['no kind', {}],
])('there is no verdict on %s', (_, input) => {
  expect(validator.validate(input)).toBeUndefined()
})

test('keys that JavaScript objects have by themselves are keys like others', () => {
  const text =
    '{"apiVersion":"test.agentgateway.dev/v1","kind":"Widget","metadata":{"name":"a"},"spec":{"constructor":1,"__proto__":{"a":1},"minp":{"constructor":1,"__proto__":2},"cel":{"m":{"constructor":1,"toString":2}}}}'
  const verdict = validator.validate(JSON.parse(text))
  expect(verdict?.problems.map((each) => each.path).toSorted()).toEqual(['spec.__proto__', 'spec.constructor'])
  expect(Object.keys(Object(Object(verdict?.object.spec).minp))).toEqual(['constructor', '__proto__'])
})

// Replaces one value somewhere in an object by anything.
function* mutations(value: unknown, by: unknown): Generator<unknown> {
  yield by
  if (Array.isArray(value)) {
    for (const [index, each] of value.entries()) for (const next of mutations(each, by)) yield value.with(index, next)
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, each] of Object.entries(value))
      for (const next of mutations(each, by)) yield { ...value, [key]: next }
  }
}

test('whatever an object looks like, there is a verdict and no exception', () => {
  const objects = recorded
    .filter(([file]) => !file.startsWith('rules-'))
    .flatMap(([, cases]) => cases.map((each) => each.object))
  for (const object of objects) {
    for (const by of [null, 1.5, 'x', [], [null], {}, { a: { b: [1] } }, true]) {
      for (const each of mutations(object, by)) validator.validate(each)
    }
  }
  fc.assert(
    fc.property(
      fc.jsonValue(),
      fc.constantFrom('Widget', 'AgentgatewayPolicy', 'AgentgatewayBackend'),
      (spec, kind) => {
        const apiVersion = kind === 'Widget' ? 'test.agentgateway.dev/v1' : 'agentgateway.dev/v1alpha1'
        validator.validate({ apiVersion, kind, metadata: spec, spec })
      },
    ),
    { numRuns: 300, seed: 1 },
  )
})

test('a CRD that no API server would take is not used, or fails only its own objects', () => {
  const [widget] = ownCrds.filter((each) => each.spec.names.kind === 'Widget')
  let used = 0
  for (const by of [null, 1, 'x', [], [null], {}]) {
    for (const document of mutations(widget, by)) {
      if (!isCrd(document)) continue
      used += 1
      createValidator([document]).validate({
        apiVersion: 'test.agentgateway.dev/v1',
        kind: 'Widget',
        metadata: { name: 'a' },
        spec: { cel: { x: 1, m: { a: 1 } }, map: [{ a: 'a' }] },
      })
    }
  }
  expect(used).toBeGreaterThan(100)
})
