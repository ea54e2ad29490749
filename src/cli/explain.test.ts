import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { DEFAULT_TRANSLATE_SETTINGS } from '../translate/settings.ts'
import { explainedFiles } from './explain-files.ts'
import { objectText, requestText } from './explain-text.ts'
import { type Explained, explain, type ObjectExplanation, type RequestAnswer } from './explanations.ts'

const manifests = `
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {namespace: ns, name: gw}
spec:
  gatewayClassName: agentgateway
  listeners:
    - {name: web, port: 80, protocol: HTTP, hostname: "*.example.com"}
    - {name: shop, port: 80, protocol: HTTP, hostname: shop.example.com}
    - {name: stream, port: 9000, protocol: TCP}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {namespace: ns, name: web}
spec:
  parentRefs: [{name: gw, sectionName: web}]
  rules:
    - name: api
      matches: [{path: {value: /api}}]
      filters: [{type: URLRewrite, urlRewrite: {path: {type: ReplacePrefixMatch, replacePrefixMatch: /v1}}}]
      timeouts: {request: 5s}
      backendRefs: [{name: good, port: 80, weight: 3}, {name: missing, port: 80}]
    - matches: [{path: {value: /api}, headers: [{name: x, value: "1"}]}]
      filters: [{type: RequestRedirect, requestRedirect: {scheme: https}}]
    - matches: [{path: {value: /team}}]
      backendRefs: [{group: gateway.networking.k8s.io, kind: HTTPRoute, name: team}]
    - matches: [{path: {value: /ready}}]
      backendRefs: [{name: ready, port: 80}]
    - matches: [{path: {value: /broken}}]
      backendRefs: [{name: missing, port: 80}]
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {namespace: ns, name: team}
spec:
  parentRefs: [{group: gateway.networking.k8s.io, kind: HTTPRoute, name: web}]
  rules:
    - matches: [{path: {value: /team/a}}]
      backendRefs: [{name: good, port: 80}]
    - matches: [{path: {value: /team/moved}}]
      filters: [{type: RequestRedirect, requestRedirect: {hostname: new.example.com}}]
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {namespace: ns, name: elsewhere}
spec:
  parentRefs: [{name: gw, sectionName: nowhere}]
---
apiVersion: gateway.networking.k8s.io/v1
kind: TCPRoute
metadata: {namespace: ns, name: db}
spec:
  parentRefs: [{name: gw, sectionName: stream}]
  rules: [{backendRefs: [{name: good, port: 80}]}]
---
apiVersion: v1
kind: Service
metadata: {namespace: ns, name: good}
spec: {ports: [{port: 80}]}
---
apiVersion: agentgateway.dev/v1alpha1
kind: AgentgatewayPolicy
metadata: {namespace: ns, name: all}
spec:
  targetRefs: [{group: gateway.networking.k8s.io, kind: Gateway, name: gw}]
  traffic: {timeouts: {request: 9s}, cors: {allowOrigins: ["https://a"]}}
---
apiVersion: v1
kind: Service
metadata: {namespace: other, name: good}
spec: {ports: [{port: 80}]}
---
apiVersion: v1
kind: Service
metadata: {namespace: ns, name: ready}
spec: {ports: [{name: http, port: 80}]}
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {namespace: ns, name: ready-1, labels: {kubernetes.io/service-name: ready}}
addressType: IPv4
ports: [{name: http, port: 8080}]
endpoints: [{addresses: [10.0.0.1], conditions: {ready: true}}]
`

const folder = mkdtempSync(join(tmpdir(), 'explain-'))
let explained: Explained

beforeAll(async () => {
  const file = join(folder, 'all.yaml')
  writeFileSync(file, manifests)
  const read = await explainedFiles({ filename: [file], crds: [] }, DEFAULT_TRANSLATE_SETTINGS)
  expect(read.problems.filter(({ severity }) => severity === 'error')).toEqual([])
  explained = read.explained
})
afterAll(() => rmSync(folder, { recursive: true }))

const ask = (parameters: Record<string, string>) => explain(explained, new URLSearchParams(parameters))
// What is asked for is what is answered; the tests would fail otherwise.
const request = (url: string, more: Record<string, string> = {}) => ask({ url, ...more }).body as RequestAnswer
const object = (name: string, more: Record<string, string> = {}) =>
  ask({ object: name, ...more }).body as ObjectExplanation

