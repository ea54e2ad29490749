import { describe, expect, it } from 'vitest'
import type { TypedRef } from '../core/keys.ts'
import { objectKey } from '../core/keys.ts'
import type { ParentRefStatus, StatusBody, StatusDraft } from '../translate/model.ts'
import type { XdsEntry } from '../wire/entry.ts'
import type { SessionView } from '../xds/session-view.ts'
import type { Unattended } from './attendance.ts'
import { ProxyVerdicts, type Refusal, refusals, withRefusals } from './proxy-verdicts.ts'

const group = 'gateway.networking.k8s.io'
const ref = (kind: string, name: string): TypedRef => ({ group, kind, namespace: 'ns', name })
const route = ref('HTTPRoute', 'r')

function session(gateway: string, ...refused: readonly [name: string, message: string][]): SessionView {
  const rejections = refused.map(([name, message]) => {
    const severity: 'error' | 'warning' = message.startsWith('warn') ? 'warning' : 'error'
    return { name, message, severity, version: '1', at: '' }
  })
  return {
    ...{ id: 1, peer: '', gateway, isKnown: true, node: '', connectedAt: '', bytesSent: 0, acknowledgedCommit: 1 },
    types: { Resource: { state: 'rejected', since: '', resources: 1, acknowledgedCommit: 1, rejections } },
    hasRejections: rejections.length > 0,
    hasAcknowledged: () => true,
    holds: () => undefined,
  }
}

const snapshot = {
  find: (_: string, name: string): XdsEntry | undefined =>
    name !== 'route/r'
      ? undefined
      : {
          scope: 'ns/g',
          owners: [route, ref('Gateway', 'g')],
          encoded: { typeUrl: '', name, version: '1', frame: Buffer.alloc(0), valueStart: 0, valueEnd: 0 },
        },
}

function draft(object: TypedRef, body: StatusBody): StatusDraft {
  return { object, apiVersion: `${group}/v1`, generation: 1, body }
}
const yes = (type: string) => ({ type, status: 'True', reason: type, message: '' }) as const
const gatewayDraft = draft(ref('Gateway', 'g'), {
  ...{ shape: 'gateway', conditions: [yes('Accepted'), yes('Programmed')], listeners: [], attachedListenerSets: 0 },
})
const routeDraft = draft(route, { shape: 'route', parents: [{ ref: { name: 'g' }, conditions: [yes('Accepted')] }] })
const programmed = (body: StatusBody) =>
  body.shape === 'gateway' ? body.conditions.find(({ type }) => type === 'Programmed') : undefined
const refused: readonly Refusal[] = [{ gateway: 'ns/g', resource: 'route/r', owner: route, message: 'bad regex' }]

