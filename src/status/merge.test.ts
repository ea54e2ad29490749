import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ConditionDraft, ParentStatusDraft, StatusBody, StatusDraft } from '../translate/model.ts'
import type { Json, MergeContext } from './conditions.ts'
import { isWorthWriting, mergeStatus } from './merge.ts'

const OURS = 'agentgateway.dev/agentgateway'
const context: MergeContext = { now: '2026-08-01T00:00:00Z', controllerName: OURS }
const later: MergeContext = { ...context, now: '2026-08-02T00:00:00Z' }
const object = { group: 'g', kind: 'K', namespace: 'n', name: 'o' }

function draft(body: StatusBody, generation = 3): StatusDraft {
  return { object, apiVersion: 'g/v1', generation, body }
}

function yes(type: string, message = ''): ConditionDraft {
  return { type, status: 'True', reason: type, message }
}

function live(type: string, status = 'True', extra: Json = {}): Json {
  return { type, status, reason: type, message: '', lastTransitionTime: '2020-01-01T00:00:00Z', ...extra }
}

function gateway(conditions: readonly ConditionDraft[], extra: Json = {}): StatusDraft {
  return draft({ shape: 'gateway', conditions, listeners: [], attachedListenerSets: 0, ...extra })
}

const success = [yes('Accepted'), yes('Programmed', 'Successfully programmed Gateway')]

describe('conditions', () => {
  it('carry the generation, and none when it is zero', () => {
    const body: StatusBody = { shape: 'conditions', conditions: [yes('Accepted')] }
    expect(mergeStatus(draft(body), undefined, context)).toEqual({
      conditions: [
        {
          type: 'Accepted',
          status: 'True',
          reason: 'Accepted',
          message: '',
          observedGeneration: 3,
          lastTransitionTime: context.now,
        },
      ],
    })
    expect(mergeStatus(draft(body, 0), undefined, context).conditions).toEqual([
      expect.not.objectContaining({ observedGeneration: expect.anything() }),
    ])
  })

  it('keep their time until the status flips', () => {
    const body: StatusBody = { shape: 'conditions', conditions: [yes('Accepted', 'new words')] }
    const kept = mergeStatus(draft(body), { conditions: [live('Accepted')] }, context)
    expect(kept.conditions).toEqual([
      expect.objectContaining({ message: 'new words', lastTransitionTime: '2020-01-01T00:00:00Z' }),
    ])
    const flipped = mergeStatus(draft(body), { conditions: [live('Accepted', 'False')] }, context)
    expect(flipped.conditions).toEqual([expect.objectContaining({ lastTransitionTime: context.now })])
  })

  it('keep the live order, stay when they are foreign, and go when they are ours and no longer drafted', () => {
    const merged = mergeStatus(
      gateway(success),
      { conditions: [live('Custom'), live('Programmed'), live('ResolvedRefs'), live('Accepted')] },
      context,
    )
    expect(typesOf(merged.conditions)).toEqual(['Custom', 'Programmed', 'Accepted'])
  })

  it('survive a live status that is no status', () => {
    for (const broken of [null, 'text', [], { conditions: 'text' }, { conditions: [null, 1, {}] }]) {
      expect(typesOf(mergeStatus(gateway(success), broken, context).conditions)).toContain('Accepted')
    }
  })
})

