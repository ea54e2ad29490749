import { expect, test } from 'vitest'
import { createMetrics } from './metrics.ts'

test('attempts at deploying have the names and labels by which dashboards of the Go controller ask for them', async () => {
  const { registry, reconciling } = createMetrics('1')
  const gateway = { controller: 'gateway', namespace: 'ns', name: 'gw' } as const
  reconciling(gateway)('success')
  reconciling(gateway)('error')
  reconciling({ controller: 'gatewayclass', namespace: '', name: 'agentgateway' })
  const text = await registry.metrics()
  const lines = text.split('\n').filter((line) => /^agentgateway_controller_recon.*(total|running|_count)\{/.test(line))
  expect(lines).toEqual([
    'agentgateway_controller_reconciliations_total{controller="gateway",namespace="ns",name="gw",result="success"} 1',
    'agentgateway_controller_reconciliations_total{controller="gateway",namespace="ns",name="gw",result="error"} 1',
    'agentgateway_controller_reconciliations_running{controller="gateway",namespace="ns",name="gw"} 0',
    'agentgateway_controller_reconciliations_running{controller="gatewayclass",namespace="",name="agentgateway"} 1',
    'agentgateway_controller_reconcile_duration_seconds_count{controller="gateway",namespace="ns",name="gw"} 2',
  ])
})
