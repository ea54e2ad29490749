// The pages about the program itself: settings, metrics and commands, each from where the program has them from.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { load } from 'js-yaml'
import { createMetrics } from '../../src/admin/metrics.ts'
import { isObject } from '../../src/schema/structure.ts'
import { inertVariables, settingFlags } from '../../src/settings.ts'
import { code, page, table } from './markdown.ts'

const root = join(import.meta.dirname, '..', '..')
const chart = join(root, 'charts', 'agentgateway-control-plane')

/** Value of the chart that sets a variable. */
const CHART_VALUES: Readonly<Record<string, string>> = {
  AGW_AGENTGATEWAY_CLASS_NAME: 'gatewayClassName',
  AGW_AGENTGATEWAY_XDS_SERVICE_PORT: 'controller.service.ports.agwGrpc',
  AGW_CONTROLLER_NAME: 'controllerName',
  AGW_DISCOVERY_NAMESPACE_SELECTORS: 'discoveryNamespaceSelectors',
  AGW_ENABLE_AGENTGATEWAY_MODELS: 'agentgatewayModels.enabled',
  AGW_ENABLE_INFER_EXT: 'inferenceExtension.enabled',
  AGW_GATEWAY_CLASS_PARAMETERS_REFS: 'gatewayClassParametersRefs',
  AGW_HEALTH_PORT: 'controller.service.ports.health',
  AGW_ISTIO_AUTO_ENABLED: 'istio.autoEnabled',
  AGW_ISTIO_CA_ADDRESS: 'istio.caAddress',
  AGW_ISTIO_CLUSTER_ID: 'istio.clusterId',
  AGW_ISTIO_NAMESPACE: 'istio.namespace',
  AGW_ISTIO_NETWORK: 'istio.network',
  AGW_ISTIO_REVISION: 'istio.revision',
  AGW_LOG_LEVEL: 'controller.logLevel',
  AGW_METRICS_PORT: 'controller.service.ports.metrics',
  AGW_PROXY_IMAGE_REGISTRY: 'proxy.image.registry',
  AGW_PROXY_IMAGE_REPOSITORY: 'proxy.image.repository',
  AGW_PROXY_IMAGE_TAG: 'proxy.image.tag',
  AGW_RUN_MCP_SERVERS: 'mcpServers.run',
  AGW_XDS_MODE: 'controller.xds.mode',
}

// The chart names the Service after itself, so there is no value to set.
const SET_BY_CHART = ['AGW_XDS_SERVICE_NAME']

/** What the chart sets and the table above does not know, and what the table says of a chart that is not so. */
function chartDifferences(): readonly string[] {
  const template = readFileSync(join(chart, 'templates', 'deployment.yaml'), 'utf8')
  const values: unknown = load(readFileSync(join(chart, 'values.yaml'), 'utf8'))
  const at = (path: string): unknown =>
    path.split('.').reduce((value: unknown, step) => (isObject(value) ? value[step] : undefined), values)
  const set = [...template.matchAll(/name: (AGW_[A-Z_]+)\n/g)].map(([, name = '']) => name)
  return [
    ...set.filter((name) => CHART_VALUES[name] === undefined && !SET_BY_CHART.includes(name)),
    ...Object.values(CHART_VALUES).filter((path) => at(path) === undefined),
  ]
}

function shown(fallback: unknown): string {
  if (fallback === undefined || fallback === '') return '–'
  return code(typeof fallback === 'object' ? JSON.stringify(fallback) : String(fallback))
}