describe('a Gateway', () => {
  it('keeps its addresses', () => {
    const addresses = [{ value: '1.2.3.4' }]
    expect(mergeStatus(gateway(success), { addresses }, context)).toMatchObject({ addresses, attachedListenerSets: 0 })
  })

  it('matches listeners by name, and forgets those that are gone', () => {
    const listeners = [{ name: 'b', attachedRoutes: 2, supportedKinds: [], conditions: [yes('Accepted')] }]
    const merged = mergeStatus(
      gateway(success, { listeners }),
      {
        listeners: [
          { name: 'a', conditions: [live('Accepted', 'False')] },
          { name: 'b', conditions: [live('Accepted')] },
        ],
      },
      context,
    )
    expect(merged.listeners).toEqual([
      {
        name: 'b',
        attachedRoutes: 2,
        supportedKinds: [],
        conditions: [expect.objectContaining({ lastTransitionTime: '2020-01-01T00:00:00Z' })],
      },
    ])
  })

  const failed = live('Programmed', 'False', { reason: 'DeploymentFailed', observedGeneration: 3 })
  const invalid = live('Accepted', 'False', { reason: 'InvalidParameters', message: 'no', observedGeneration: 3 })

  it('keeps a failed deployment of this generation until the deployer is heard', () => {
    const before = { conditions: [live('Accepted'), failed] }
    expect(reasonsOf(mergeStatus(gateway(success), before, context))).toEqual(['Accepted', 'DeploymentFailed'])
    const known = gateway(success, { isDeploymentKnown: true })
    expect(reasonsOf(mergeStatus(known, before, context))).toEqual(['Accepted', 'Programmed'])
  })

  it('forgets a failed deployment of an older generation', () => {
    const before = { conditions: [live('Accepted'), { ...failed, observedGeneration: 2 }] }
    expect(reasonsOf(mergeStatus(gateway(success), before, context))).toEqual(['Accepted', 'Programmed'])
  })

  it('is not programmed while its parameters are invalid', () => {
    const merged = mergeStatus(gateway(success), { conditions: [invalid, live('Programmed')] }, context)
    expect(reasonsOf(merged)).toEqual(['InvalidParameters', 'Invalid'])
    expect(merged.conditions).toEqual([expect.anything(), expect.objectContaining({ message: 'no' })])
  })

  it('keeps its own objection to being programmed beside invalid parameters', () => {
    const unusable: ConditionDraft = { type: 'Programmed', status: 'False', reason: 'AddressNotUsable', message: '' }
    const merged = mergeStatus(gateway([yes('Accepted'), unusable]), { conditions: [invalid] }, context)
    expect(reasonsOf(merged)).toEqual(['InvalidParameters', 'AddressNotUsable'])
  })
})

describe('a ListenerSet', () => {
  it('leaves out empty lists', () => {
    const empty = mergeStatus(draft({ shape: 'listenerset', conditions: [], listeners: [] }), undefined, context)
    expect(JSON.parse(JSON.stringify(empty))).toEqual({ conditions: [] })
    const listeners = [{ name: 'a', attachedRoutes: 0, supportedKinds: [], conditions: [] }]
    const one = mergeStatus(draft({ shape: 'listenerset', conditions: [], listeners }), undefined, context)
    expect(one.listeners).toEqual([{ name: 'a', attachedRoutes: 0, conditions: [] }])
  })
})

describe('a GatewayClass', () => {
  it('lists features by name', () => {
    const body: StatusBody = { shape: 'gatewayclass', conditions: [yes('Accepted')], supportedFeatures: ['A', 'B'] }
    expect(mergeStatus(draft(body), undefined, context).supportedFeatures).toEqual([{ name: 'A' }, { name: 'B' }])
  })
})

describe('a route', () => {
  const ref = { group: 'gateway.networking.k8s.io', kind: 'Gateway', namespace: 'n', name: 'gw' }
  const ours: ParentStatusDraft = { ref, conditions: [yes('Accepted')] }
  const foreign = { controllerName: 'other', parentRef: { name: 'gw', namespace: 'n' }, conditions: [live('Ready')] }

  it('keeps parents of other controllers, also of the same Gateway, and takes nothing from them', () => {
    const merged = mergeStatus(draft({ shape: 'route', parents: [ours] }), { parents: [foreign] }, context)
    expect(merged.parents).toEqual([
      foreign,
      { controllerName: OURS, parentRef: ref, conditions: [expect.objectContaining({ type: 'Accepted' })] },
    ])
  })

  it('drops parents that are no longer ours, and keeps foreign conditions on those that are', () => {
    const stale = { controllerName: OURS, parentRef: { name: 'old' }, conditions: [] }
    const entry = { controllerName: OURS, parentRef: ref, conditions: [live('Accepted'), live('Dns')] }
    const merged = mergeStatus(draft({ shape: 'route', parents: [ours] }), { parents: [stale, entry] }, context)
    expect(merged.parents).toHaveLength(1)
    expect(typesOf(listOf(merged.parents)[0]?.conditions)).toEqual(['Accepted', 'Dns'])
  })

  it('of another controller is left alone', () => {
    const nothing = draft({ shape: 'route', parents: [] })
    for (const before of [undefined, { parents: [foreign] }]) {
      expect(isWorthWriting(nothing, before, mergeStatus(nothing, before, context), context)).toBe(false)
    }
    const stale = { parents: [{ controllerName: OURS, parentRef: { name: 'old' }, conditions: [] }] }
    expect(isWorthWriting(nothing, stale, mergeStatus(nothing, stale, context), context)).toBe(true)
  })

  it('are not written again for their order among those of others, or two controllers would write for ever', () => {
    const body: StatusBody = { shape: 'route', parents: [{ ref: { name: 'gw' }, conditions: [yes('Accepted')] }] }
    const theirs = { controllerName: 'other', parentRef: { name: 'x' }, conditions: [] }
    const ours = mergeStatus(draft(body), undefined, context).parents as readonly Json[] // it writes a list
    const swapped = { parents: [...ours, theirs] }
    const next = mergeStatus(draft(body), swapped, later)
    expect(next.parents).toEqual([theirs, ...ours])
    expect(isWorthWriting(draft(body), swapped, next, later)).toBe(false)
    const without = mergeStatus(draft(body), { parents: [theirs] }, later)
    expect(isWorthWriting(draft(body), { parents: [theirs] }, without, later)).toBe(true)
  })
})

