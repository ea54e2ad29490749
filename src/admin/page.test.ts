import { expect, test } from 'vitest'
import type { RequestExplanation } from './explain/explanation.ts'
import { html } from './html.ts'
import { type Page, renderPage } from './page.ts'

const evil = `<script>alert("x")</script>'&`

const empty: Page = {
  ...{ version: '1', time: '2026-01-01T00:00:00Z', names: [], gateways: [], problems: [] },
  ...{ paths: [], asked: { gateway: '', url: '', method: 'GET', header: '' } },
}

const explanation: RequestExplanation = {
  ...{ gateway: evil, request: { method: evil, url: evil, headers: {} }, outcome: 'forwarded', summary: evil },
  listener: { name: evil, of: evil, protocol: evil, hostname: evil, resource: evil },
  otherListeners: [{ name: evil, of: evil, protocol: evil, resource: evil, reason: evil }],
  rule: {
    ...{
      rule: evil,
      route: { kind: evil, namespace: evil, name: evil },
      resource: evil,
      hostnames: [evil],
      match: evil,
    },
    policies: [{ from: evil, kind: evil, on: evil, yieldsTo: evil }],
    rewritten: { host: evil, path: evil },
    backends: [{ to: evil, share: 1, problem: evil, policies: [] }],
  },
  otherRules: [{ rule: evil, resource: evil, reason: evil }],
  policies: [],
}

const full: Page = {
  ...{ version: evil, time: evil, names: [evil, evil] },
  gateways: [
    {
      name: evil,
      conditions: [{ type: evil, status: evil, message: evil }],
      listeners: [
        {
          ...{ name: evil, of: evil, protocol: evil, port: evil, hostname: evil, routes: evil },
          conditions: [{ type: 'Programmed', status: 'False', message: evil }],
        },
      ],
      resources: 1,
      proxies: [
        {
          ...{ node: evil, address: evil, connectedAt: evil },
          types: [{ type: 'Resource', state: evil, resources: 1, rejection: evil }],
        },
      ],
    },
  ],
  problems: [
    { severity: 'error', object: `Gateway ${evil}`, place: evil, path: evil, message: evil },
    { severity: 'warning', object: 'Gateway ns/gw', place: '', path: '', message: '' },
  ],
  paths: [{ path: evil, help: evil, isRead: true }],
  asked: { gateway: evil, url: evil, method: evil, header: evil },
  explanation,
}

test('nothing that is shown can break out of the page', () => {
  const text = String(renderPage(full).body)
  expect(text).not.toContain('<script')
  expect(text.replaceAll(/&(?:amp|lt|gt|quot|#39);/g, '')).not.toContain('&')
  expect(text).toContain('&lt;script&gt;')
  // Every quote belongs to markup of ours.
  for (const attribute of text.match(/ [a-z]+="[^"]*"/g) ?? []) expect(attribute).not.toContain('<')
})

test('the page loads and runs nothing, and says so', () => {
  const { body, headers, type } = renderPage(full)
  expect(type).toContain('text/html')
  expect(headers?.['content-security-policy']).toMatch(
    /^default-src 'none'; style-src 'sha256-[^']+'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'$/,
  )
  expect(String(body)).not.toMatch(/https?:\/\/(?!example\.com)|style="|\son[a-z]+=|src=/)
})

test('Gateways that are too many to show are counted, and can be asked about', () => {
  const text = String(renderPage({ ...full, names: ['ns/a', 'ns/b', 'ns/c'] }).body)
  expect(text).toContain('… and 2 more')
  expect(text).toContain('<option>ns/c</option>')
})

test('an empty control plane is told as such', () => {
  const text = String(renderPage(empty).body)
  expect(text).toContain('No Gateway of ours is there')
  expect(text).toContain('No problems')
})

test('objects of problems lead to their explanations', () => {
  expect(String(renderPage(full).body)).toContain(
    '<a href="/explain?object=Gateway%2Fgw&amp;namespace=ns">Gateway ns/gw</a>',
  )
})

test('what cannot be explained is said in its place', () => {
  expect(String(renderPage({ ...full, explanation: 'say which Gateway <is> meant' }).body)).toContain(
    '<p class="bad">✗ say which Gateway &lt;is&gt; meant</p>',
  )
})

test('html escapes text and leaves html alone, in lists too', () => {
  expect(html`<p>${'<'}${html`<b>${1}</b>`}${['&', html`<i></i>`]}</p>`.html).toBe('<p>&lt;<b>1</b>&amp;<i></i></p>')
})
