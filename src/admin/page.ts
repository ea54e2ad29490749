// The web page: gateways, their listeners and proxies, what is wrong, and what a request would meet. One document without
// scripts or anything from elsewhere; what it shows comes ready from its caller.
import { createHash } from 'node:crypto'
import { isGood } from '../core/condition.ts'
import {
  isServed,
  type MetRule,
  type OtherRule,
  otherRulesOf,
  percent,
  type RequestExplanation,
} from './explain/explanation.ts'
import { type Html, html, type Part } from './html.ts'
import type { Answer } from './server.ts'

/** What the page shows. */
export interface Page {
  readonly version: string
  /** ISO 8601 */
  readonly time: string
  /** Of all Gateways. */
  readonly names: readonly string[]
  /** As many as can be shown. */
  readonly gateways: readonly ShownGateway[]
  readonly problems: readonly ShownProblem[]
  /** What else the server answers: path and a line about it, some of it by POST. */
  readonly paths: readonly { readonly path: string; readonly help: string; readonly isRead: boolean }[]
  readonly asked: AskedForm
  /** Absent when nothing was asked; a text when it cannot be answered. */
  readonly explanation?: RequestExplanation | string
}

/** The form as it was sent. */
export interface AskedForm {
  readonly gateway: string
  readonly url: string
  readonly method: string
  readonly header: string
}

/** A Gateway. */
export interface ShownGateway {
  /** `namespace/name` */
  readonly name: string
  readonly conditions: readonly ShownCondition[]
  readonly listeners: readonly ShownListener[]
  readonly resources: number
  readonly proxies: readonly ShownProxy[]
}

/** A condition of a Gateway or listener. */
export interface ShownCondition {
  readonly type: string
  readonly status: string
  readonly message: string
}

/** A listener, from its Gateway or from a ListenerSet. */
export interface ShownListener {
  readonly name: string
  readonly of: string
  readonly protocol: string
  readonly port: string
  readonly hostname: string
  readonly routes: string
  readonly conditions: readonly ShownCondition[]
}

/** A connected proxy. */
export interface ShownProxy {
  readonly node: string
  readonly address: string
  readonly connectedAt: string
  readonly types: readonly {
    readonly type: string
    readonly state: string
    readonly resources: number
    readonly rejection: string
  }[]
}

/** Something that is wrong. */
export interface ShownProblem {
  readonly severity: 'error' | 'warning'
  readonly object: string
  readonly place: string
  readonly path: string
  readonly message: string
}

const MOST_ROWS = 200

const STYLE = `
:root{color-scheme:light dark;--line:color-mix(in srgb,currentColor 20%,transparent);--good:#0a7d33;--bad:#c62828;--soon:#8a6d00}
@media(prefers-color-scheme:dark){:root{--good:#5fd38a;--bad:#ff8a80;--soon:#ffd54f}}
body{font:16px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.4rem}h2{font-size:1.2rem;margin-top:2.5rem}h3{font-size:1.05rem;margin:2rem 0 .5rem}
table{border-collapse:collapse;width:100%;margin:.5rem 0}
th,td{text-align:left;vertical-align:top;padding:.3rem .8rem .3rem 0;border-bottom:1px solid var(--line);overflow-wrap:anywhere}
th{font-weight:600}caption{text-align:left;padding:.5rem 0}
.good{color:var(--good)}.bad{color:var(--bad)}.soon{color:var(--soon)}
code{font:.9em ui-monospace,monospace}
form{display:flex;flex-wrap:wrap;gap:.8rem;align-items:end}label{display:flex;flex-direction:column;font-size:.9rem}
label.wide{flex:1 1 20rem}input,select,button{font:inherit;padding:.3rem .5rem}
.quiet{opacity:.75;font-size:.9rem}dl{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1rem}dt{font-weight:600}dd{margin:0}`

