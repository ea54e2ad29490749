import { expect, test } from 'vitest'
import { readerOf } from '../../test/plain-reader.ts'
import { objectKey } from '../core/keys.ts'
import { type Attachable, admit } from './attachment.ts'
import { GATEWAY_GROUP, type ParentReference, type RouteParent } from './parents.ts'

const HTTP = [{ group: GATEWAY_GROUP, kind: 'HTTPRoute' }]

function parent(listener: string, changes: Partial<RouteParent> = {}): RouteParent {
  const owner = changes.owner ?? { group: GATEWAY_GROUP, kind: 'Gateway', namespace: 'default', name: 'gw' }
  return {
    key: `${objectKey(owner)}/${listener}`,
    owner,
    gateway: 'default/gw',
    listenerKey: `${owner.namespace}/${owner.name}.${listener}`,
    listener,
    port: 80,
    protocol: 'HTTP',
    hostname: undefined,
    allowedNamespaces: ['default'],
    supportedKinds: HTTP,
    order: 0,
    ...changes,
  }
}

interface Attempt {
  readonly parents?: readonly RouteParent[]
  readonly refs?: readonly ParentReference[]
  readonly hostnames?: readonly string[] | undefined
  readonly namespace?: string
  readonly gateways?: readonly string[]
}

function attempt({ parents = [], refs = [{ name: 'gw' }], gateways = [], ...rest }: Attempt) {
  const attachable: Attachable = {
    ref: { group: GATEWAY_GROUP, kind: 'HTTPRoute', namespace: rest.namespace ?? 'default', name: 'r' },
    version: 'v1',
    parentRefs: refs,
    hostnames: 'hostnames' in rest ? rest.hostnames : [],
  }
  return admit(attachable, {
    parents: readerOf(
      parents.map((candidate) => [candidate.key, candidate]),
      { owner: ({ owner }) => [objectKey(owner)] },
    ),
    gateways: readerOf(gateways.map((key) => [key, {}])),
    listenersets: readerOf([]),
  })
}

function verdicts(given: Attempt): readonly string[] {
  return attempt(given).outcomes.map(({ denial }) => (denial ? `${denial.reason}: ${denial.message}` : 'accepted'))
}

test('a parentRef without a section reaches every listener of its Gateway, and none of its ListenerSets', () => {
  const set = { group: GATEWAY_GROUP, kind: 'ListenerSet', namespace: 'default', name: 'gw' }
  const admission = attempt({ parents: [parent('a'), parent('b'), parent('c', { owner: set })] })
  expect(admission.listeners.map(({ listener }) => listener)).toEqual(['a', 'b'])
  expect(admission.gateways).toEqual(['default/gw'])
})

test('a ListenerSet parentRef reaches its own listeners only', () => {
  const set = { group: GATEWAY_GROUP, kind: 'ListenerSet', namespace: 'default', name: 'set' }
  const admission = attempt({
    parents: [parent('a'), parent('c', { owner: set })],
    refs: [{ kind: 'ListenerSet', name: 'set' }],
  })
  expect(admission.listeners.map(({ listener }) => listener)).toEqual(['c'])
  expect(admission.outcomes[0]?.ref).toEqual({
    group: GATEWAY_GROUP,
    kind: 'ListenerSet',
    namespace: 'default',
    name: 'set',
  })
})

test('port and section of a parentRef must both fit', () => {
  const parents = [parent('a'), parent('b', { port: 81 })]
  expect(verdicts({ parents, refs: [{ name: 'gw', port: 82 }] })).toEqual(['NoMatchingParent: port 82 not found'])
  expect(verdicts({ parents, refs: [{ name: 'gw', sectionName: 'c' }] })).toEqual([
    'NoMatchingParent: sectionName "c" not found',
  ])
  expect(verdicts({ parents, refs: [{ name: 'gw', sectionName: 'b', port: 80 }] })).toEqual([
    'NoMatchingParent: sectionName "b" not found',
  ])
  expect(verdicts({ parents, refs: [{ name: 'gw', sectionName: 'b', port: 81 }] })).toEqual(['accepted'])
})

