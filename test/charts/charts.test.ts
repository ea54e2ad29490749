// The charts, rendered by helm: names and values of the Go controller's chart, rights that are no more than is needed, and
// settings that the program understands.
import { describe, expect, it } from 'vitest'
import { isJsonList, isJsonObject, type Json, type JsonObject, objectIn, textIn } from '../../src/kube/json.ts'
import { readSettings } from '../../src/settings.ts'
import { PROXY_RELEASE } from '../../src/translate/deployments.ts'
import { CHARTS, helm, rendered, runHelm, template } from './helm.ts'

const CHART = 'agentgateway-control-plane'

function kinds(values: JsonObject = {}): readonly string[] {
  return rendered(CHART, values).map(({ kind }) => textIn(kind) ?? '')
}

function find(kind: string, values: JsonObject = {}, name?: RegExp): JsonObject {
  const found = rendered(CHART, values).find(
    (each) => each.kind === kind && (name === undefined || name.test(textIn(objectIn(each.metadata).name) ?? '')),
  )
  if (found === undefined) throw new Error(`no ${kind} is rendered`)
  return found
}

function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>(
    (each, key) => (typeof key === 'number' ? (isJsonList(each) ? each[key] : undefined) : objectIn(each)[key]),
    value,
  )
}

const podOf = (values: JsonObject = {}) => objectIn(at(find('Deployment', values), 'spec', 'template', 'spec'))
const containerOf = (values: JsonObject = {}) => objectIn(at(podOf(values), 'containers', 0))

function environment(values: JsonObject = {}): Readonly<Record<string, string | undefined>> {
  const { env } = containerOf(values)
  const entries = (isJsonList(env) ? env : []).filter(isJsonObject)
  return Object.fromEntries(entries.map(({ name, value }) => [textIn(name) ?? '', textIn(value)]))
}

function rules(role: JsonObject): readonly JsonObject[] {
  return (isJsonList(role.rules) ? role.rules : []).filter(isJsonObject)
}

function verbsOn(role: JsonObject, resource: string): readonly Json[] {
  return rules(role)
    .filter(({ resources }) => isJsonList(resources) && resources.includes(resource))
    .flatMap(({ verbs }) => (isJsonList(verbs) ? verbs : []))
}

describe.runIf(helm !== undefined)('charts', () => {
  it('are accepted by helm lint', () => {
    for (const chart of [CHART, `${CHART}-crds`]) {
      const { isOk, output, error } = runHelm('lint', '--strict', `${CHARTS}/${chart}`)
      expect(isOk, output + error).toBe(true)
    }
  })

  it('install our kinds', () => {
    const names = rendered(`${CHART}-crds`).map(({ kind, metadata }) => `${kind} ${objectIn(metadata).name}`)
    expect(names.toSorted()).toEqual([
      'CustomResourceDefinition agentgatewaybackends.agentgateway.dev',
      'CustomResourceDefinition agentgatewaymodels.agentgateway.dev',
      'CustomResourceDefinition agentgatewayparameters.agentgateway.dev',
      'CustomResourceDefinition agentgatewaypolicies.agentgateway.dev',
    ])
  })

  it('install the kinds of other projects when they are asked to', () => {
    const namesWith = (dialects: JsonObject): readonly string[] =>
      rendered(`${CHART}-crds`, { dialects })
        .map(({ metadata }) => textIn(objectIn(metadata).name) ?? '')
        .filter((name) => !name.endsWith('.agentgateway.dev'))
    expect(namesWith({ kmcp: true })).toEqual(['mcpservers.kagent.dev'])
    expect(namesWith({ kgateway: true, agentkube: true }).toSorted()).toEqual([
      'backendconfigpolicies.gateway.kgateway.dev',
      'backends.gateway.kgateway.dev',
      'directresponses.gateway.kgateway.dev',
      'gatewayextensions.gateway.kgateway.dev',
      'gatewayparameters.gateway.kgateway.dev',
      'httplistenerpolicies.gateway.kgateway.dev',
      'llmgateways.agentkube.io',
      'mcps.agentkube.io',
      'trafficpolicies.gateway.kgateway.dev',
    ])
  })

  it('run MCPServers only when they are told to', () => {
    expect(environment().AGW_RUN_MCP_SERVERS).toBeUndefined()
    expect(environment({ mcpServers: { run: true } }).AGW_RUN_MCP_SERVERS).toBe('true')
  })
})

