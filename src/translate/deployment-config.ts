// The ConfigMaps of a proxy: its configuration file and the CA it trusts for xDS, and the checksums that make new pods when
// one of them changes. The checksums are part of the contract: pods must not roll because the control plane was exchanged.
// (spec: deployer, config ConfigMap, checksums)
import { createHash } from 'node:crypto'
import { stringify } from 'yaml'
import { isJsonList, isJsonObject, type JsonObject, objectIn } from '../kube/json.ts'
import type { RenderedObject } from '../kube/proxy-deployment.ts'
import type { Labels, ProxyNames } from './deployment-labels.ts'
import type { ProxyParameters } from './deployment-parameters.ts'
import { PROXY_PORTS } from './deployment-service.ts'

/** Where a catalog's ConfigMap is mounted. */
export function catalogFolder(configMap: string): string {
  return `/etc/agentgateway/model-catalog/${configMap}`
}

/** YAML as it is printed everywhere: keys sorted, nothing folded. */
export function sortedYaml(value: unknown): string {
  return stringify(value, {
    version: '1.1',
    indentSeq: false,
    lineWidth: 0,
    sortMapEntries: true,
    aliasDuplicateObjects: false,
  })
}

/** The SHA-256 of a text, in hex. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

/** A rendered ConfigMap and the checksum of its content. */
export interface ConfigRendering {
  readonly object: RenderedObject
  readonly checksum: string
}

/** The ConfigMap with the proxy's configuration file. */
export function renderConfig(names: ProxyNames, parameters: ProxyParameters): ConfigRendering {
  const merged = over(parameters.rawConfig, typedConfig(parameters))
  const text = sortedYaml(Object.keys(merged).length === 0 ? { config: {} } : merged)
  const { name, objectLabels, annotations } = names
  const lines = [
    ...head(name),
    '  annotations:',
    ...(annotations === undefined ? ['    {}'] : yamlLines(annotations)),
    '  labels:',
    ...yamlLines(objectLabels),
    'data:',
    '  config.yaml: |',
    ...indented(text.replace(/\n$/, '')),
    '',
  ]
  return {
    object: {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name, labels: objectLabels, ...(annotations === undefined ? {} : { annotations }) },
      data: { 'config.yaml': text },
    },
    checksum: sha256(lines.join('\n')),
  }
}

/** What is wrong with a configuration that binds ports of listeners, or of the proxy's own servers, which would fail. */
export function rawPortClash({ binds }: JsonObject, ports: readonly number[]): string | undefined {
  const taken = new Set<unknown>([...ports, ...Object.values(PROXY_PORTS)])
  const found = (isJsonList(binds) ? binds : []).map((bind) => objectIn(bind).port).filter((port) => taken.has(port))
  if (found.length === 0) return undefined
  return `rawConfig.binds: port ${found.join(', ')} is bound by the Gateway or by the proxy itself already; bind another one`
}

/** The ConfigMap with the CA of the xDS server. */
export function renderXdsCa({ xdsCaName, objectLabels }: ProxyNames, ca: string): ConfigRendering {
  const lines = [
    ...head(xdsCaName),
    '  labels:',
    ...yamlLines(objectLabels),
    'data:',
    '  ca.crt: |',
    ...indented(ca),
    '',
  ]
  return {
    object: {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: xdsCaName, labels: objectLabels },
      data: { 'ca.crt': `${ca.replace(/\n+$/, '')}\n` },
    },
    checksum: sha256(lines.join('\n')),
  }
}

function head(name: string): readonly string[] {
  return ['', 'apiVersion: v1', 'kind: ConfigMap', 'metadata:', `  name: ${name}`]
}

function yamlLines(labels: Labels): readonly string[] {
  return indented(sortedYaml(labels).replace(/\n$/, ''))
}

function indented(text: string): readonly string[] {
  return text.split('\n').map((line) => `    ${line}`)
}

function typedConfig({ logFormat, modelCatalog, spiffe }: ProxyParameters): JsonObject {
  const config: JsonObject = {
    ...(logFormat === undefined ? {} : { logging: { format: logFormat } }),
    ...(modelCatalog.length === 0
      ? {}
      : {
          modelCatalog: modelCatalog.map(({ configMap }) => ({
            file: `${catalogFolder(configMap)}/${configMap}.json`,
          })),
        }),
    ...(spiffe === undefined ? {} : { spiffe: { endpoint: `unix://${spiffe.mountPath}/${spiffe.socketName}` } }),
  }
  return Object.keys(config).length === 0 ? {} : { config }
}

function over(lower: JsonObject, upper: JsonObject): JsonObject {
  const result = { ...lower }
  for (const [key, value] of Object.entries(upper)) {
    const below = result[key]
    result[key] = isJsonObject(below) && isJsonObject(value) ? over(below, value) : value
  }
  return result
}
