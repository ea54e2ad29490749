// What the web page shows, gathered from everything that runs. How it looks is decided in admin/page.ts.
import type { RequestExplanation } from '../admin/explain/explanation.ts'
import type { Page, ShownCondition, ShownGateway, ShownListener, ShownProxy } from '../admin/page.ts'
import type { AdminRoute } from '../admin/server.ts'
import { type GatewayKey, nameKey } from '../core/keys.ts'
import type { ConditionDraft, ListenerStatusDraft, StatusDraft } from '../translate/model.ts'
import type { Listener } from '../wire/messages.ts'
import type { SessionView } from '../xds/session-view.ts'
import { errorIn } from './ask.ts'
import { explain, viewOf } from './explanations.ts'
import { problemsOf } from './problems.ts'
import { refusals, withRefusals } from './proxy-verdicts.ts'
import type { Running } from './serve.ts'

/** What the page is made from, besides what runs. */
export interface PageContext {
  readonly sessions: readonly SessionView[]
  readonly routes: readonly AdminRoute[]
  readonly query: URLSearchParams
}

/** More make no page that anybody reads. */
const MOST_GATEWAYS = 100

/** The page as of now. */
export function pageOf(running: Running, { sessions, routes, query }: PageContext): Page {
  const { pipeline, snapshot, version } = running
  const refused = refusals(sessions, snapshot)
  const drafts = pipeline.statuses.list().map((draft) => withRefusals(draft, refused))
  const gateways = pipeline.gateways.list().map(({ object }) => nameKey(object.namespace, object.name))
  const text = (name: string, fallback = ''): string => query.get(name) ?? fallback
  return {
    version,
    time: new Date().toISOString(),
    names: gateways.sort(),
    gateways: gateways.slice(0, MOST_GATEWAYS).map((gateway) => gatewayOf(running, gateway, { sessions, drafts })),
    problems: problemsOf(running).map(({ file, line, ...problem }) => ({
      ...problem,
      place: file === '' ? '' : `${file}:${line}`,
    })),
    paths: routes.map(({ path, help, methods }) => ({ path, help, isRead: methods === undefined })),
    asked: {
      gateway: text('gateway'),
      url: text('url'),
      method: text('method', 'GET'),
      header: text('header'),
    },
    ...(text('url') === '' ? {} : { explanation: explanationOf(running, sessions, query) }),
  }
}

function explanationOf(
  running: Running,
  sessions: readonly SessionView[],
  query: URLSearchParams,
): RequestExplanation | string {
  const { status = 200, body } = explain({ ...running, sessions }, query)
  // A URL is explained, or there is an error.
  return status === 200 ? (body as RequestExplanation) : errorIn(body)
}

function gatewayOf(
  { snapshot }: Running,
  gateway: GatewayKey,
  { sessions, drafts }: { readonly sessions: readonly SessionView[]; readonly drafts: readonly StatusDraft[] },
): ShownGateway {
  const view = viewOf(snapshot, gateway, ['bind', 'listener'])
  const draftOf = (kind: string, key: string): StatusDraft | undefined =>
    drafts.find(({ object }) => object.kind === kind && nameKey(object.namespace, object.name) === key)
  const own = draftOf('Gateway', gateway)
  const served = view.listeners.map((listener) => {
    const { listenerSet, listenerName = '' } = listener.name ?? {}
    const set = nameKey(listenerSet?.namespace, listenerSet?.name ?? '')
    const draft = listenerSet ? draftOf('ListenerSet', set) : own
    const status = listenersIn(draft).find(({ name }) => name === listenerName)
    const bind = view.binds.find(({ key }) => key === listener.bindKey)
    return shownListener(listener, {
      status,
      of: listenerSet ? `ListenerSet ${set}` : `Gateway ${gateway}`,
      port: bind?.port ?? 0,
    })
  })
  const names = new Set(view.listeners.filter(({ name }) => !name?.listenerSet).map(({ name }) => name?.listenerName))
  const missing = listenersIn(own)
    .filter(({ name }) => !names.has(name))
    .map(
      ({ name, attachedRoutes, conditions }): ShownListener => ({
        ...{ name, of: `Gateway ${gateway}`, protocol: '–', port: '–', hostname: '', routes: String(attachedRoutes) },
        conditions: conditions.map(shownCondition),
      }),
    )
  return {
    name: gateway,
    conditions: (own?.body.shape === 'gateway' ? own.body.conditions : []).map(shownCondition),
    listeners: [...served, ...missing],
    resources: snapshot.list(gateway).length,
    proxies: sessions.filter((session) => session.gateway === gateway).map(shownProxy),
  }
}

function listenersIn(draft: StatusDraft | undefined): readonly ListenerStatusDraft[] {
  const { body } = draft ?? {}
  return body?.shape === 'gateway' || body?.shape === 'listenerset' ? body.listeners : []
}

function shownListener(
  { name, protocol = '', hostname = '' }: Omit<Listener, 'protocol'> & { readonly protocol?: unknown },
  about: { readonly status: ListenerStatusDraft | undefined; readonly of: string; readonly port: number },
): ShownListener {
  const { status, of, port } = about
  return {
    name: name?.listenerName ?? '',
    of,
    protocol: String(protocol),
    port: String(port),
    hostname,
    routes: status === undefined ? '' : String(status.attachedRoutes),
    conditions: (status?.conditions ?? []).map(shownCondition),
  }
}

function shownCondition({ type, status, message }: ConditionDraft): ShownCondition {
  return { type, status, message }
}

function shownProxy({ node, peer, connectedAt, types }: SessionView): ShownProxy {
  return {
    node,
    address: peer,
    connectedAt,
    types: Object.entries(types).map(([type, { state, resources, lastRejection }]) => ({
      ...{ type, state, resources },
      rejection: lastRejection?.message ?? '',
    })),
  }
}
