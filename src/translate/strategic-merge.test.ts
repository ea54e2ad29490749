import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../kube/json.ts'
import { typedSpec } from './kube-fields.ts'
import { strategicMerge } from './strategic-merge.ts'

function merged(original: JsonObject, patch: JsonObject, type = 'PodSpec'): JsonObject {
  const { value, flaws } = strategicMerge(original, patch, type)
  expect(flaws).toEqual([])
  return value
}

const named = (...names: readonly string[]): readonly JsonObject[] => names.map((name) => ({ name }))

describe('maps', () => {
  it('recurses into maps, replaces scalars and removes what is null', () => {
    const original = { securityContext: { fsGroup: 1, runAsUser: 2 }, hostNetwork: false }
    expect(merged(original, { securityContext: { fsGroup: null, runAsGroup: 3 }, hostNetwork: true })).toEqual({
      securityContext: { runAsUser: 2, runAsGroup: 3 },
      hostNetwork: true,
    })
  })

  it('leaves an empty map behind $patch: delete, and nothing behind null', () => {
    const original = { securityContext: { fsGroup: 1 }, dnsConfig: { nameservers: ['1.1.1.1'] } }
    expect(merged(original, { securityContext: { $patch: 'delete' }, dnsConfig: null })).toEqual({
      securityContext: {},
    })
  })

  it('drops a whole new map that has a directive', () => {
    expect(merged({}, { securityContext: { $patch: 'replace', fsGroup: 1 }, dnsConfig: { options: null } })).toEqual({
      dnsConfig: {},
    })
  })

  it('replaces a map that is there', () => {
    expect(merged({ affinity: { nodeAffinity: {} } }, { affinity: { $patch: 'replace', podAffinity: {} } })).toEqual({
      affinity: { podAffinity: {} },
    })
  })

  it('takes the patch when the types differ', () => {
    expect(merged({ hostname: { odd: true } }, { hostname: 'web' })).toEqual({ hostname: 'web' })
  })

  it('keeps only the keys that $retainKeys lists', () => {
    const volumes = [{ name: 'a', configMap: { name: 'x' } }]
    const patch = { volumes: [{ name: 'a', emptyDir: {}, $retainKeys: ['name', 'emptyDir'] }] }
    expect(merged({ volumes }, patch)).toEqual({ volumes: [{ name: 'a', emptyDir: {} }] })
  })

  it('refuses directives it does not know, and keys that are not retained', () => {
    expect(strategicMerge({}, { $patch: 'merge' }, 'PodSpec').flaws).toHaveLength(1)
    expect(strategicMerge({}, { $retainKeys: ['a'], b: 1 }, 'PodSpec').flaws).toHaveLength(1)
    expect(strategicMerge({}, { $retainKeys: 'a' }, 'PodSpec').flaws).toHaveLength(1)
  })
})

describe('lists', () => {
  it('replaces lists without a merge key, tolerations among them', () => {
    const original = { tolerations: [{ key: 'a' }], containers: [{ name: 'c', args: ['x', 'y'] }] }
    expect(merged(original, { tolerations: [{ key: 'b' }], containers: [{ name: 'c', args: ['z'] }] })).toEqual({
      tolerations: [{ key: 'b' }],
      containers: [{ name: 'c', args: ['z'] }],
    })
  })

  it('merges elements by key and puts new ones in front', () => {
    const original = { containers: [{ name: 'agentgateway', image: 'a' }] }
    expect(merged(original, { containers: [{ name: 'sidecar' }, { name: 'agentgateway', tty: true }] })).toEqual({
      containers: [{ name: 'sidecar' }, { name: 'agentgateway', image: 'a', tty: true }],
    })
  })

  it('keeps untouched elements in their places among those that are patched', () => {
    const original = { containers: named('a', 'b', 'c', 'd') }
    const patch = { containers: [{ name: 'd', tty: true }, { name: 'new' }, { name: 'b', tty: true }] }
    // `d` and `b` come in the order of the patch; `a` came before `d`, and so does `c`.
    expect(merged(original, patch).containers).toEqual([
      { name: 'a' },
      { name: 'c' },
      { name: 'd', tty: true },
      { name: 'new' },
      { name: 'b', tty: true },
    ])
  })

  it('merges ports of a Service by number', () => {
    const ports = [{ name: 'listener-80', port: 80 }]
    expect(merged({ ports }, { ports: [{ port: 80, name: 'http' }, { port: 443 }] }, 'ServiceSpec')).toEqual({
      ports: [{ name: 'http', port: 80 }, { port: 443 }],
    })
  })

  it('deletes elements, and replaces all of them behind a marker whose other fields do not count', () => {
    expect(merged({ volumes: named('a', 'b') }, { volumes: [{ name: 'a', $patch: 'delete' }] })).toEqual({
      volumes: named('b'),
    })
    const patch = { volumes: [{ $patch: 'replace', name: 'lost' }, { name: 'c' }] }
    expect(merged({ volumes: named('a') }, patch)).toEqual({ volumes: named('c') })
  })

  it('orders a list by $setElementOrder, also one that is not patched', () => {
    const original = { containers: [{ name: 'c', args: ['-f', 'file'] }], volumes: named('a', 'b') }
    const patch = {
      containers: [{ name: 'c', '$setElementOrder/args': ['file', '-f'] }],
      '$setElementOrder/volumes': named('b', 'a'),
    }
    expect(merged(original, patch)).toEqual({
      containers: [{ name: 'c', args: ['file', '-f'] }],
      volumes: named('b', 'a'),
    })
  })

  it('removes scalars by $deleteFromPrimitiveList', () => {
    const original = { dnsConfig: { searches: ['a', 'b'] } }
    expect(merged(original, { dnsConfig: { '$deleteFromPrimitiveList/searches': ['a'] } })).toEqual({
      dnsConfig: { searches: ['b'] },
    })
  })

  it('refuses elements without their key', () => {
    for (const element of [{ image: 'x' }, 'text', { $patch: 'delete' }, { name: 'a', $patch: 'merge' }]) {
      expect(strategicMerge({ containers: named('a') }, { containers: [element] }, 'PodSpec').flaws).toHaveLength(1)
    }
  })

  it('leaves the original as it was', () => {
    const original = Object.freeze({ containers: Object.freeze([Object.freeze({ name: 'a' })]) })
    merged(original, { containers: [{ name: 'a', tty: true }, { name: 'b' }] })
    expect(original).toEqual({ containers: [{ name: 'a' }] })
  })
})

describe('types', () => {
  it('drops fields that the kind does not have, and nulls', () => {
    const { value, flaws } = typedSpec({ replica: 3, replicas: null, paused: true }, 'DeploymentSpec')
    expect({ value, flaws }).toEqual({ value: { paused: true }, flaws: [] })
  })

  it('says where a value has the wrong type', () => {
    const spec = { replicas: 'three', template: { spec: { containers: { name: 'x' }, hostNetwork: 'yes' } } }
    expect(typedSpec(spec, 'DeploymentSpec').flaws).toEqual([
      'spec.replicas must be a whole number',
      'spec.template.spec.containers must be a list',
      'spec.template.spec.hostNetwork must be true or false',
    ])
  })

  it('writes amounts as text and keeps ports that are numbers or names', () => {
    const container = { resources: { limits: { cpu: 2 } }, livenessProbe: { httpGet: { port: 'http' } } }
    expect(typedSpec({ containers: [container] }, 'PodSpec').value).toEqual({
      containers: [{ resources: { limits: { cpu: '2' } }, livenessProbe: { httpGet: { port: 'http' } } }],
    })
  })
})