test('a request is followed to its backends, with shares, rewriting and problems', () => {
  const answer = request('http://a.example.com/api/x')
  expect(answer).toMatchObject({
    gateway: 'ns/gw',
    outcome: 'forwarded',
    summary: 'the request goes to Service ns/good:80 (75 %); the other share of the traffic fails',
    listener: { name: 'web', of: 'Gateway ns/gw', protocol: 'HTTP' },
    rule: {
      rule: 'HTTPRoute ns/web rule 0 (api)',
      match: 'path below /api',
      rewritten: { path: '/v1/x' },
      backends: [
        { to: 'Service ns/good:80', share: 0.75 },
        { share: 0.25, problem: 'there is no Service missing.ns.svc.cluster.local' },
      ],
    },
  })
  expect(answer.problems.map(({ message }) => message).join()).toContain('missing')
})

test('policies are listed with what they are attached to, and whom they yield to', () => {
  expect(request('http://a.example.com/api').rule?.policies).toEqual(
    expect.arrayContaining([
      { from: 'HTTPRoute ns/web rule api', kind: 'traffic.timeout', on: 'itself' },
      { from: 'HTTPRoute ns/web rule api', kind: 'traffic.urlRewrite', on: 'itself' },
      {
        ...{ from: 'AgentgatewayPolicy ns/all', kind: 'traffic.timeout', on: 'Gateway ns/gw' },
        yieldsTo: 'HTTPRoute ns/web rule api (on itself)',
      },
      { from: 'AgentgatewayPolicy ns/all', kind: 'traffic.cors', on: 'Gateway ns/gw' },
    ]),
  )
})

test('of every other rule, listener and route the first reason is told', () => {
  const { otherRules, otherListeners, notAttached } = request('http://a.example.com/api', { header: 'x: 2' })
  expect(otherRules.map(({ rule, reason }) => `${rule}: ${reason}`)).toEqual([
    'HTTPRoute ns/web rule 1: header x is not 1',
    'HTTPRoute ns/web rule 2: the path is not below /team',
    'HTTPRoute ns/web rule 3: the path is not below /ready',
    'HTTPRoute ns/web rule 4: the path is not below /broken',
  ])
  expect(otherListeners.map(({ name, reason }) => `${name}: ${reason}`)).toEqual([
    'shop: its hostname is shop.example.com',
    'stream: listens on port 9000',
  ])
  expect(notAttached).toMatchObject([{ object: 'HTTPRoute ns/elsewhere' }])
})

test('a more exact rule and a more exact listener win, and that is the reason', () => {
  const redirect = request('http://a.example.com/api', { header: 'x: 1' })
  expect(redirect).toMatchObject({ outcome: 'redirected', status: 302, location: 'https://a.example.com/api' })
  expect(redirect.otherRules[0]?.reason).toBe('met as well, but the rule that is met asks for more headers')
  const { outcome, status, summary, otherListeners } = request('http://shop.example.com/api')
  expect({ outcome, status }).toEqual({ outcome: 'answered', status: 404 })
  expect(summary).toContain('the listener has no rules')
  expect(otherListeners[0]?.reason).toBe('shop names shop.example.com more exactly')
})

test('delegation is followed to its end', () => {
  expect(request('http://a.example.com/team/a')).toMatchObject({
    summary: 'the request goes to Service ns/good:80',
    rule: { backends: [{ rule: { rule: 'HTTPRoute ns/team rule 0', backends: [{ to: 'Service ns/good:80' }] } }] },
  })
  expect(request('http://a.example.com/team/b')).toMatchObject({
    ...{ outcome: 'answered', status: 404 },
    rule: { backends: [{ otherRules: [{ reason: 'the path is not below /team/a' }, {}] }] },
  })
  expect(request('http://a.example.com/team/moved')).toMatchObject({
    ...{ outcome: 'redirected', status: 302, location: 'http://new.example.com/team/moved' },
  })
})

