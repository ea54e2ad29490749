// What the admin server answers, and where each answer comes from.
import { configDump as proxyDump } from '../admin/config-dump/dump.ts'
import { renderPage } from '../admin/page.ts'
import type { AdminRoute } from '../admin/server.ts'
import { splitNameKey } from '../core/keys.ts'
import { SHARED } from '../wire/entry.ts'
import type { XdsServer } from '../xds/server.ts'
import type { SessionView } from '../xds/session-view.ts'
import { pageOf } from './admin-page.ts'
import { explain } from './explanations.ts'
import { problemsOf } from './problems.ts'
import type { ConnectedProxy } from './proxies.ts'
import type { Running } from './serve.ts'
import { servedResources } from './served-resources.ts'
import { servedStatuses } from './served-statuses.ts'

interface State {
  readonly xds: XdsServer | undefined
}

/** The routes of the admin server. */
export function adminRoutes(running: Running, state: () => State): readonly AdminRoute[] {
  const { logs, pipeline, version } = running
  const sessions = (): readonly SessionView[] => state().xds?.sessions() ?? []
  const routes: readonly AdminRoute[] = [
    {
      path: '/config_dump',
      help: 'what the proxies of each Gateway hold; ?gateway=NS/NAME for one, &format=xds for resources as they are sent',
      handle: (query) => configDump(running, sessions(), query),
    },
    {
      path: '/proxies',
      help: 'connected proxies',
      handle: () => ({ body: { proxies: sessions().map(connectedProxy) } }),
    },
    {
      path: '/status',
      help: 'the status of every object',
      handle: () => ({ body: { statuses: servedStatuses(running, sessions()) } }),
    },
    {
      path: '/explain',
      help: 'why an object is as it is: ?object=KIND/NAME&namespace=NS; what a request meets: ?url=URL&gateway=NS/NAME',
      handle: (query) => explain({ ...running, sessions: sessions() }, query),
    },
    {
      path: '/problems',
      help: 'what is wrong, with file and line',
      handle: () => ({ body: { problems: problemsOf(running) } }),
    },
    {
      path: '/graph',
      help: 'collections: inputs, outputs, runs, contained failures; ?node=NAME&input=KEY for what one run read',
      handle: (query) => {
        const node = query.get('node')
        const { graph } = pipeline
        if (node !== null)
          return { body: { node, input: query.get('input'), reads: graph.readsOf(node, query.get('input') ?? '') } }
        return { body: { collections: graph.stats(), failures: graph.failures(), clashes: graph.clashes() } }
      },
    },
    {
      path: '/snapshots/krt',
      help: 'collections, in the shape of the Go controller',
      handle: () => ({
        body: pipeline.graph
          .stats()
          .map(({ name, inputs, outputs }) => ({ uid: name, name, state: { inputs, outputs, synced: true } })),
      }),
    },
    {
      path: '/logging',
      help: 'log levels: POST ?level=LEVEL or ?COMPONENT=LEVEL',
      methods: ['POST', 'PUT'],
      handle: (query) => logs.control(query),
    },
    {
      path: '/version',
      help: 'build of this process',
      handle: () => ({ body: { version, string: JSON.stringify({ version, node: process.version }) } }),
    },
  ]
  const page: AdminRoute = {
    path: '/',
    help: 'gateways, proxies and problems on a page; ?url=URL&gateway=NS/NAME explains a request',
    handle: (query) => renderPage(pageOf(running, { sessions: sessions(), routes, query })),
  }
  return [page, ...routes]
}

function configDump(
  running: Running,
  sessions: readonly SessionView[],
  query: URLSearchParams,
): { readonly status?: number; readonly body: unknown } {
  const { snapshot, version } = running
  const format = query.get('format') ?? 'proxy'
  if (format !== 'proxy' && format !== 'xds')
    return { status: 400, body: { error: `no such format ${format}`, formats: ['proxy', 'xds'] } }
  const withResources = snapshot.scopes().filter((scope) => scope !== SHARED)
  const dump = (gateway: string): unknown =>
    format === 'xds'
      ? servedResources(snapshot, sessions, gateway)
      : proxyDump({ gateway, resources: snapshot.list(gateway), addresses: snapshot.list(SHARED), version })
  const gateway = query.get('gateway')
  if (gateway === null) return { body: { gateways: Object.fromEntries(withResources.map((key) => [key, dump(key)])) } }
  const { namespace, name } = splitNameKey(gateway)
  const found = snapshot.gatewayOf(namespace, name)
  if (found === undefined) return { status: 404, body: { error: `no Gateway ${gateway}`, gateways: withResources } }
  return { body: dump(found) }
}

function connectedProxy(session: SessionView): ConnectedProxy {
  return {
    gateway: session.gateway,
    node: session.node,
    address: session.peer,
    connectedAt: session.connectedAt,
    types: session.types,
  }
}