describe('an InferencePool', () => {
  it('loses the placeholder that no controller wrote', () => {
    const before = { parents: [{ parentRef: { kind: 'Status', name: 'default' }, conditions: [] }] }
    expect(mergeStatus(draft({ shape: 'inferencepool', parents: [] }), before, context)).toEqual({ parents: [] })
  })

  it('takes a live ref with its defaults filled in for its own, and writes nothing', () => {
    const unreached = draft({
      shape: 'inferencepool',
      parents: [{ ref: { kind: 'Status', name: 'default' }, conditions: [yes('Accepted')] }],
    })
    const stored = {
      parents: [
        {
          parentRef: { group: 'gateway.networking.k8s.io', kind: 'Status', name: 'default' },
          controllerName: OURS,
          conditions: [live('Accepted', 'True', { observedGeneration: 3 })],
        },
      ],
    }
    expect(isWorthWriting(unreached, stored, mergeStatus(unreached, stored, context), context)).toBe(false)
  })
})

describe('a policy', () => {
  const entry = (name: string, controllerName: string): Json => ({
    ancestorRef: { name },
    controllerName,
    conditions: [],
  })
  const ancestor = (name: string): ParentStatusDraft => ({ ref: { name }, conditions: [yes('Accepted')] })
  const names = (status: Json): readonly unknown[] =>
    listOf(status.ancestors).map(({ ancestorRef }) => (ancestorRef as Json).name)

  it('replaces its ancestors in place among those of others', () => {
    const before = { ancestors: [entry('gone', OURS), entry('b', OURS), entry('x', 'other')] }
    const next = mergeStatus(draft({ shape: 'policy', ancestors: [ancestor('a'), ancestor('b')] }), before, context)
    expect(names(next)).toEqual(['b', 'x', 'a'])
  })

  it('sums up what does not fit into sixteen entries', () => {
    const many = Array.from({ length: 20 }, (_, i) => ancestor(`gw-${i}`))
    const next = mergeStatus(draft({ shape: 'policy', ancestors: many }), undefined, context)
    expect(names(next)).toHaveLength(16)
    expect(listOf(next.ancestors).at(-1)).toMatchObject({
      ancestorRef: { group: 'agentgateway.dev', name: 'StatusSummary' },
      conditions: [
        {
          type: 'StatusSummarized',
          status: 'True',
          reason: 'StatusSummary',
          message: '5 AncestorRefs ignored due to max status size',
        },
      ],
    })
  })

  it('takes a live ref with its defaults filled in for its own, and writes nothing', () => {
    const summary = draft({
      shape: 'policy',
      ancestors: [{ ref: { group: 'agentgateway.dev', name: 'StatusSummary' }, conditions: [yes('Accepted')] }],
    })
    const stored = {
      ancestors: [
        {
          ancestorRef: { group: 'agentgateway.dev', kind: 'Gateway', name: 'StatusSummary' },
          controllerName: OURS,
          conditions: [live('Accepted', 'True', { observedGeneration: 3 })],
        },
      ],
    }
    expect(isWorthWriting(summary, stored, mergeStatus(summary, stored, context), context)).toBe(false)
  })

  it('gives way when others fill all sixteen entries', () => {
    const before = { ancestors: Array.from({ length: 16 }, (_, i) => entry(`x-${i}`, 'other')) }
    const next = mergeStatus(draft({ shape: 'policy', ancestors: [ancestor('a')] }), before, context)
    expect(next).toEqual(before)
  })
})

