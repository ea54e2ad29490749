import { afterEach, expect, it } from 'vitest'
import { FakeClock, FakeCluster, until } from '../../test/deploy/fake-cluster.ts'
import type { GatewayClass } from '../kube/gateway-types.ts'
import { DEFAULT_TRANSLATE_SETTINGS, type DeploySettings } from '../translate/settings.ts'
import { startDeploying } from './deploying.ts'
import { createRun } from './run.ts'

const settings: DeploySettings = {
  ...DEFAULT_TRANSLATE_SETTINGS,
  ...{ version: '1', xdsMode: 'plaintext', xdsServiceName: 'agentgateway', xdsServiceHost: '', xdsPort: 9978 },
  ...{ noListenersDummyPort: 443, proxyImageRegistry: 'r', proxyImageRepository: 'p', proxyImageTag: 't' },
  ...{ istioAutoEnabled: false, istioClusterId: '', istioNetwork: '', istioCaAddress: '' },
}
const stop = new AbortController()
afterEach(() => stop.abort())

it('makes the class and the key, deploys, and says in the status of the Gateway what came of it', async () => {
  const run = createRun(settings, { deploy: settings })
  const { pipeline } = run
  const cluster = new FakeCluster()
  const clock = new FakeClock()
  const log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }
  const classes = pipeline.graph.source<GatewayClass>('test/classes')
  cluster.fail = (call) => (call.startsWith('apply deployments') ? new Error('quota exceeded') : undefined)
  const commit = (): void => void pipeline.graph.commit()
  const { className, controllerName } = settings
  startDeploying(
    {
      ...{ pipeline, classes, client: cluster, log, clock, commit },
      measure: () => () => () => {},
      settings: { className, controllerName, classParameters: {} },
    },
    stop.signal,
  )
  await until(() => cluster.names('gatewayclasses').length === 1)
  const gatewayClass = cluster.objects.get(`gatewayclasses ${className}`)
  const gateway = {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'Gateway',
    metadata: { name: 'gw', namespace: 'default', uid: 'u' },
    spec: { gatewayClassName: className, listeners: [{ name: 'http', port: 80, protocol: 'HTTP' }] },
  }
  run.set(gatewayClass === undefined ? [gateway] : [gatewayClass, gateway])
  commit()
  const programmed = () => {
    const body = pipeline.statuses.get('gateway.networking.k8s.io/Gateway/default/gw')?.body
    return body?.shape === 'gateway' ? body.conditions.find(({ type }) => type === 'Programmed') : undefined
  }
  await until(() => cluster.names('secrets').length === 1)
  const secret = cluster.objects.get('secrets default/gw-session-key')
  run.set(secret === undefined ? [] : [secret])
  commit()
  await until(() => programmed()?.reason === 'DeploymentFailed')
  expect(programmed()?.message).toBe('quota exceeded')

  cluster.fail = () => undefined
  clock.pass()
  await until(() => programmed()?.status === 'True')
  expect(cluster.names('deployments')).toEqual(['default/gw'])
})
