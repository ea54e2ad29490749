// Writes the Grafana dashboards of the chart from a list of rows and queries.
import { join } from 'node:path'
import { keep } from './generated.ts'

const folder = join(import.meta.dirname, '../charts/agentgateway-control-plane/dashboards')

interface Panel {
  readonly title: string
  /** Legend → query. */
  readonly queries: Readonly<Record<string, string>>
  readonly unit?: string
  readonly kind?: 'timeseries' | 'stat' | 'table'
}

interface Dashboard {
  readonly uid: string
  readonly title: string
  /** Name → query of its values. */
  readonly variables: Readonly<Record<string, string>>
  readonly rows: Readonly<Record<string, readonly Panel[]>>
}

const quantiles = (bucket: string, by: string, filter: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    [50, 95, 99].map((percent) => [
      `p${percent}${by === '' ? '' : ` {{${by}}}`}`,
      `histogram_quantile(0.${percent}, sum by (${['le', by].filter((label) => label !== '').join(', ')}) (rate(${bucket}${filter}[$__rate_interval])))`,
    ]),
  )
const rate = (metric: string, by: string, filter: string): string =>
  `sum by (${by}) (rate(${metric}${filter}[$__rate_interval]))`

const own = '{namespace=~"$namespace", pod=~"$pod"}'
const controlPlane: Dashboard = {
  uid: 'agentgateway-control-plane',
  title: 'Agentgateway control plane',
  variables: {
    namespace: 'label_values(agentgateway_controller_build_info, namespace)',
    pod: 'label_values(agentgateway_controller_build_info{namespace=~"$namespace"}, pod)',
  },
  rows: {
    Overview: [
      { title: 'Connected proxies', kind: 'stat', queries: { '': `sum(agentgateway_xds_connected_proxies${own})` } },
      {
        title: 'Rejections in an hour',
        kind: 'stat',
        queries: { '': `sum(increase(agentgateway_xds_nacks_total${own}[1h]))` },
      },
      { title: 'Contained failures', kind: 'stat', queries: { '': `max(agentgateway_contained_failures${own})` } },
      { title: 'Builds', kind: 'table', queries: { '': `agentgateway_controller_build_info${own}` } },
    ],
    Configuration: [
      { title: 'Objects', queries: { '{{kind}}': `max by (kind) (agentgateway_objects${own})` } },
      { title: 'Problems of objects', queries: { '{{severity}}': `max by (severity) (agentgateway_problems${own})` } },
      {
        title: 'Size by gateway',
        unit: 'bytes',
        queries: { '{{gateway}}': `max by (gateway) (agentgateway_xds_config_bytes${own})` },
      },
      { title: 'Time of a commit', unit: 's', queries: quantiles('agentgateway_commit_seconds_bucket', '', own) },
    ],
    xDS: [
      {
        title: 'Proxies by gateway',
        queries: { '{{gateway}}': `sum by (gateway) (agentgateway_xds_connected_proxies${own})` },
      },
      {
        title: 'From commit to acknowledgement',
        unit: 's',
        queries: quantiles('agentgateway_xds_convergence_seconds_bucket', '', own),
      },
      { title: 'Responses', unit: 'ops', queries: { '{{type}}': rate('agentgateway_xds_pushes_total', 'type', own) } },
      {
        title: 'Bytes sent',
        unit: 'Bps',
        queries: { '{{type}}': rate('agentgateway_xds_pushed_bytes_total', 'type', own) },
      },
      {
        title: 'Rejections',
        unit: 'ops',
        queries: { '{{gateway}}': rate('agentgateway_xds_nacks_total', 'gateway', own) },
      },
      {
        title: 'Authentication',
        unit: 'ops',
        queries: {
          accepted: rate('agentgateway_xds_auth_rq_success_total', '', own),
          refused: rate('agentgateway_xds_auth_rq_failure_total', '', own),
        },
      },
    ],
    Deployment: [
      {
        title: 'Attempts',
        unit: 'ops',
        queries: {
          '{{controller}} {{result}}': rate('agentgateway_controller_reconciliations_total', 'controller, result', own),
        },
      },
      {
        title: 'Time of an attempt',
        unit: 's',
        queries: quantiles('agentgateway_controller_reconcile_duration_seconds_bucket', 'controller', own),
      },
    ],
    Runtime: [
      { title: 'CPU', queries: { '{{pod}}': rate('process_cpu_seconds_total', 'pod', own) } },
      {
        title: 'Memory',
        unit: 'bytes',
        queries: {
          'resident {{pod}}': `process_resident_memory_bytes${own}`,
          'heap {{pod}}': `nodejs_heap_size_used_bytes${own}`,
        },
      },
      { title: 'Event loop lag', unit: 's', queries: { '{{pod}}': `nodejs_eventloop_lag_p99_seconds${own}` } },
    ],
  },
}

