import { expect, test } from 'vitest'
import type { KubeObject } from '../kube/object.ts'
import { Snapshot } from '../snapshot/snapshot.ts'
import { DEFAULT_TRANSLATE_SETTINGS } from '../translate/settings.ts'
import { createRun } from './run.ts'
import { servedStatuses } from './served-statuses.ts'

test('what other controllers say stays, whatever the plural of the kind', async () => {
  const { pipeline, set } = createRun(DEFAULT_TRANSLATE_SETTINGS)
  const policy = {
    apiVersion: 'agentgateway.dev/v1alpha1',
    kind: 'AgentgatewayPolicy',
    metadata: { namespace: 'ns', name: 'p', generation: 1 },
    spec: { targetRefs: [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'gw' }], traffic: {} },
  }
  set([policy])
  const other = { ancestorRef: { name: 'x' }, controllerName: 'somebody.else/controller', conditions: [] }
  const live = pipeline.graph.source<KubeObject>('live/agentgatewaypolicies')
  const status: object = { ancestors: [other] }
  const stored: KubeObject & { readonly status: object } = { ...policy, status }
  live.set('ns/p', stored)
  await pipeline.graph.commit()
  const sources = { pipeline, snapshot: new Snapshot(), settings: DEFAULT_TRANSLATE_SETTINGS }
  const [served] = servedStatuses({ ...sources, live: new Map([[live.name, live]]) }, [])
  expect(served).toMatchObject({
    kind: 'AgentgatewayPolicy',
    metadata: { namespace: 'ns', name: 'p' },
    status: { ancestors: expect.arrayContaining([other]) },
  })
})