/** Nothing is loaded or run, and forms lead only here. */
const POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** The page, with the headers that it needs. */
export function renderPage(page: Page): Answer {
  const { names, gateways, problems, version, time } = page
  const style: Html = { html: `<style>${STYLE}</style>` }
  const document = html`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>agentgateway control plane</title>
${style}
<h1>agentgateway control plane</h1>
<p class="quiet">${version}, as of ${time}. Reload for what is so now.</p>
${problemSection(problems)}
<h2>Gateways</h2>
${gateways.length === 0 ? html`<p class="bad">✗ No Gateway of ours is there: nothing is served.</p>` : gateways.map(gatewaySection)}
${names.length > gateways.length ? html`<p>… and ${names.length - gateways.length} more: <a href="/status">/status</a></p>` : ''}
<h2 id="request">Which route does this URL meet?</h2>
${requestForm(page)}
${explanationSection(page)}
<h2>More</h2>
${pathTable(page.paths)}
</html>
`
  return {
    type: 'text/html; charset=utf-8',
    headers: { 'content-security-policy': POLICY, 'referrer-policy': 'no-referrer', 'cache-control': 'no-store' },
    body: document.html,
  }
}

function problemSection(problems: readonly ShownProblem[]): Html {
  if (problems.length === 0) return html`<p class="good">✓ No problems.</p>`
  const shown = problems.slice(0, MOST_ROWS)
  return html`<h2>Problems</h2>
${table(
  ['', 'Object', 'Field', 'What is wrong'],
  shown.map(({ severity, object, place, path, message }) => [
    severity === 'error'
      ? html`<span class="bad" title="error">✗</span>`
      : html`<span class="soon" title="warning">!</span>`,
    html`${objectLink(object)}${place === '' ? '' : html`<br><span class="quiet">${place}</span>`}`,
    html`<code>${path}</code>`,
    message,
  ]),
)}${rest(problems.length, '/problems')}`
}

function rest(count: number, path: string): Html {
  return count > MOST_ROWS ? html`<p>… and ${count - MOST_ROWS} more: <a href="${path}">${path}</a></p>` : html``
}

/** `Kind namespace/name` as a link to its explanation. */
function objectLink(object: string): Part {
  const [, kind = '', namespace, name = ''] = /^(\S+) (?:([^/\s]+)\/)?(\S+)$/.exec(object) ?? []
  if (name === '') return object
  const query = new URLSearchParams({ object: `${kind}/${name}`, ...(namespace === undefined ? {} : { namespace }) })
  return html`<a href="/explain?${String(query)}">${object}</a>`
}

function gatewaySection({ name, conditions, listeners, resources, proxies }: ShownGateway): Html {
  const dump = `/config_dump?${new URLSearchParams({ gateway: name })}`
  return html`<h3>${name}</h3>
<p>${conditionMarks(conditions)} · ${resources} resources ·
<a href="${dump}">as its proxies print it</a> · <a href="${dump}&amp;format=xds">as it is sent</a></p>
${
  listeners.length === 0
    ? html`<p class="bad">✗ It has no listeners.</p>`
    : table(
        ['Listener', 'Of', 'Protocol', 'Port', 'Hostname', 'Routes', 'State'],
        listeners.map((each) => [
          ...[each.name, each.of, each.protocol, each.port, each.hostname, each.routes],
          conditionMarks(each.conditions),
        ]),
      )
}
${
  proxies.length === 0
    ? html`<p class="soon">… No proxy is connected.</p>`
    : table(
        ['Proxy', 'Address', 'Connected since', 'Addresses', 'Resources'],
        proxies.map(({ node, address, connectedAt, types }) => [
          ...[node, address, connectedAt],
          ...['Address', 'Resource'].map((type) => typeCell(types.find((each) => each.type === type))),
        ]),
      )
}`
}

function typeCell(type: ShownProxy['types'][number] | undefined): Part {
  if (type === undefined) return '–'
  const { state, resources, rejection } = type
  const mark =
    state === 'synced'
      ? html`<span class="good">✓ synced</span>`
      : state === 'rejected'
        ? html`<span class="bad">✗ rejected</span>`
        : html`<span class="soon">… ${state}</span>`
  return html`${mark} (${resources})${rejection === '' ? '' : html`<br>${rejection}`}`
}

