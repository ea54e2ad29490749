import { describe, expect, it } from 'vitest'
import { carry, foreign, specsOf, told } from '../../../test/dialect-world.ts'
import type { KubeObject } from '../../kube/object.ts'
import { kgatewayParameters } from './gateway-parameters.ts'

const become = (spec: string, others: readonly KubeObject[] = []) =>
  carry(kgatewayParameters, foreign(kgatewayParameters, 'p', spec), others)
const specOf = (spec: string) => specsOf(become(spec))['AgentgatewayParameters p']

describe('GatewayParameters', () => {
  it('say of the proxy what AgentgatewayParameters say', () => {
    expect(
      specOf(`{kube: {agentgateway: {enabled: true, logLevel: debug, image: {registry: r, tag: v1},
        resources: {limits: {cpu: 1}}, env: [{name: A, value: b}]}}}`),
    ).toEqual({
      image: { registry: 'r', tag: 'v1' },
      logging: { level: 'debug' },
      resources: { limits: { cpu: 1 } },
      env: [{ name: 'A', value: 'b' }],
    })
  })

  it('say of Kubernetes objects what overlays say', () => {
    expect(
      specOf(`{kube: {
        deployment: {replicas: 3, strategy: {type: Recreate}},
        podTemplate: {extraLabels: {a: b}, nodeSelector: {disk: fast}, extraVolumes: [{name: v}]},
        agentgateway: {securityContext: {runAsUser: 7}, extraVolumeMounts: [{name: v, mountPath: /v}]},
        service: {type: NodePort, extraAnnotations: {x: y}, ports: [{port: 80, nodePort: 30080}]},
        serviceAccount: {extraLabels: {a: b}}}}`),
    ).toEqual({
      deployment: {
        spec: {
          replicas: 3,
          strategy: { type: 'Recreate' },
          template: {
            metadata: { labels: { a: 'b' } },
            spec: {
              nodeSelector: { disk: 'fast' },
              volumes: [{ name: 'v' }],
              containers: [
                {
                  name: 'agentgateway',
                  securityContext: { runAsUser: 7 },
                  volumeMounts: [{ name: 'v', mountPath: '/v' }],
                },
              ],
            },
          },
        },
      },
      service: {
        metadata: { annotations: { x: 'y' } },
        spec: { type: 'NodePort', ports: [{ port: 80, nodePort: 30080 }] },
      },
      serviceAccount: { metadata: { labels: { a: 'b' } } },
    })
  })

  it('take a configuration of the user from its ConfigMap, or say what is missing', () => {
    const spec = '{kube: {agentgateway: {customConfigMapName: mine}}}'
    const map = (data: Readonly<Record<string, string>>): readonly KubeObject[] => [
      { ...{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'mine', namespace: 'ns' } }, ...{ data } },
    ]
    const found = become(spec, map({ 'config.yaml': 'config: {adminAddr: "127.0.0.1:1"}' }))
    expect([specsOf(found)['AgentgatewayParameters p'], told(found)]).toEqual([
      { rawConfig: { config: { adminAddr: '127.0.0.1:1' } } },
      [],
    ])
    const field = 'spec.kube.agentgateway.customConfigMapName'
    expect(told(become(spec))).toEqual([`${field}: ConfigMap ns/mine not found`])
    expect(told(become(spec, map({ other: '' })))).toEqual([`${field}: ConfigMap ns/mine has no config.yaml`])
    expect(told(become(spec, map({ 'config.yaml': ': [' })))).toEqual([
      `${field}: config.yaml of ConfigMap ns/mine is not a YAML mapping`,
    ])
  })

  it('have what is about Envoy named, and what has another place', () => {
    const carried = become(`{kube: {agentgateway: {enabled: false}, istio: {istioProxyContainer: {}},
      podTemplate: {gracefulShutdown: {enabled: true}}, omitDefaultSecurityContext: true}}`)
    expect(told(carried)).toEqual([
      '! spec.kube.agentgateway.enabled: spec.kube.agentgateway.enabled has no effect: there is no Envoy here; Gateways of this class are agentgateway proxies',
      '! spec.kube.omitDefaultSecurityContext: spec.kube.omitDefaultSecurityContext has no effect: write an overlay in AgentgatewayParameters, spec.deployment.spec',
      '! spec.kube.podTemplate.gracefulShutdown: spec.kube.podTemplate.gracefulShutdown has no effect: write spec.shutdown in AgentgatewayParameters',
      '! spec.kube.istio: spec.kube.istio has no effect: it is about Envoy, or AgentgatewayParameters have nothing like it',
    ])
  })

  it.each(['{}', '5', '{kube: 5}', '{kube: {agentgateway: [], service: {ports: [1]}}, selfManaged: {}}'])(
    'never make reading throw: %s',
    (spec) => {
      expect(told(become(spec)).length).toBeGreaterThan(0)
    },
  )
})