describe('what proxies refuse', () => {
  it('is each resource once, with the object that a user can mend, and no mere warning', () => {
    const sessions = [
      session('ns/g', ['route/r', 'bad regex'], ['bind/9', 'no port']),
      session('ns/g', ['route/r', 'bad regex'], ['x', 'warned']),
      session('ns/other'),
    ]
    expect(refusals(sessions, snapshot)).toEqual([
      { gateway: 'ns/g', resource: 'bind/9', owner: ref('Gateway', 'g'), message: 'no port' },
      { gateway: 'ns/g', resource: 'route/r', owner: route, message: 'bad regex' },
    ])
  })

  it('makes a Gateway not programmed, and says of a route what is invalid', () => {
    expect(withRefusals(gatewayDraft, refused).body).toMatchObject({
      conditions: [
        { type: 'Accepted', status: 'True' },
        {
          type: 'Programmed',
          status: 'False',
          reason: 'Invalid',
          message: 'HTTPRoute ns/r: a proxy of Gateway ns/g refuses route/r: bad regex',
        },
      ],
    })
    expect(withRefusals(routeDraft, refused).body).toMatchObject({
      parents: [{ conditions: [{ type: 'Accepted' }, { type: 'PartiallyInvalid', status: 'True' }] }],
    })
    expect(withRefusals(draft(ref('HTTPRoute', 'other'), routeDraft.body), refused)).toEqual(
      draft(ref('HTTPRoute', 'other'), routeDraft.body),
    )
  })

  it('is told beside what translation left out of a route itself', () => {
    const known = { type: 'PartiallyInvalid', status: 'True', reason: 'UnsupportedValue', message: 'rule 2' } as const
    const partial = draft(route, { shape: 'route', parents: [{ ref: { name: 'g' }, conditions: [known] }] })
    expect(withRefusals(partial, refused).body).toMatchObject({
      parents: [{ conditions: [{ message: 'rule 2; a proxy of Gateway ns/g refuses route/r: bad regex' }] }],
    })
  })

  it('is told of policies and backends as far as they have a say', () => {
    const policy = ref('AgentgatewayPolicy', 'p')
    const own = [{ ...(refused[0] as Refusal), owner: policy }]
    const ancestors = ['g', 'h'].map((name) => ({ ref: { namespace: 'ns', name }, conditions: [yes('Accepted')] }))
    expect(withRefusals(draft(policy, { shape: 'policy', ancestors }), own).body).toMatchObject({
      ancestors: [{ conditions: [{ reason: 'PartiallyValid' }] }, { conditions: [{ reason: 'Accepted' }] }],
    })
    expect(withRefusals(draft(policy, { shape: 'conditions', conditions: [yes('Accepted')] }), own).body).toMatchObject(
      {
        conditions: [{ type: 'Accepted', status: 'False', reason: 'Invalid' }],
      },
    )
  })

  it('is told of an InferencePool at the Gateway whose proxies refuse', () => {
    const pool: TypedRef = { group: 'inference.networking.k8s.io', kind: 'InferencePool', namespace: 'ns', name: 'p' }
    const own = [{ ...(refused[0] as Refusal), owner: pool }]
    const conditions = [yes('Accepted'), yes('ResolvedRefs')]
    const parents = ['g', 'h'].map((name) => ({ ref: { kind: 'Gateway', namespace: 'ns', name }, conditions }))
    expect(withRefusals(draft(pool, { shape: 'inferencepool', parents }), own).body).toEqual({
      shape: 'inferencepool',
      parents: [
        {
          ref: { kind: 'Gateway', namespace: 'ns', name: 'g' },
          conditions: [
            {
              ...{ type: 'Accepted', status: 'False', reason: 'NotSupportedByParent' },
              message: 'a proxy of Gateway ns/g refuses route/r: bad regex',
            },
            yes('ResolvedRefs'),
          ],
        },
        parents[1],
      ],
    })
  })

  it('makes a ListenerSet not programmed', () => {
    const set = ref('ListenerSet', 's')
    const own = [{ ...(refused[0] as Refusal), owner: set }]
    const body: StatusBody = { shape: 'listenerset', conditions: [yes('Accepted'), yes('Programmed')], listeners: [] }
    expect(withRefusals(draft(set, body), own).body).toMatchObject({
      conditions: [
        { type: 'Accepted', status: 'True' },
        { type: 'Programmed', status: 'False', reason: 'Invalid' },
      ],
    })
  })

  it('is told of ancestors that name a Gateway without its namespace, or what a policy attaches to', () => {
    const policy = ref('BackendTLSPolicy', 'p')
    const own = [{ ...(refused[0] as Refusal), owner: policy }]
    const reasons = (...refs: readonly ParentRefStatus[]) => {
      const ancestors = refs.map((of) => ({ ref: of, conditions: [yes('Accepted')] }))
      const { body } = withRefusals(draft(policy, { shape: 'policy', ancestors }), own)
      return body.shape === 'policy' ? body.ancestors.map(({ conditions: [accepted] }) => accepted?.reason) : []
    }
    expect(reasons({ name: 'g' }, { name: 'h' })).toEqual(['PartiallyValid', 'Accepted'])
    expect(reasons({ name: 'g' }, { namespace: 'ns', name: 'g' })).toEqual(['Accepted', 'PartiallyValid'])
    expect(reasons({ kind: 'HTTPRoute', namespace: 'ns', name: 'r' })).toEqual(['PartiallyValid'])
    expect(reasons({ group: 'agentgateway.dev', name: 'StatusSummary' })).toEqual(['Accepted'])
  })

  it('is told when it changes, and forgotten when proxies accept', () => {
    let sessions = [session('ns/g', ['route/r', 'bad regex'])]
    const attendance = { look: () => new Map(), restart: () => {} }
    const verdicts = new ProxyVerdicts({ sessions: () => sessions, snapshot, attendance })
    const told: string[][] = []
    const unobserve = verdicts.observe((keys) => told.push([...keys]))
    verdicts.look()
    verdicts.look()
    expect(told).toEqual([[objectKey(ref('Gateway', 'g')), objectKey(route)]])
    expect(verdicts.adjust(gatewayDraft)).not.toEqual(gatewayDraft)
    sessions = [session('ns/g')]
    verdicts.look()
    expect(verdicts.adjust(gatewayDraft)).toBe(gatewayDraft)
    expect(told).toHaveLength(2)
    unobserve()
  })
})

describe('proxies that are not there, or silent', () => {
  it('are told of on their Gateway, while somebody writes statuses', () => {
    let unattended = new Map<string, Unattended>([
      ['ns/g', { is: 'absent', message: 'no proxy is connected to pod-1' }],
    ])
    let restarts = 0
    const attendance = { look: () => unattended, restart: () => void restarts++ }
    const verdicts = new ProxyVerdicts({ sessions: () => [], snapshot, attendance })
    const told: string[][] = []
    verdicts.look()
    expect(verdicts.adjust(gatewayDraft)).toBe(gatewayDraft)
    const unobserve = verdicts.observe((keys) => told.push([...keys]))
    verdicts.look()
    verdicts.look()
    expect(told).toEqual([[objectKey(ref('Gateway', 'g'))]])
    expect(programmed(verdicts.adjust(gatewayDraft).body)).toEqual({
      ...yes('Programmed'),
      message: '; no proxy is connected to pod-1',
    })
    expect(verdicts.adjust(routeDraft)).toBe(routeDraft)
    unattended = new Map([['ns/g', { is: 'behind', message: '1 of 2' }]])
    verdicts.look()
    expect(programmed(verdicts.adjust(gatewayDraft).body)).toMatchObject({ status: 'False', reason: 'Pending' })
    unattended = new Map()
    verdicts.look()
    expect(verdicts.adjust(gatewayDraft)).toBe(gatewayDraft)
    expect([told.length, restarts]).toEqual([3, 1])
    unobserve()
  })
})