describe.runIf(helm !== undefined)('the control plane', () => {
  it('is an account, roles, a Service and a Deployment unless more is asked for', () => {
    expect(kinds().toSorted()).toEqual([
      ...['ClusterRole', 'ClusterRole', 'ClusterRoleBinding', 'ClusterRoleBinding', 'Deployment'],
      ...['Role', 'RoleBinding', 'Service', 'ServiceAccount'],
    ])
  })

  it('gets settings that it understands', () => {
    const values = {
      ...{ discoveryNamespaceSelectors: [{ matchLabels: { team: 'a' } }], controllerName: 'example.com/c' },
      ...{ gatewayClassName: 'mine', gatewayClassParametersRefs: { mine: { name: 'p', namespace: 'x' } } },
      istio: { autoEnabled: true, namespace: 'mesh', revision: 'r', clusterId: 'c', network: 'n', caAddress: 'ca' },
      controller: { extraEnv: { AGW_XDS_AUTH: false }, service: { ports: { agwGrpc: 1, health: 2, metrics: 3 } } },
      ...{ inferenceExtension: { enabled: true }, agentgatewayModels: { enabled: true } },
    }
    const variables = environment(values)
    const known = new Set(['POD_NAMESPACE'])
    expect(Object.keys(variables).filter((name) => !name.startsWith('AGW_') && !known.has(name))).toEqual([])
    const { settings, errors } = readSettings({}, { ...variables, POD_NAMESPACE: 'agw' })
    expect(errors).toEqual([])
    expect(settings).toMatchObject({
      ...{ xdsMode: 'tls', xdsPort: 1, healthPort: 2, metricsPort: 3, xdsAuth: false, className: 'mine' },
      ...{ controllerName: 'example.com/c', xdsServiceName: 'test-release-agentgateway-control-plane' },
      ...{ istioAutoEnabled: true, istioNamespace: 'mesh', istioRevision: 'r', istioClusterId: 'c', istioNetwork: 'n' },
      ...{ istioCaAddress: 'ca', enableModels: true, enableInferencePool: true, proxyImageTag: PROXY_RELEASE },
      discoveryNamespaceSelectors: '[{"matchLabels":{"team":"a"}}]',
      classParameters: { mine: { name: 'p', namespace: 'x', kind: 'AgentgatewayParameters' } },
    })
  })

  it('satisfies the restricted pod security standard', () => {
    const { securityContext } = containerOf()
    expect(securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      runAsNonRoot: true,
      capabilities: { drop: ['ALL'] },
    })
    expect(podOf().securityContext).toEqual({ seccompProfile: { type: 'RuntimeDefault' } })
    const own = { securityContext: { runAsUser: 1 }, podSecurityContext: { fsGroup: 2 } }
    expect(containerOf(own).securityContext).toEqual({ runAsUser: 1 })
    expect(podOf(own).securityContext).toEqual({ fsGroup: 2 })
  })

  it('is probed where it listens', () => {
    const { readinessProbe, startupProbe, livenessProbe, ports } = containerOf()
    expect(readinessProbe).toEqual({
      httpGet: { path: '/readyz', port: 'health' },
      initialDelaySeconds: 1,
      periodSeconds: 10,
    })
    expect(startupProbe).toEqual({
      httpGet: { path: '/readyz', port: 'health' },
      periodSeconds: 1,
      failureThreshold: 120,
    })
    expect(at(livenessProbe, 'httpGet', 'path')).toBe('/healthz')
    expect(ports).toMatchObject([
      { name: 'grpc-xds-agw', containerPort: 9978 },
      { name: 'health', containerPort: 9093 },
      { name: 'metrics', containerPort: 9092 },
    ])
  })

  it.each([
    [{ controller: { image: { tag: '1.2.3' } } }, 'v1.2.3'],
    [{ controller: { image: { tag: 'v1.2.3' } } }, 'v1.2.3'],
    [{ controller: { image: { tag: 'latest' } } }, 'latest'],
    [{ image: { tag: '1.2.3-rc.1' } }, 'v1.2.3-rc.1'],
    [{ image: { tag: '12' } }, '12'],
    [{}, 'v0.1.0'],
  ])('tags its image: %j is %s', (values, tag) => {
    expect(containerOf(values).image).toBe(`cr.agentgateway.dev/agentgateway-control-plane:${tag}`)
  })

  it('passes the tag of proxies on as it is, and every registry may be another', () => {
    const values = {
      image: { registry: 'mirror.example', tag: '9' },
      proxy: { image: { registry: 'other.example', tag: '1.2.3' } },
    }
    expect(environment(values)).toMatchObject({
      AGW_PROXY_IMAGE_REGISTRY: 'other.example',
      AGW_PROXY_IMAGE_REPOSITORY: 'agentgateway',
      AGW_PROXY_IMAGE_TAG: '1.2.3',
    })
    expect(containerOf(values).image).toBe('mirror.example/agentgateway-control-plane:9')
    expect(environment({ image: { tag: '9' } }).AGW_PROXY_IMAGE_TAG).toBe('9')
  })

  it('takes further environment in three forms, sorted, and refuses others', () => {
    const valueFrom = { secretKeyRef: { name: 's', key: 'k' } }
    const { env } = containerOf({ controller: { extraEnv: { B: { value: 1 }, C: { valueFrom }, A: true } } })
    const extra = (isJsonList(env) ? env : []).filter((entry) => /^[ABC]$/.test(textIn(objectIn(entry).name) ?? ''))
    expect(extra).toEqual([
      { name: 'A', value: 'true' },
      { name: 'B', value: '1' },
      { name: 'C', valueFrom },
    ])
    for (const bad of [{ value: '1', valueFrom }, {}]) {
      const { isOk, error } = template(CHART, { controller: { extraEnv: { X: bad } } })
      expect(isOk).toBe(false)
      expect(error).toContain('controller.extraEnv.X must have exactly one of value and valueFrom')
    }
  })

  it('refuses parameters of a class without a namespace, and values it does not know', () => {
    expect(template(CHART, { gatewayClassParametersRefs: { c: { name: 'p' } } }).error).toContain(
      'gatewayClassParametersRefs.c.namespace is required',
    )
    expect(template(CHART, { controler: {} }).error).toContain('controler')
    expect(template(CHART, { controller: { logLevel: 'loud' } }).isOk).toBe(false)
    expect(template(CHART, { controller: { xds: { mode: 'Either' }, logLevel: 'INFO' } }).isOk).toBe(true)
  })

  it('honours zero and false where they mean something', () => {
    const service = { healthCheckNodePort: 0, allocateLoadBalancerNodePorts: false, clusterIP: 'None' }
    expect(find('Service', { controller: { service } }).spec).toMatchObject(service)
    expect(Object.keys(objectIn(find('Service').spec)).toSorted()).toEqual(['ports', 'selector', 'type'])
    expect(find('Deployment', { controller: { revisionHistoryLimit: 0 } }).spec).toMatchObject({
      revisionHistoryLimit: 0,
    })
    expect(kinds({ controller: { service: { enabled: false } } })).not.toContain('Service')
  })

  it('has budgets and autoscalers when they are specified, for its own pods', () => {
    const controller = {
      podDisruptionBudget: { minAvailable: 1 },
      horizontalPodAutoscaler: { minReplicas: 2, maxReplicas: 4 },
      verticalPodAutoscaler: { updatePolicy: { updateMode: 'Off' } },
    }
    const values = { controller, commonLabels: { team: 'a' } }
    const name = 'test-release-agentgateway-control-plane'
    const target = { apiVersion: 'apps/v1', kind: 'Deployment', name }
    expect(find('PodDisruptionBudget', values)).toMatchObject({
      metadata: { labels: { team: 'a' } },
      spec: { minAvailable: 1, selector: { matchLabels: { agentgateway: 'agentgateway' } } },
    })
    expect(find('HorizontalPodAutoscaler', values).spec).toEqual({
      scaleTargetRef: target,
      ...controller.horizontalPodAutoscaler,
    })
    expect(find('VerticalPodAutoscaler', values).spec).toEqual({
      targetRef: target,
      ...controller.verticalPodAutoscaler,
    })
    expect(objectIn(find('Deployment', values).spec)).not.toHaveProperty('replicas')
  })

  it('takes what users add to pods', () => {
    const values = {
      ...{
        nodeSelector: { a: 'b' },
        tolerations: [{ key: 'k' }],
        affinity: { nodeAffinity: {} },
        dnsConfig: { options: [] },
      },
      ...{
        podLabels: { p: 'l' },
        podAnnotations: { x: 'y' },
        deploymentAnnotations: { d: 'a' },
        imagePullSecrets: [{ name: 's' }],
      },
      controller: {
        ...{ priorityClassName: 'high', strategy: { type: 'Recreate' }, extraContainers: [{ name: 'side' }] },
        ...{ extraVolumes: [{ name: 'v', emptyDir: {} }], extraVolumeMounts: [{ name: 'v', mountPath: '/v' }] },
      },
    }
    expect(find('Deployment', values)).toMatchObject({
      metadata: { annotations: { d: 'a' } },
      spec: {
        strategy: { type: 'Recreate' },
        template: {
          metadata: { labels: { p: 'l' }, annotations: { x: 'y', 'prometheus.io/port': '9092' } },
          spec: {
            ...{ nodeSelector: { a: 'b' }, tolerations: [{ key: 'k' }], affinity: { nodeAffinity: {} } },
            ...{ priorityClassName: 'high', imagePullSecrets: [{ name: 's' }], volumes: [{ name: 'v', emptyDir: {} }] },
            containers: [{ volumeMounts: [{ name: 'v', mountPath: '/v' }] }, { name: 'side' }],
          },
        },
      },
    })
  })

  it('lets in only what it is there for when there is a network policy', () => {
    const { spec } = find('NetworkPolicy', { networkPolicy: { enabled: true, xdsFrom: [{ podSelector: {} }] } })
    expect(spec).toMatchObject({
      policyTypes: ['Ingress'],
      ingress: [
        { ports: [{ port: 9978 }], from: [{ podSelector: {} }] },
        { ports: [{ port: 9092 }], from: [{ namespaceSelector: {} }] },
        { ports: [{ port: 9093 }] },
      ],
    })
  })

  it('is monitored when that is asked for, with rules and dashboards that are well-formed', () => {
    const values = {
      monitoring: { enabled: true, proxy: { gatewayClassNames: ['a', 'b'], namespaceSelector: { any: true } } },
    }
    expect(kinds(values)).toEqual(
      expect.arrayContaining(['ServiceMonitor', 'PodMonitor', 'PrometheusRule', 'ConfigMap']),
    )
    expect(find('PodMonitor', values).spec).toMatchObject({ namespaceSelector: { any: true } })
    const groups = at(find('PrometheusRule', values), 'spec', 'groups')
    expect(at(groups, 0, 'rules', 0)).toMatchObject({ alert: 'AgentgatewayControlPlaneDown' })
    expect(JSON.stringify(groups)).toContain('{{ $labels.gateway }}')
    const dashboards = Object.values(objectIn(find('ConfigMap', values).data))
    expect(dashboards.map((text) => JSON.parse(String(text)).uid).toSorted()).toEqual([
      'agentgateway',
      'agentgateway-control-plane',
    ])
    const less = { ...values.monitoring, prometheusRule: { enabled: false }, grafanaDashboard: { enabled: false } }
    expect(kinds({ monitoring: less })).not.toEqual(expect.arrayContaining(['PrometheusRule']))
  })
})