test('what fails, fails with the status that the proxy answers and the reason', () => {
  expect(request('http://a.example.com/broken')).toMatchObject({ status: 500 })
  expect(request('http://a.example.com/nothing')).toMatchObject({ status: 404 })
  expect(request('http://example.com/')).toMatchObject({ status: 404 })
  expect(request('http://a.example.com:81/')).toMatchObject({
    outcome: 'refused',
    summary: 'there is no connection: nothing listens on port 81; open are 80, 9000',
  })
  expect(request('https://a.example.com:80/').summary).toContain('takes no encrypted connections')
})

test('a control plane that serves knows which Services have no endpoints', () => {
  const served = (url: string) => explain({ ...explained, sessions: [] }, new URLSearchParams({ url })).body
  expect(served('http://a.example.com/team/a')).toMatchObject({
    ...{ outcome: 'answered', status: 503 },
    summary: 'the proxy answers 503: Service ns/good has no endpoint that is ready',
  })
  expect(served('http://a.example.com/ready')).toMatchObject({ outcome: 'forwarded' })
  expect(request('http://a.example.com/team/a')).toMatchObject({ outcome: 'forwarded' })
})

test('connections without HTTP are explained too', () => {
  expect(request('tcp://x:9000')).toMatchObject({
    ...{ outcome: 'forwarded', summary: 'the connection goes to Service ns/good:80' },
    rule: { rule: 'TCPRoute ns/db rule 0' },
  })
})

test('an object is explained by its parents, conditions, problems and resources', () => {
  const route = object('httproute/web')
  expect(route).toMatchObject({ object: 'HTTPRoute ns/web', generation: 1, line: 12 })
  expect(route.parents).toMatchObject([
    {
      parent: 'Gateway ns/gw listener web',
      conditions: [
        { type: 'Accepted', status: 'True' },
        { type: 'ResolvedRefs', status: 'False' },
      ],
    },
  ])
  expect(route.problems[0]?.path).toMatch(/^spec.rules\[/)
  expect(route.resources.map(({ gateway, name }) => `${gateway} ${name}`)).toContain('ns/gw route/ns/web.00.web')
  expect(objectText(route)).toContain('✗ ResolvedRefs=False BackendNotFound')
  expect(object('services/good', { namespace: 'ns' }).addresses).toMatchObject([
    { name: 'ns/good.ns.svc.cluster.local' },
  ])
})

test('which object is meant has to be clear', () => {
  expect(ask({ object: 'service/good' })).toEqual({
    status: 400,
    body: { error: 'say which one is meant with a namespace: Service ns/good, Service other/good' },
  })
  expect(ask({ object: 'httproute/wep' })).toEqual({
    status: 404,
    body: { error: 'there is no HTTPRoute wep; there are ns/elsewhere, ns/team, ns/web' },
  })
  expect(ask({ object: 'htproute/web' }).body).toEqual({
    error: 'nothing here reads the kind htproute; is HTTPRoute meant?',
  })
  expect(ask({ object: 'web' }).status).toBe(400)
  expect(ask({ url: 'http://x/', gateway: 'ns/no' })).toMatchObject({ status: 404 })
  expect(ask({}).status).toBe(400)
})

test('people read the same in a few lines', () => {
  const text = requestText(request('http://a.example.com/team/a'))
  expect(text.replaceAll(/^ *policy.*\n/gm, '')).toBe(`GET http://a.example.com/team/a at Gateway ns/gw
✓ the request goes to Service ns/good:80

listener  web of Gateway ns/gw (HTTP, *.example.com)
rule      HTTPRoute ns/web rule 2 (path below /team)
to        group ns/web/ns/team, 100 %
  rule      HTTPRoute ns/team rule 0 (path below /team/a)
  to        Service ns/good:80, 100 %

why no other rule:
  HTTPRoute ns/web rule 0 (api)  the path is not below /api
  HTTPRoute ns/web rule 1        the path is not below /api
  HTTPRoute ns/web rule 3        the path is not below /ready
  HTTPRoute ns/web rule 4        the path is not below /broken
  HTTPRoute ns/team rule 1       the path is not below /team/moved

why no other listener:
  shop of Gateway ns/gw (HTTP, shop.example.com)  its hostname is shop.example.com
  stream of Gateway ns/gw (TCP)                   listens on port 9000

routes that are not attached:
  HTTPRoute ns/elsewhere  sectionName "nowhere" not found (listener nowhere)`)
  expect(text).toContain('    policy  traffic.cors of AgentgatewayPolicy ns/all on Gateway ns/gw\n')
})