/** The page about settings. */
export function settingsPage(notice: string): string {
  const wrong = chartDifferences()
  if (wrong.length > 0) throw new Error(`settings of the chart that the reference has wrong: ${wrong.join(', ')}`)
  return page([
    notice,
    '# Settings',
    '',
    'A setting is a flag of `agwcp serve`, an environment variable, and in a cluster often a value of the chart. The flag wins. `agwcp translate`',
    'takes the same as `--set key=value`, where the key is the flag without dashes in front. A value that cannot be read ends the program at once.',
    'Variables without a chart value go into `controller.extraEnv`.',
    '',
    ...table(
      ['flag', 'default', 'meaning', 'variable', 'chart value'],
      settingFlags().map(({ flag, variable, help, fallback }) => {
        const value = CHART_VALUES[variable]
        return [code(`--${flag}`), shown(fallback), help, code(variable), value === undefined ? '–' : code(value)]
      }),
    ),
    `${inertVariables().map(code).join(', ')} are those of the Go controller that mean nothing here. They are checked and have no effect.`,
    '',
    '## Environment of the platform',
    '',
    ...table(
      ['variable', 'meaning'],
      [
        ['`KUBECONFIG`', 'the cluster, if not the one that the pod is in'],
        ['`POD_NAMESPACE`', 'namespace of the control plane: where its Lease, Secrets and ConfigMaps are'],
        ['`CLUSTER_DOMAIN`', 'DNS domain of the cluster, where the resolver of the pod does not tell'],
        [
          '`KUBERNETES_SERVICE_HOST`, `KUBERNETES_SERVICE_PORT`',
          'set in every pod: the API server, and that this is a pod',
        ],
      ],
    ),
  ])
}

/** The page about metrics. */
export function metricsPage(notice: string): string {
  const metrics = createMetrics('')
  metrics.gauges(() => ({ objects: {}, configBytes: {} }))
  metrics.failures(() => 0)
  metrics.problems(() => ({}))
  const all = metrics.registry.getMetricsAsArray().map((metric) => {
    // prom-client keeps the names of labels beside what its types tell of a metric.
    const { labelNames = [] } = metric as { readonly labelNames?: readonly string[] }
    const type = String(metric.type ?? metric.constructor.name.toLowerCase())
    return { name: metric.name, help: metric.help, labels: labelNames, type }
  })
  const rows = all
    .filter(({ name }) => name.startsWith('agentgateway_'))
    .map(({ name, help, labels, type }) => [code(name), type, labels.map(code).join(', ') || '–', help])
  return page([
    notice,
    '# Metrics',
    '',
    'In the text format of Prometheus at `:9092/metrics`. The chart has [alerts](../../charts/agentgateway-control-plane/alerts) and',
    '[dashboards](../../charts/agentgateway-control-plane/dashboards) made of them.',
    '',
    ...table(['name', 'type', 'labels', 'meaning'], rows),
    // Which of them there are depends on the platform.
    'Of a histogram there are `_bucket`, `_sum` and `_count`. About the process there are `process_*` (CPU, memory, open files) and `nodejs_*`',
    '(event loop, heap, garbage collection).',
  ])
}

function help(...words: readonly string[]): string {
  const main = join(root, 'src', 'main.ts')
  const environment = { ...process.env, NO_COLOR: '1' }
  const { stdout, status } = spawnSync(process.execPath, [main, ...words, '--help'], {
    encoding: 'utf8',
    env: environment,
  })
  if (status !== 0) throw new Error(`agwcp ${words.join(' ')} --help: status ${status}`)
  return stdout.trimEnd()
}

/** The page about commands. */
export function commandsPage(notice: string): string {
  const overview = help()
  const [, list = ''] = overview.split('\nCommands:\n')
  const names = [...list.matchAll(/^ {2}([a-z]+) /gm)].map(([, name = '']) => name).filter((name) => name !== 'help')
  return page([
    notice,
    '# Commands',
    '',
    'What `--help` prints. Exit codes: 0 good, 1 not good (problems, changes that `diff` finds, a proxy that refuses), 2 wrong usage or',
    'unreadable input, 3 a server cannot be reached.',
    '',
    names.map((name) => `[${name}](#agwcp-${name})`).join(' · '),
    '',
    ...[[], ...names.map((name) => [name])].flatMap((words) => [
      `## agwcp${words.map((word) => ` ${word}`).join('')}`,
      '',
      ...(words[0] === 'serve' ? ['The flags that are settings have [a page of their own](settings.md).', ''] : []),
      '```text',
      words.length === 0 ? overview : help(...words),
      '```',
      '',
    ]),
  ])
}