const ofProxies = '{namespace=~"$namespace", gateway_networking_k8s_io_gateway_name=~"$gateway_name", pod=~"$pod"}'
const proxies: Dashboard = {
  uid: 'agentgateway',
  title: 'Agentgateway',
  variables: {
    namespace: 'label_values(agentgateway_build_info, namespace)',
    gateway_name:
      'label_values(agentgateway_build_info{namespace=~"$namespace"}, gateway_networking_k8s_io_gateway_name)',
    pod: 'label_values(agentgateway_build_info{namespace=~"$namespace", gateway_networking_k8s_io_gateway_name=~"$gateway_name"}, pod)',
  },
  rows: {
    Overview: [
      {
        title: 'Memory',
        unit: 'bytes',
        queries: {
          '{{pod}}': `container_memory_working_set_bytes{container="agentgateway"} * on (namespace, pod) group_left () max by (namespace, pod) (agentgateway_build_info${ofProxies})`,
        },
      },
      {
        title: 'CPU',
        queries: {
          '{{pod}}': `sum by (namespace, pod) (rate(container_cpu_usage_seconds_total{container="agentgateway"}[$__rate_interval])) * on (namespace, pod) group_left () max by (namespace, pod) (agentgateway_build_info${ofProxies})`,
        },
      },
    ],
    Requests: ['pod', 'gateway', 'status', 'reason'].map((label) => ({
      title: `By ${label}`,
      unit: 'reqps',
      queries: { [`{{${label}}}`]: rate('agentgateway_requests_total', label, ofProxies) },
    })),
    LLM: [
      {
        title: 'Tokens',
        queries: {
          '{{gen_ai_request_model}} {{gen_ai_token_type}}': rate(
            'agentgateway_gen_ai_client_token_usage_sum',
            'gen_ai_request_model, gen_ai_token_type',
            ofProxies,
          ),
        },
      },
      {
        title: 'Cost',
        unit: 'currencyUSD',
        queries: {
          '{{gen_ai_request_model}}': rate(
            'agentgateway_gen_ai_client_cost_usd_total',
            'gen_ai_request_model',
            ofProxies,
          ),
        },
      },
      {
        title: 'Time of a request',
        unit: 's',
        queries: quantiles('agentgateway_gen_ai_server_request_duration_bucket', '', ofProxies),
      },
      {
        title: 'Time to the first token',
        unit: 's',
        queries: quantiles('agentgateway_gen_ai_server_time_to_first_token_bucket', '', ofProxies),
      },
      {
        title: 'Time per token',
        unit: 's',
        queries: quantiles('agentgateway_gen_ai_server_time_per_output_token_bucket', '', ofProxies),
      },
    ],
    MCP: [
      {
        title: 'Calls by method',
        unit: 'reqps',
        queries: { '{{method}}': rate('agentgateway_mcp_requests_total', 'method', ofProxies) },
      },
      {
        title: 'Calls of tools',
        unit: 'reqps',
        queries: { '{{resource}}': rate('agentgateway_mcp_requests_total', 'resource', ofProxies) },
      },
    ],
    Latency: [
      {
        title: 'By route',
        unit: 's',
        queries: quantiles('agentgateway_request_duration_seconds_bucket', 'route', ofProxies),
      },
    ],
    XDS: [
      {
        title: 'Messages by type',
        unit: 'ops',
        queries: { '{{url}}': rate('agentgateway_xds_message_total', 'url', ofProxies) },
      },
      {
        title: 'Mean size of a message',
        unit: 'bytes',
        queries: {
          '{{url}}': `${rate('agentgateway_xds_message_bytes_total', 'url', ofProxies)} / ${rate('agentgateway_xds_message_total', 'url', ofProxies)}`,
        },
      },
    ],
    Runtime: [{ title: 'Builds', kind: 'table', queries: { '': `agentgateway_build_info${ofProxies}` } }],
  },
}

const datasource = { type: 'prometheus', uid: '$datasource' }
const WIDTH = 24
const PER_ROW = 3

function panelsOf({ rows }: Dashboard): readonly unknown[] {
  let y = 0
  let id = 0
  return Object.entries(rows).flatMap(([title, panels]) => {
    const row = {
      id: ++id,
      type: 'row',
      title,
      collapsed: false,
      panels: [],
      gridPos: { h: 1, w: WIDTH, x: 0, y: y++ },
    }
    const top = y
    const w = WIDTH / Math.min(PER_ROW, panels.length)
    y += 8 * Math.ceil(panels.length / PER_ROW)
    return [
      row,
      ...panels.map(({ title, queries, unit, kind = 'timeseries' }, i) => ({
        id: ++id,
        type: kind,
        title,
        datasource,
        gridPos: { h: 8, w, x: (i % PER_ROW) * w, y: top + 8 * Math.floor(i / PER_ROW) },
        fieldConfig: { defaults: { ...(unit === undefined ? {} : { unit }) }, overrides: [] },
        targets: Object.entries(queries).map(([legendFormat, expr], n) => ({
          refId: String.fromCharCode(65 + n),
          datasource,
          expr,
          legendFormat,
          ...(kind === 'timeseries' ? {} : { instant: true, format: kind === 'table' ? 'table' : 'time_series' }),
        })),
      })),
    ]
  })
}

function render(dashboard: Dashboard): string {
  const { uid, title, variables } = dashboard
  const all = { current: { selected: true, text: 'All', value: '$__all' }, includeAll: true, multi: true }
  const document = {
    uid,
    title,
    tags: ['agentgateway'],
    schemaVersion: 39,
    editable: true,
    refresh: '15s',
    time: { from: 'now-30m', to: 'now' },
    templating: {
      list: [
        { name: 'datasource', type: 'datasource', query: 'prometheus' },
        ...Object.entries(variables).map(([name, query]) => ({
          ...{ name, type: 'query', datasource, refresh: 2, sort: 1, ...all },
          query: { query, refId: name },
        })),
      ],
    },
    panels: panelsOf(dashboard),
  }
  return `${JSON.stringify(document, undefined, 1)}\n`
}

const files = new Map([
  ['agentgateway.json', render(proxies)],
  ['agentgateway-control-plane.json', render(controlPlane)],
])

keep({ folder, files })
