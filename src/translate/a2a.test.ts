import { expect, test } from 'vitest'
import { readerOf } from '../../test/plain-reader.ts'
import type { ServicePort } from '../kube/core-types.ts'
import { translateA2aService } from './a2a.ts'
import type { DirectReach, Link } from './reachability.ts'

function translate(ports: readonly ServicePort[]) {
  return translateA2aService(
    { apiVersion: 'v1', kind: 'Service', metadata: { namespace: 'apps', name: 'agent' }, spec: { ports } },
    {
      reached: readerOf<DirectReach>([
        ['Service/apps/agent', { node: 'Service/apps/agent', gateways: ['a/gw', 'b/gw'] }],
      ]),
      links: readerOf<Link>([], { to: ({ to }) => [to] }),
    },
    { clusterDomain: 'example.org' },
  )
}

test('each port that speaks A2A has a policy on each gateway that uses the Service', () => {
  const [translation] = translate([
    { port: 1, appProtocol: 'agentgateway.dev/a2a' },
    { port: 2, appProtocol: 'http' },
    { port: 3, appProtocol: 'kgateway.dev/a2a' },
  ])
  expect(translation?.resources.map(({ gateway, resource }) => [gateway, resource])).toMatchObject([
    [
      'a/gw',
      {
        policy: {
          key: 'a2a/apps/agent/1',
          name: { kind: 'Service', namespace: 'apps', name: 'agent' },
          target: { service: { namespace: 'apps', hostname: 'agent.apps.svc.example.org', port: 1 } },
          backend: { a2a: {} },
        },
      },
    ],
    ['a/gw', { policy: { key: 'a2a/apps/agent/3' } }],
    ['b/gw', { policy: { key: 'a2a/apps/agent/1' } }],
    ['b/gw', { policy: { key: 'a2a/apps/agent/3' } }],
  ])
  expect(translation?.status).toBeUndefined()
})

test('other Services yield nothing at all', () => {
  expect(translate([{ port: 2, appProtocol: 'agentgateway.dev/mcp' }, { port: 4 }])).toEqual([])
})
