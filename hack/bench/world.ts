// The world that is measured: Gateways in namespaces of their own, with the routes, Services, Pods and EndpointSlices
// that a busy cluster has; as objects, and as a folder of manifests.
import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { KubeObject } from '../../src/kube/object.ts'

/** How much there is. */
export interface WorldSize {
  readonly gateways: number
  readonly routes: number
  readonly services: number
}

/** The size that the targets are for. */
export const FULL_SIZE: WorldSize = { gateways: 10, routes: 5000, services: 1000 }

/** A tenth of it, for a quick look. */
export const SMALL_SIZE: WorldSize = { gateways: 10, routes: 500, services: 100 }

const ROUTES_PER_FILE = 100

/** The n-th Gateway, as `namespace/name`. */
export function gatewayName(n: number): string {
  return `bench-${n}/gw-${n}`
}

/** One route; `token` is found again in what proxies receive. */
export function route(number: number, { gateways, services }: WorldSize, token: string): KubeObject {
  const gateway = number % gateways
  const perGateway = Math.max(1, Math.floor(services / gateways))
  return object(
    'gateway.networking.k8s.io/v1',
    'HTTPRoute',
    { name: `route-${number}`, namespace: `bench-${gateway}` },
    {
      spec: {
        parentRefs: [{ name: `gw-${gateway}` }],
        hostnames: [`host-${number}.example.com`],
        rules: [
          {
            matches: [{ path: { type: 'PathPrefix', value: `/p${number}` } }],
            filters: [
              {
                type: 'RequestHeaderModifier',
                requestHeaderModifier: { set: [{ name: 'x-token', value: token }] },
              },
            ],
            backendRefs: [{ name: `svc-${Math.floor(number / gateways) % perGateway}`, port: 80 }],
          },
        ],
      },
    },
  )
}

/** Everything, by file. */
export function worldFiles(size: WorldSize): ReadonlyMap<string, readonly KubeObject[]> {
  const files = new Map<string, readonly KubeObject[]>()
  const spec = { controllerName: 'agentgateway.dev/agentgateway' }
  files.set('class.yaml', [object('gateway.networking.k8s.io/v1', 'GatewayClass', { name: 'agentgateway' }, { spec })])
  for (let gateway = 0; gateway < size.gateways; gateway += 1) {
    files.set(`gateway-${gateway}.yaml`, gatewayObjects(gateway))
    files.set(`services-${gateway}.yaml`, serviceObjects(gateway, Math.floor(size.services / size.gateways)))
    const numbers = Array.from(
      { length: Math.floor(size.routes / size.gateways) },
      (_, i) => i * size.gateways + gateway,
    )
    // The first route of each Gateway has a file of its own, which is what gets edited.
    files.set(editedFile(gateway), [route(gateway, size, 'none')])
    for (let start = 1; start < numbers.length; start += ROUTES_PER_FILE) {
      const part = numbers.slice(start, start + ROUTES_PER_FILE)
      files.set(
        `routes-${gateway}-${start}.yaml`,
        part.map((number) => route(number, size, 'none')),
      )
    }
  }
  return files
}

/** Writes the whole world. */
export function writeWorld(folder: string, size: WorldSize): void {
  mkdirSync(folder, { recursive: true })
  for (const [name, objects] of worldFiles(size)) writeManifests(join(folder, name), objects)
}

/** Replaces a Gateway's edited route in one step, as editors and version control do. */
export function editRoute(
  folder: string,
  gateway: number,
  edit: { readonly size: WorldSize; readonly token: string },
): void {
  const path = join(folder, editedFile(gateway))
  writeManifests(`${path}.new`, [route(gateway, edit.size, edit.token)])
  renameSync(`${path}.new`, path)
}

function editedFile(gateway: number): string {
  return `edited-${gateway}.yaml`
}

/** JSON is YAML, but nobody's manifests are; so they are written as people would. */
function writeManifests(path: string, objects: readonly KubeObject[]): void {
  writeFileSync(path, objects.map((each) => `---\n${yaml(each, 0)}`).join(''))
}

function yaml(value: object, depth: number): string {
  const indent = '  '.repeat(depth)
  return Object.entries(value)
    .map(([key, field]: readonly [string, unknown]) => {
      if (Array.isArray(field)) return `${indent}${key}:\n${field.map((item) => listItem(item, depth + 1)).join('')}`
      if (field !== null && typeof field === 'object') return `${indent}${key}:\n${yaml(field, depth + 1)}`
      return `${indent}${key}: ${JSON.stringify(field)}\n`
    })
    .join('')
}

function listItem(item: unknown, depth: number): string {
  const indent = '  '.repeat(depth)
  if (item === null || typeof item !== 'object') return `${indent}- ${JSON.stringify(item)}\n`
  return `${indent}- ${yaml(item, depth + 1).trimStart()}`
}

function gatewayObjects(gateway: number): readonly KubeObject[] {
  const listeners = [{ name: 'http', port: 8080, protocol: 'HTTP' }]
  return [
    object('v1', 'Namespace', { name: `bench-${gateway}` }, {}),
    object(
      'gateway.networking.k8s.io/v1',
      'Gateway',
      { name: `gw-${gateway}`, namespace: `bench-${gateway}` },
      {
        spec: { gatewayClassName: 'agentgateway', listeners },
      },
    ),
  ]
}

function serviceObjects(gateway: number, count: number): readonly KubeObject[] {
  const namespace = `bench-${gateway}`
  return Array.from({ length: count }, (_, service) => {
    const name = `svc-${service}`
    const ip = `10.${100 + gateway}.${Math.floor(service / 250)}.${1 + (service % 250)}`
    const pod = { name: `${name}-0`, namespace, labels: { app: name } }
    return [
      object(
        'v1',
        'Service',
        { name, namespace },
        {
          spec: {
            clusterIP: `10.96.${gateway}.${service % 250}`,
            selector: { app: name },
            ports: [{ name: 'http', port: 80, targetPort: 8080, protocol: 'TCP' }],
          },
        },
      ),
      object('v1', 'Pod', pod, {
        spec: { nodeName: 'node-0', containers: [{ name: 'app', image: 'app', ports: [{ containerPort: 8080 }] }] },
        status: { phase: 'Running', podIP: ip, podIPs: [{ ip }], conditions: [{ type: 'Ready', status: 'True' }] },
      }),
      object(
        'discovery.k8s.io/v1',
        'EndpointSlice',
        { name: `${name}-a`, namespace, labels: { 'kubernetes.io/service-name': name } },
        {
          addressType: 'IPv4',
          ports: [{ name: 'http', port: 8080, protocol: 'TCP' }],
          endpoints: [
            {
              addresses: [ip],
              conditions: { ready: true },
              nodeName: 'node-0',
              targetRef: { kind: 'Pod', name: pod.name, namespace },
            },
          ],
        },
      ),
    ]
  }).flat()
}

function object(apiVersion: string, kind: string, metadata: KubeObject['metadata'], rest: object): KubeObject {
  return { apiVersion, kind, metadata, ...rest }
}