/** Conditions that are as they should be are only counted. */
function conditionMarks(conditions: readonly ShownCondition[]): Part {
  const bad = conditions.filter((condition) => !isGood(condition))
  if (bad.length === 0)
    return html`<span class="good">✓ ${conditions.length === 0 ? 'served' : 'all conditions good'}</span>`
  return bad.map(
    ({ type, status, message }) =>
      html`<span class="bad">✗ ${type}=${status}</span>${message === '' ? '' : `: ${message}`} `,
  )
}

function requestForm({ names, asked }: Page): Html {
  return html`<form action="/#request" method="get">
<label>Gateway<select name="gateway">${names.map(
    (name) => html`<option${name === asked.gateway ? html` selected` : ''}>${name}</option>`,
  )}</select></label>
<label>Method<input name="method" size="8" value="${asked.method}"></label>
<label class="wide">URL<input name="url" type="text" required placeholder="http://example.com/path" value="${asked.url}"></label>
<label>Header<input name="header" placeholder="Name: value" value="${asked.header}"></label>
<button>Explain</button>
</form>`
}

function explanationSection({ explanation, asked }: Page): Html {
  if (explanation === undefined) return html``
  if (typeof explanation === 'string') return html`<p class="bad">✗ ${explanation}</p>`
  const { summary, listener, rule, otherListeners } = explanation
  const [mark, style] = isServed(explanation) ? ['✓', 'good'] : ['✗', 'bad']
  const json = `/explain?${new URLSearchParams({ ...asked })}`
  return html`<p class="${style}">${mark} ${summary}</p>
<dl>${listener === undefined ? '' : html`<dt>listener</dt><dd>${listener.name} of ${objectLink(listener.of)}</dd>`}${rule === undefined ? '' : ruleItems(rule)}</dl>
${reasons('Why no other rule', otherRulesOf(explanation))}
${reasons(
  'Why no other listener',
  otherListeners.map((other) => ({ rule: `${other.name} of ${other.of}`, reason: other.reason })),
)}
<p><a href="${json}">everything as JSON</a></p>`
}

function ruleItems(met: MetRule): Html {
  const { rule, match, policies, rewritten, backends } = met
  return html`<dt>rule</dt><dd>${rule}: ${match}</dd>
${policies.map(
  ({ kind, from, on, yieldsTo }) =>
    html`<dt>policy</dt><dd>${kind} of ${from}${on === 'itself' ? '' : ` on ${on}`}${yieldsTo === undefined ? '' : `; yields to ${yieldsTo}`}</dd>`,
)}
${rewritten === undefined ? '' : html`<dt>rewritten to</dt><dd>${rewritten.host}${rewritten.path}</dd>`}
${backends.map(
  ({ to, share, problem, rule: inner }) =>
    html`<dt>to</dt><dd>${to}, ${percent(share)}${problem === undefined ? '' : html`: <span class="bad">✗ ${problem}</span>`}</dd>${inner === undefined ? '' : ruleItems(inner)}`,
)}`
}

function reasons(title: string, rows: readonly Pick<OtherRule, 'rule' | 'reason'>[]): Html {
  if (rows.length === 0) return html``
  return html`<details><summary>${title} (${rows.length})</summary>${table(
    [],
    rows.slice(0, MOST_ROWS).map(({ rule, reason }) => [rule, reason]),
  )}</details>`
}

function pathTable(paths: Page['paths']): Html {
  return table(
    [],
    paths.map(({ path, help, isRead }) => [isRead ? html`<a href="${path}">${path}</a>` : path, help]),
  )
}

function table(head: readonly string[], rows: readonly (readonly Part[])[]): Html {
  return html`<table>${head.length === 0 ? '' : html`<tr>${head.map((title) => html`<th scope="col">${title}</th>`)}</tr>`}
${rows.map((row) => html`<tr>${row.map((cell) => html`<td>${cell}</td>`)}</tr>\n`)}</table>`
}
