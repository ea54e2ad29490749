import { describe, expect, it } from 'vitest'
import { atTheDoor, trimmed } from './door.ts'
import { apiVersionOf, keyIn, liveCollection, type WatchedKind, watchedKinds } from './kinds.ts'

function kindNamed(name: string): WatchedKind {
  const kind = watchedKinds.find((row) => row.kind === name)
  if (kind === undefined) throw new Error(`no kind ${name}`)
  return kind
}

function raw(kind: string, rest: object = {}, metadata: object = {}) {
  return {
    apiVersion: apiVersionOf(kindNamed(kind)),
    kind,
    metadata: { name: 'x', namespace: 'ns', resourceVersion: '7', ...metadata },
    ...rest,
  }
}

describe('the door', () => {
  it('keeps our own status, and the version it changes, out of what is translated', () => {
    const before = atTheDoor(kindNamed('HTTPRoute'), raw('HTTPRoute', { spec: {}, status: { parents: [] } }))
    const after = atTheDoor(
      kindNamed('HTTPRoute'),
      raw('HTTPRoute', { spec: {}, status: { parents: [1] } }, { resourceVersion: '8' }),
    )
    expect(after.object).toEqual(before.object)
    expect(after.object).toEqual({
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'HTTPRoute',
      metadata: { name: 'x', namespace: 'ns' },
      spec: {},
    })
    expect(after.live).toMatchObject({ metadata: { name: 'x', resourceVersion: '8' }, status: { parents: [1] } })
  })

  it('leaves the status of kinds that others write', () => {
    const status = { loadBalancer: { ingress: [{ ip: '1.2.3.4' }] } }
    const { object, live } = atTheDoor(kindNamed('Service'), raw('Service', { status }))
    expect(object).toMatchObject({ status })
    expect(live).toBeUndefined()
  })

  it('leaves the addresses, and nothing else, in the status of a Gateway that stands for a network', () => {
    const status = { addresses: [{ value: '1.2.3.4' }], listeners: [] }
    const labelled = raw('Gateway', { status }, { labels: { 'topology.istio.io/network': 'n1' } })
    expect(atTheDoor(kindNamed('Gateway'), labelled).object).toMatchObject({ status: { addresses: status.addresses } })
    expect(atTheDoor(kindNamed('Gateway'), labelled).object).not.toHaveProperty('status.listeners')
    expect(atTheDoor(kindNamed('Gateway'), raw('Gateway', { status })).object).not.toHaveProperty('status')
  })

  it('drops managedFields and the last applied configuration', () => {
    const annotations = { 'kubectl.kubernetes.io/last-applied-configuration': '{}', mine: 'yes' }
    const { object } = atTheDoor(kindNamed('Secret'), raw('Secret', {}, { managedFields: [{}], annotations }))
    expect(object.metadata).toEqual({ name: 'x', namespace: 'ns', annotations: { mine: 'yes' } })
  })

  it('drops what ConfigMaps keep as bytes', () => {
    const configMap = raw('ConfigMap', { data: { 'ca.crt': 'x' }, binaryData: { archive: 'AAAA' } })
    const { object } = atTheDoor(kindNamed('ConfigMap'), configMap)
    expect(object).toMatchObject({ data: { 'ca.crt': 'x' } })
    expect(object).not.toHaveProperty('binaryData')
  })

  it('keeps who wrote the status of a Gateway, beside what is translated', () => {
    const managedFields = [{ manager: 'us', subresource: 'status' }, { manager: 'kubectl' }]
    const { object, live } = atTheDoor(kindNamed('Gateway'), raw('Gateway', { status: {} }, { managedFields }))
    expect(object.metadata).not.toHaveProperty('managedFields')
    expect(live?.metadata).toMatchObject({ managedFields: [{ manager: 'us', subresource: 'status' }] })
  })

  it('reduces Pods and Nodes to what is read of them, whatever their fields hold', () => {
    const pod = raw('Pod', {
      spec: {
        nodeName: 'n',
        volumes: [{}],
        containers: [{ name: 'c', image: 'i', ports: [{ containerPort: 1 }] }, null],
      },
      status: { podIP: '1.2.3.4', conditions: [{ type: 'Ready', status: 'True', lastProbeTime: 'now' }] },
    })
    expect(atTheDoor(kindNamed('Pod'), pod).object).toMatchObject({
      spec: { nodeName: 'n', containers: [{ name: 'c', ports: [{ containerPort: 1 }] }, {}] },
      status: { podIP: '1.2.3.4', conditions: [{ type: 'Ready', status: 'True' }] },
    })
    expect(JSON.stringify(atTheDoor(kindNamed('Pod'), pod).object)).not.toMatch(/image|volumes|lastProbeTime/)
    const node = raw('Node', { spec: { podCIDR: 'x' }, status: { images: [] } }, { labels: { zone: 'a' } })
    expect(Object.keys(atTheDoor(kindNamed('Node'), node).object)).toEqual(['apiVersion', 'kind', 'metadata'])
    expect(atTheDoor(kindNamed('Pod'), raw('Pod', { spec: 'nonsense', status: 3 })).object).toMatchObject({ spec: {} })
  })
})

describe('what is trimmed before it comes to the door', () => {
  it('is the same when it has passed, and lacks what is large', () => {
    const managedFields = [{ manager: 'us', subresource: 'status' }, { manager: 'kubectl' }]
    for (const kind of ['Gateway', 'HTTPRoute', 'Pod', 'ConfigMap', 'Service', 'Node']) {
      const whole = raw(kind, { spec: { a: 1 }, status: { podIP: 'x' }, data: {} }, { managedFields, generation: 3 })
      const small = trimmed(kindNamed(kind), whole)
      expect(atTheDoor(kindNamed(kind), small)).toEqual(atTheDoor(kindNamed(kind), whole))
      expect(JSON.stringify(small)).not.toContain('kubectl')
    }
  })
})

describe('the table of kinds', () => {
  it('names each collection once', () => {
    const names = watchedKinds.map((kind) => kind.collection)
    expect(new Set(names).size).toBe(names.length)
    expect(names).toContain('source/httproutes')
    expect(liveCollection(kindNamed('HTTPRoute'))).toBe('live/httproutes')
  })

  it('keys objects by namespace and name, cluster-scoped ones by name', () => {
    expect(keyIn(kindNamed('Service'), { namespace: 'ns', name: 'x' })).toBe('ns/x')
    expect(keyIn(kindNamed('GatewayClass'), { namespace: 'ns', name: 'x' })).toBe('x')
  })
})
