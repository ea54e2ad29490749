import { expect, test } from 'vitest'
import { readerOf } from '../../test/plain-reader.ts'
import type { Service } from '../kube/core-types.ts'
import type { InferencePool } from '../kube/route-types.ts'
import { translateInferencePool } from './inference-pools.ts'
import type { DirectReach, Link } from './reachability.ts'
import { DEFAULT_TRANSLATE_SETTINGS } from './settings.ts'

type Picker = NonNullable<NonNullable<InferencePool['spec']>['endpointPickerRef']>

const PICKER: Picker = { name: 'epp', port: { number: 9002 } }

function translate(
  picker: Picker | undefined,
  service?: Service['spec'],
  gateways: readonly string[] = ['default/gw'],
) {
  const pool: InferencePool = {
    apiVersion: 'inference.networking.k8s.io/v1',
    kind: 'InferencePool',
    metadata: { namespace: 'default', name: 'llm', generation: 2 },
    spec: { targetPorts: [{ number: 8000 }], ...(picker && { endpointPickerRef: picker }) },
  }
  const epp: Service = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { namespace: 'default', name: 'epp' },
    ...(service && { spec: service }),
  }
  const translation = translateInferencePool(
    pool,
    {
      services: readerOf(service === undefined ? [] : [['default/epp', epp]]),
      reached: readerOf<DirectReach>([['InferencePool/default/llm', { node: 'InferencePool/default/llm', gateways }]]),
      links: readerOf<Link>([], { to: ({ to }) => [to] }),
    },
    DEFAULT_TRANSLATE_SETTINGS,
  )
  const policies = translation.resources.map(({ resource }) =>
    resource.kind === 'policy' ? resource.policy : undefined,
  )
  const body = translation.status?.body
  const parents = body?.shape === 'inferencepool' ? body.parents : []
  return { ...translation, policies, parents }
}

const SERVED: Service['spec'] = { ports: [{ port: 9002, protocol: 'TCP' }] }

test('requests pass the endpoint picker, over TLS that checks nothing', () => {
  const { policies, parents, problems } = translate({ ...PICKER, failureMode: 'FailOpen' }, SERVED)
  const service = { namespace: 'default', hostname: 'epp.default.svc.cluster.local' }
  expect(policies).toEqual([
    {
      key: 'default/llm:inference',
      name: { kind: 'InferencePool', namespace: 'default', name: 'llm' },
      target: { service: { namespace: 'default', hostname: 'llm.default.inference.cluster.local' } },
      backend: { inferenceRouting: { endpointPicker: { service, port: 9002 }, failureMode: 'FAIL_OPEN' } },
    },
    {
      key: 'default/llm:inferencetls',
      name: { kind: 'InferencePool', namespace: 'default', name: 'llm' },
      target: { service: { ...service, port: 9002 } },
      backend: { backendTls: { verification: 'INSECURE_ALL' } },
    },
  ])
  expect(parents).toMatchObject([
    {
      ref: { kind: 'Gateway', namespace: 'default', name: 'gw' },
      conditions: [
        { message: 'InferencePool has been accepted by controller agentgateway.dev/agentgateway' },
        { status: 'True', message: 'All InferencePool references have been resolved' },
      ],
    },
  ])
  expect(problems).toEqual([])
})

test.each<[string, Picker | undefined, Service['spec'], readonly string[]]>([
  [
    'a foreign kind without port',
    { group: 'g', kind: 'K', name: 'epp' },
    SERVED,
    [
      'endpointPickerRef.group must be empty, got "g"',
      'endpointPickerRef.kind must be "Service", got "K"',
      'endpointPickerRef.port must be specified',
    ],
  ],
  ['nothing', undefined, SERVED, ['endpointPickerRef.port must be specified']],
  ['a missing Service', PICKER, undefined, ['endpointPickerRef Service default/epp not found']],
  [
    'an ExternalName without the port',
    PICKER,
    { type: 'ExternalName' },
    [
      'endpointPickerRef Service must not be ExternalName',
      'endpointPickerRef.port 9002 must reference a TCP Service port on default/epp',
    ],
  ],
  [
    'a UDP port',
    PICKER,
    { ports: [{ port: 9002, protocol: 'UDP' }] },
    ['endpointPickerRef.port 9002 must reference a TCP Service port on default/epp'],
  ],
])('a picker that is %s leaves the failure mode to decide', (_, picker, service, messages) => {
  const { policies, parents, problems } = translate(picker, service)
  expect(policies).toMatchObject([
    { backend: { inferenceRouting: { endpointPicker: {}, failureMode: 'FAIL_CLOSED' } } },
  ])
  expect(parents[0]?.conditions).toMatchObject([
    { status: 'True' },
    { status: 'False', reason: 'InvalidExtensionRef', message: `error: ${messages.join('; ')}` },
  ])
  expect(problems.map(({ message }) => message)).toEqual(messages)
})

test('a pool that no gateway uses says something only when it is broken', () => {
  expect(translate(PICKER, SERVED, []).parents).toEqual([])
  expect(translate(PICKER, undefined, []).parents).toMatchObject([{ ref: { kind: 'Status', name: 'default' } }])
})