const types = fc.constantFrom('Accepted', 'Programmed', 'ResolvedRefs', 'Attached', 'Custom')
const reasons = fc.constantFrom('Accepted', 'Programmed', 'Invalid', 'InvalidParameters', 'DeploymentFailed')
const drafts = fc.uniqueArray(
  fc.record<ConditionDraft>({
    type: types,
    status: fc.constantFrom('True', 'False', 'Unknown'),
    reason: reasons,
    message: fc.constantFrom('', 'm'),
  }),
  { selector: ({ type }) => type, maxLength: 4 },
)
const liveConditions = fc.array(
  fc.record({
    type: types,
    status: fc.constantFrom('True', 'False', 'Unknown'),
    reason: reasons,
    message: fc.constantFrom('', 'm'),
    observedGeneration: fc.integer({ min: 1, max: 4 }),
    lastTransitionTime: fc.constant('2020-01-01T00:00:00Z'),
  }),
  { maxLength: 4 },
)
const refNames = fc.constantFrom(...Array.from({ length: 24 }, (_, i) => `gw-${i}`), 'StatusSummary')
const refs = refNames.map((name) => (name === 'StatusSummary' ? { group: 'agentgateway.dev', name } : { name }))
const parents = fc.uniqueArray(fc.record<ParentStatusDraft>({ ref: refs, conditions: drafts }), {
  selector: ({ ref }) => ref.name,
  maxLength: 24,
})
const liveParents = fc.array(
  fc.record({
    parentRef: refs,
    ancestorRef: refs,
    controllerName: fc.constantFrom(OURS, 'other'),
    conditions: liveConditions,
  }),
  { maxLength: 16 },
)
const listeners = fc.uniqueArray(
  fc.record({
    name: fc.constantFrom('a', 'b', 'c'),
    attachedRoutes: fc.nat(3),
    supportedKinds: fc.constant([]),
    conditions: drafts,
  }),
  { selector: ({ name }) => name },
)
const bodies: fc.Arbitrary<StatusBody> = fc.oneof(
  fc.record({ shape: fc.constant('conditions' as const), conditions: drafts }),
  fc.record({
    shape: fc.constant('gateway' as const),
    conditions: drafts,
    listeners,
    attachedListenerSets: fc.nat(2),
    isDeploymentKnown: fc.boolean(),
  }),
  fc.record({ shape: fc.constant('listenerset' as const), conditions: drafts, listeners }),
  fc.record({ shape: fc.constant('route' as const), parents }),
  fc.record({ shape: fc.constant('policy' as const), ancestors: parents }),
)
const liveStatuses = fc.record({
  conditions: liveConditions,
  listeners: fc.array(fc.record({ name: fc.constantFrom('a', 'b', 'd'), conditions: liveConditions })),
  parents: liveParents,
  ancestors: liveParents,
})

it('merging twice is merging once', () => {
  fc.assert(
    fc.property(bodies, liveStatuses, (body, before) => {
      const once = mergeStatus(draft(body), before, context)
      const twice = mergeStatus(draft(body), once, later)
      expect(twice).toEqual(once)
      expect(isWorthWriting(draft(body), once, twice, context)).toBe(false)
    }),
    { numRuns: 500 },
  )
})

it('never touches what other controllers wrote', () => {
  fc.assert(
    fc.property(bodies, liveStatuses, (body, before) => {
      const next = mergeStatus(draft(body), before, context)
      for (const field of ['parents', 'ancestors']) {
        const others = (status: Json) => listOf(status[field]).filter((entry) => entry.controllerName !== OURS)
        expect(others(next)).toEqual(others(before))
      }
    }),
    { numRuns: 200 },
  )
})

function listOf(value: unknown): readonly Json[] {
  return Array.isArray(value) ? value : []
}

function typesOf(conditions: unknown): readonly unknown[] {
  return listOf(conditions).map(({ type }) => type)
}

function reasonsOf(status: Json): readonly unknown[] {
  return listOf(status.conditions).map(({ reason }) => reason)
}
