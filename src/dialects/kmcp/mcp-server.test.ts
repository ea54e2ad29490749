import { load } from 'js-yaml'
import { describe, expect, it } from 'vitest'
import { carry, foreign, told } from '../../../test/dialect-world.ts'
import { mcpServer, serverAddress } from './mcp-server.ts'

const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'tok', namespace: 'ns' } }
const become = (spec: string) => carry(mcpServer, foreign(mcpServer, 'srv', spec), [secret])
const objects = (spec: string) =>
  Object.fromEntries(become(spec).workload.map((object) => [object.kind, object])) as unknown as Record<
    string,
    Rendered
  >

// As far as these tests look into what is rendered.
interface Rendered {
  readonly metadata: { readonly name: string; readonly labels: object }
  readonly data?: Readonly<Record<string, string>>
  readonly spec: {
    readonly ports: readonly object[]
    readonly replicas: number
    readonly selector: object
    readonly template: { readonly metadata: { annotations?: object }; readonly spec: Pod }
  }
}
interface Pod {
  readonly initContainers?: readonly object[]
  readonly containers: readonly (object & { readonly command?: readonly string[]; readonly args?: readonly string[] })[]
  readonly volumes?: readonly object[]
  readonly serviceAccountName: string
}

const stdio =
  '{transportType: stdio, deployment: {image: i, cmd: /srv/mcp, args: [stdio], port: 3000, secretRefs: [{name: tok}]}}'

describe('a server on standard input and output', () => {
  it('is four objects of its own name', () => {
    const found = become(stdio).workload.map(({ kind, metadata }) => `${kind} ${metadata.name}`)
    expect(found).toEqual(['ServiceAccount srv', 'ConfigMap srv', 'Service srv', 'Deployment srv'])
  })

  it('answers on a port that says what it speaks', () => {
    const { Service } = objects(stdio)
    expect(Service?.spec).toMatchObject({
      type: 'ClusterIP',
      selector: { 'app.kubernetes.io/name': 'srv', 'app.kubernetes.io/instance': 'srv' },
      ports: [{ name: 'http', protocol: 'TCP', port: 3000, targetPort: 3000, appProtocol: 'kgateway.dev/mcp' }],
    })
  })

  it('is started by a proxy that an init container brings', () => {
    const { Deployment, ConfigMap } = objects(stdio)
    const pod = Deployment?.spec.template.spec
    expect(pod?.initContainers).toMatchObject([
      {
        name: 'copy-binary',
        image: 'registry.test/agentgateway:v1',
        args: ['--copy-self', '/adapterbin/agentgateway'],
      },
    ])
    expect(pod?.containers[0]).toMatchObject({
      image: 'i',
      command: ['/adapterbin/agentgateway'],
      args: ['-f', '/config/local.yaml'],
      envFrom: [{ secretRef: { name: 'tok' } }],
    })
    expect(load(ConfigMap?.data?.['local.yaml'] ?? '')).toMatchObject({
      binds: [
        {
          port: 3000,
          listeners: [
            {
              routes: [
                {
                  matches: [{ path: { pathPrefix: '/sse' } }, { path: { pathPrefix: '/mcp' } }],
                  backends: [{ mcp: { targets: [{ name: 'srv', stdio: { cmd: '/srv/mcp', args: ['stdio'] } }] } }],
                },
              ],
            },
          ],
        },
      ],
    })
  })

  it('gets a dollar as it was written, although the proxy expands variables', () => {
    const { ConfigMap } = objects(
      '{transportType: stdio, deployment: {image: i, cmd: sh, args: ["-c", "echo $HOME"], env: {A: "$B"}}}',
    )
    const text = ConfigMap?.data?.['local.yaml'] ?? ''
    expect(text).toContain('echo $$HOME')
    expect(text).toContain('$$B')
  })

  it('is restarted when its command changes', () => {
    const hash = (spec: string) => JSON.stringify(objects(spec).Deployment?.spec.template.metadata.annotations)
    expect(hash(stdio)).toMatch(/[0-9a-f]{8}/)
    expect(hash(stdio.replace('/srv/mcp', '/srv/other'))).not.toBe(hash(stdio))
  })

  it('has an image where its command is one that everybody has', () => {
    const image = (cmd: string) =>
      objects(`{transportType: stdio, deployment: {cmd: ${cmd}}}`).Deployment?.spec.template.spec.containers[0]
    expect(image('npx')).toMatchObject({ image: 'node:24-alpine' })
    expect(image('uvx')).toMatchObject({ image: 'ghcr.io/astral-sh/uv:debian' })
  })

  it('keeps everything that pods can have', () => {
    const carried = become(
      `{transportType: stdio, timeout: 30s, deployment: {image: i, cmd: c, replicas: 2, imagePullPolicy: Always, imagePullSecrets: [{name: p}],
        configMapRefs: [{name: cm}], volumes: [{name: v, emptyDir: {}}], volumeMounts: [{name: v, mountPath: /v}],
        initContainer: {image: adapter:1}, serviceAccountName: acc, sidecars: [{name: s, image: s}], labels: {a: b}, annotations: {c: d},
        resources: {limits: {cpu: 1}}, securityContext: {runAsUser: 1}, podSecurityContext: {fsGroup: 1}, tolerations: [{key: t}],
        affinity: {nodeAffinity: {}}, nodeSelector: {n: m}}}`,
    )
    expect(told(carried)).toEqual([])
    const deployment = carried.workload.find(({ kind }) => kind === 'Deployment')
    expect(carried.workload.some(({ kind }) => kind === 'ServiceAccount')).toBe(false)
    expect(deployment?.spec).toMatchObject({
      replicas: 2,
      template: {
        metadata: { labels: { a: 'b', 'app.kubernetes.io/name': 'srv' }, annotations: { c: 'd' } },
        spec: {
          serviceAccountName: 'acc',
          imagePullSecrets: [{ name: 'p' }],
          securityContext: { fsGroup: 1 },
          initContainers: [{ image: 'adapter:1', securityContext: { runAsUser: 1 } }],
          containers: [
            {
              imagePullPolicy: 'Always',
              resources: { limits: { cpu: 1 } },
              volumeMounts: [
                { name: 'config' },
                { name: 'binary' },
                { name: 'cm-cm', mountPath: '/configmaps/cm', readOnly: true },
                { name: 'v', mountPath: '/v' },
              ],
            },
            { name: 's' },
          ],
          tolerations: [{ key: 't' }],
          nodeSelector: { n: 'm' },
        },
      },
    })
  })
})

