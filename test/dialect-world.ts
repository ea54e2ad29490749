// A dialect's function on plain objects, without the engine: other objects are found by kind and name.
import { load } from 'js-yaml'
import type { Carried, DialectKind, DialectReads, DialectSettings, ForeignObject } from '../src/dialects/carried.ts'
import { byLabels } from '../src/kube/labels.ts'
import { type KubeObject, keyOf } from '../src/kube/object.ts'
import { readerOf } from './plain-reader.ts'

/** Settings of a fresh installation. */
export const dialectSettings: DialectSettings = {
  className: 'agentgateway',
  clusterDomain: 'cluster.local',
  proxyImage: 'registry.test/agentgateway:v1',
}

/** An object of some kind in namespace `ns`, its spec in YAML. */
export function foreign(kind: Pick<DialectKind, 'group' | 'kind'>, name: string, spec: string): ForeignObject {
  return {
    apiVersion: `${kind.group}/v1alpha1`,
    kind: kind.kind,
    metadata: { name, namespace: 'ns', generation: 3 },
    spec: load(spec),
  }
}

/** What the objects around one are found by. */
function dialectReads(objects: readonly KubeObject[] = []): DialectReads {
  const of = <T extends KubeObject>(kind: string) =>
    // Tests hand in objects of the kind that they name.
    readerOf(
      objects.filter((each) => each.kind === kind).map((each) => [keyOf(each), each as T] as const),
      byLabels,
    )
  return {
    secrets: of('Secret'),
    services: of('Service'),
    backends: of('Backend'),
    configmaps: of('ConfigMap'),
    gateways: of('Gateway'),
    gatewayextensions: of('GatewayExtension'),
    mcpservers: of('MCPServer'),
    mcps: of('MCP'),
  }
}

/** Carries an object over, among others. */
export function carry(kind: DialectKind, object: ForeignObject, others: readonly KubeObject[] = []): Carried {
  return kind.carry(object, { read: dialectReads([...others, object]), settings: dialectSettings })
}

/** The specs of what was made, by kind and name. */
export function specsOf({ made }: Carried): Readonly<Record<string, unknown>> {
  return Object.fromEntries(made.map(({ object }) => [`${object.kind} ${object.metadata.name}`, object.spec]))
}

/** Problems as `path: message`, with a mark for warnings. */
export function told({ problems }: Pick<Carried, 'problems'>): readonly string[] {
  return problems.map(({ path, message, severity }) => `${severity === 'warning' ? '! ' : ''}${path}: ${message}`)
}