describe.runIf(helm !== undefined)('rights', () => {
  const cluster = (values: JsonObject = {}) => find('ClusterRole', values, /[^r]$/)
  const deployer = () => find('ClusterRole', {}, /-deployer$/)

  it('in the whole cluster are to read, to write statuses, and nothing else but the GatewayClass', () => {
    for (const { resources, verbs } of rules(cluster())) {
      if (!isJsonList(resources) || !isJsonList(verbs)) throw new Error('no rule')
      if (resources.includes('gatewayclasses')) expect(verbs).toEqual(['create', 'get', 'list', 'patch', 'watch'])
      else if (resources.includes('tokenreviews')) expect(verbs).toEqual(['create'])
      else if (resources.every((resource) => String(resource).endsWith('/status')))
        expect(verbs).toEqual(['patch', 'update'])
      else expect(verbs).toEqual(['get', 'list', 'watch'])
      expect(resources).not.toContain('*')
    }
  })

  it('on kinds that are turned off do not exist', () => {
    expect(verbsOn(cluster(), 'inferencepools')).toEqual([])
    expect(verbsOn(cluster(), 'agentgatewaymodels/status')).toEqual([])
    const values = { inferenceExtension: { enabled: true }, agentgatewayModels: { enabled: true } }
    expect(verbsOn(cluster(values), 'inferencepools')).toEqual(['get', 'list', 'watch'])
    expect(verbsOn(cluster(values), 'agentgatewaymodels/status')).toEqual(['patch', 'update'])
  })

  it('to delete are only where something is pruned', () => {
    const deletable = rules(deployer()).filter(({ verbs }) => isJsonList(verbs) && verbs.includes('delete'))
    expect(deletable.flatMap(({ resources }) => (isJsonList(resources) ? resources : [])).toSorted()).toEqual([
      ...['daemonsets', 'deployments', 'horizontalpodautoscalers', 'poddisruptionbudgets'],
    ])
  })

  it('to deploy can be limited to namespaces', () => {
    const values = { rbac: { gatewayNamespaces: ['a', 'b', 'a'] } }
    const bindings = rendered(CHART, values).filter(
      (each) => at(each, 'roleRef', 'name') === 'test-release-agentgateway-control-plane-agw-deployer',
    )
    expect(bindings.map(({ kind, metadata }) => `${kind} ${objectIn(metadata).namespace}`)).toEqual([
      'RoleBinding a',
      'RoleBinding b',
    ])
    for (const binding of bindings) expect(at(binding, 'subjects', 0, 'namespace')).toBe('agw')
  })

  it('are bound to nobody without an account of our own', () => {
    const list = kinds({ serviceAccount: { create: false } })
    expect(list.filter((kind) => kind.endsWith('Binding') || kind === 'ServiceAccount')).toEqual([])
    expect(podOf({ serviceAccount: { create: false } }).serviceAccountName).toBe('default')
  })
})