describe('a server that speaks HTTP', () => {
  it('is run as it is', () => {
    const { Deployment, ConfigMap } = objects(
      '{transportType: http, httpTransport: {targetPort: 3000, path: /rpc}, deployment: {image: i, cmd: serve, args: [a], env: {A: b}}}',
    )
    expect(ConfigMap).toBeUndefined()
    expect(Deployment?.spec.template.spec.initContainers).toBeUndefined()
    expect(Deployment?.spec.template.spec.containers[0]).toMatchObject({
      command: ['serve'],
      args: ['a'],
      env: [{ name: 'A', value: 'b' }],
    })
  })

  it('is refused where its Service would lead nowhere', () => {
    const carried = become(
      '{transportType: http, httpTransport: {targetPort: 8080}, deployment: {image: i, port: 3000}}',
    )
    expect(told(carried)).toEqual([
      'spec.httpTransport.targetPort: the Service leads to deployment.port 3000, where nothing listens; both must be the same',
    ])
    expect(carried.workload).toEqual([])
  })
})

describe('what is missing', () => {
  it('is named, while the objects are there already', () => {
    const carried = become(stdio.replace('name: tok', 'name: gone'))
    expect(carried.unresolved).toEqual([{ path: 'spec.deployment.secretRefs[0]', what: 'Secret ns/gone' }])
    expect(carried.workload.length).toBe(4)
    expect(become(stdio).unresolved).toEqual([])
  })
})

it.each([
  ['{deployment: {image: i, cmd: c}}', ['spec.transportType: must be stdio or http']],
  [
    '{transportType: stdio, deployment: {cmd: c}}',
    ['spec.deployment.image: an image is required, unless cmd is uvx or npx'],
  ],
  [
    '{transportType: stdio, deployment: {image: i, cmd: c, port: 0}}',
    ['spec.deployment.port: must be between 1 and 65535'],
  ],
  [
    '{transportType: stdio, deployment: {image: i}}',
    ['spec.deployment.cmd: the command to start is required for transportType stdio'],
  ],
  [
    '{transportType: http, deployment: {image: i}}',
    ['spec.httpTransport: targetPort is required for transportType http'],
  ],
  [
    '{transportType: stdio, deployment: {image: i, cmd: c, serviceAccount: {}, serviceAccountName: x}}',
    ['spec.deployment.serviceAccount: does not go with serviceAccountName'],
  ],
  [
    '{transportType: stdio, authn: {}, deployment: {image: i, cmd: c}}',
    ['! spec.authn: spec.authn has no effect: an MCPServer is run without it'],
  ],
])('says what is wrong with %s', (spec, problems) => {
  expect(told(become(spec))).toEqual(problems)
})

it('tells where a server answers', () => {
  const at = (spec: string) => serverAddress(foreign(mcpServer, 'srv', spec))
  expect(at('{transportType: stdio}')).toEqual({ port: 3000, path: '/mcp' })
  expect(at('{transportType: http, httpTransport: {path: /rpc}, deployment: {port: 1}}')).toEqual({
    port: 1,
    path: '/rpc',
  })
  expect(at('null')).toEqual({ port: 3000, path: '/mcp' })
})
