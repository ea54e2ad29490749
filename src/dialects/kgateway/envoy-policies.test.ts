import { expect, it } from 'vitest'
import { carry, foreign, told } from '../../../test/dialect-world.ts'
import { policyKind } from '../../api/policy.ts'
import type { KubeObject } from '../../kube/object.ts'
import { crd, type StructuralSchema } from '../../schema/crd.ts'
import { envoyPolicies, INSTEAD } from './envoy-policies.ts'

const become = (kind: string, spec: string, others: readonly KubeObject[] = []) => {
  const found = envoyPolicies.find((each) => each.kind === kind)
  if (found === undefined) throw new Error(`no ${kind}`)
  return carry(found, foreign(found, 'p', spec), others)
}

it('a policy that sets up Envoy says field by field what to write instead', () => {
  const carried = become(
    'BackendConfigPolicy',
    '{targetRefs: [{kind: Service, name: s}], connectTimeout: 1s, dnsRefreshRate: 2s}',
  )
  expect(told(carried)).toEqual([
    'spec.connectTimeout: BackendConfigPolicy sets up Envoy and has no effect; write backend.tcp.connectTimeout in an AgentgatewayPolicy instead',
    'spec.dnsRefreshRate: BackendConfigPolicy sets up Envoy and has no effect; agentgateway has nothing like dnsRefreshRate, remove it',
  ])
  expect(carried.targets?.map(({ ref, policy }) => [ref, policy])).toEqual([
    [{ group: '', kind: 'Service', name: 's' }, undefined],
  ])
})

it('a policy for the Gateway of another controller is not ours to judge', () => {
  const gateway = (gatewayClassName: string): KubeObject => ({
    ...{ apiVersion: 'gateway.networking.k8s.io/v1', kind: 'Gateway', metadata: { name: 'gw', namespace: 'ns' } },
    ...{ spec: { gatewayClassName } },
  })
  const spec = '{targetRefs: [{group: gateway.networking.k8s.io, kind: Gateway, name: gw}], useRemoteAddress: true}'
  const foreignOne = become('HTTPListenerPolicy', spec, [gateway('kgateway')])
  expect([told(foreignOne), foreignOne.targets]).toEqual([[], []])
  expect(told(become('HTTPListenerPolicy', spec, [gateway('agentgateway')]))).toHaveLength(1)
  expect(told(become('HTTPListenerPolicy', spec))).toHaveLength(1)
})

it('nothing that such a policy may hold makes reading throw', () => {
  for (const spec of ['5', '{targetRefs: 5}', '{targetRefs: [1, {kind: 2}], x: null}'])
    expect(() => become('HTTPListenerPolicy', spec)).not.toThrow()
})

it('what is to be written instead are fields of an AgentgatewayPolicy', () => {
  const root = crd(policyKind).spec.versions[0]?.schema.openAPIV3Schema.properties?.spec
  const paths = Object.values(INSTEAD)
    .flatMap((fields) => Object.values(fields))
    .filter((path) => path !== '')
  const found = (path: string) =>
    path.split('.').reduce<StructuralSchema | undefined>((at, step) => at?.properties?.[step], root)
  expect(paths.filter((path) => found(path) === undefined)).toEqual([])
})