test('two parentRefs to one Gateway are judged one by one, and a shared listener counts once', () => {
  const admission = attempt({
    parents: [parent('a')],
    refs: [{ name: 'gw', sectionName: 'a' }, { name: 'gw', sectionName: 'x' }, { name: 'gw' }],
  })
  expect(admission.outcomes.map(({ ref, accepted }) => [ref.sectionName, accepted])).toEqual([
    [undefined, true],
    ['a', true],
    ['x', false],
  ])
  expect(admission.listeners).toHaveLength(1)
})

test.each([
  [['a.example.com'], '*.example.com', true],
  [['a.b.example.com'], '*.example.com', true],
  [['example.com'], '*.example.com', false],
  [['*.example.com'], 'a.example.com', true],
  [['*.com'], '*.example.com', true],
  [['a.org', 'a.com'], 'a.com', true],
  [['a.org'], 'a.com', false],
  [[], 'a.com', true],
  [['a.org'], undefined, true],
])('hostnames %j on a listener of %s', (hostnames, hostname, isAccepted) => {
  const found = verdicts({ parents: [parent('a', { hostname })], hostnames })
  expect(found).toEqual([
    isAccepted ? 'accepted' : `NoMatchingListenerHostname: no hostnames matched parent hostname "${hostname}"`,
  ])
})

test('a foreign namespace and a foreign kind are not allowed, in this order', () => {
  const kinds = [{ group: GATEWAY_GROUP, kind: 'GRPCRoute' }]
  expect(verdicts({ parents: [parent('a', { allowedNamespaces: [], supportedKinds: kinds })] })).toEqual([
    'NotAllowedByListeners: hostnames matched parent hostname "", but namespace "default" is not allowed by the parent',
  ])
  expect(verdicts({ parents: [parent('a', { supportedKinds: kinds })] })).toEqual([
    'NotAllowedByListeners: kind gateway.networking.k8s.io/v1, Kind=HTTPRoute is not allowed',
  ])
  expect(verdicts({ parents: [parent('a', { supportedKinds: [{ group: 'x', kind: 'HTTPRoute' }] })] })).toEqual([
    'NotAllowedByListeners: kind gateway.networking.k8s.io/v1, Kind=HTTPRoute is not allowed',
  ])
})

test('all namespaces are allowed by a star', () => {
  expect(
    verdicts({
      namespace: 'apps',
      parents: [parent('a', { allowedNamespaces: ['*'] })],
      refs: [{ name: 'gw', namespace: 'default' }],
    }),
  ).toEqual(['accepted'])
})

test('of several denials the one that came nearest to acceptance is told, whatever the order', () => {
  const parents = [
    parent('a', { supportedKinds: [] }),
    parent('b', { hostname: 'x.com' }),
    parent('c', { port: 9 }),
    parent('d', { allowedNamespaces: [] }),
  ]
  expect(verdicts({ parents, hostnames: ['y.com'], refs: [{ name: 'gw', port: 80 }] })).toEqual([
    'NotAllowedByListeners: kind gateway.networking.k8s.io/v1, Kind=HTTPRoute is not allowed',
  ])
})

test('models are held to kinds, sections and ports only', () => {
  const closed = parent('a', { hostname: 'x.com', allowedNamespaces: [] })
  expect(verdicts({ parents: [closed], hostnames: undefined })).toEqual(['accepted'])
})

test('a parent without listeners of ours has no outcome; only one that does not exist is reported', () => {
  const admission = attempt({ refs: [{ name: 'foreign' }, { name: 'typo' }], gateways: ['default/foreign'] })
  expect(admission.outcomes).toEqual([])
  expect(admission.problems).toEqual([
    {
      reason: 'NoMatchingParent',
      path: 'spec.parentRefs[1]',
      message: 'Gateway default/typo not found',
      severity: 'warning',
    },
  ])
})

test('Services and other kinds as parents are passed over', () => {
  const refs = [
    { group: '', kind: 'Service', name: 'web' },
    { kind: 'HTTPRoute', name: 'other' },
  ]
  expect(attempt({ refs })).toMatchObject({ outcomes: [], listeners: [], problems: [] })
})
