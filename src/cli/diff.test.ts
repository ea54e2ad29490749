import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, expect, test, vi } from 'vitest'
import { startHttp } from '../admin/server.ts'
import { DEFAULT_TRANSLATE_SETTINGS } from '../translate/settings.ts'
import { changedFields } from './changed-fields.ts'
import { type Difference, type DiffFlags, diffCommand } from './diff.ts'
import { explainedFiles } from './explain-files.ts'
import { servedResources } from './served-resources.ts'

const folder = mkdtempSync(join(tmpdir(), 'diff-'))
const stop = new AbortController()
afterEach(() => vi.restoreAllMocks())
afterAll(() => {
  stop.abort()
  rmSync(folder, { recursive: true })
})

const gateway = (name: string): string => `
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {namespace: ns, name: ${name}}
spec: {gatewayClassName: agentgateway, listeners: [{name: http, port: 80, protocol: HTTP}]}
---`

const world = (path: string, key: string, more = ''): string => `${gateway('gw')}${gateway('other')}
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {namespace: ns, name: r}
spec:
  parentRefs: [{name: gw}]
  rules:
    - matches: [{path: {value: ${path}}}]
      backendRefs: [{group: agentgateway.dev, kind: AgentgatewayBackend, name: llm}]
---
apiVersion: agentgateway.dev/v1alpha1
kind: AgentgatewayBackend
metadata: {namespace: ns, name: llm}
spec:
  ai: {provider: {openai: {model: gpt}}}
  policies: {auth: {key: ${key}}}
${more}`

function file(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

const old = file('old.yaml', world('/old', 'first-secret'))
const young = file('new.yaml', world('/new', 'second-secret', `---${gateway('more')}`))

async function run(flags: Partial<DiffFlags>): Promise<{ code: number; text: string; errors: string }> {
  let text = ''
  const log = vi.spyOn(console, 'log').mockImplementation((line: string) => {
    text += `${line}\n`
  })
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    text += String(chunk)
    return true
  })
  let errors = ''
  vi.spyOn(console, 'error').mockImplementation((line: string) => {
    errors += `${line}\n`
  })
  const code = await diffCommand({ filename: [], filename2: [], set: [], crds: [], output: 'table', ...flags })
  log.mockRestore()
  write.mockRestore()
  return { code, text, errors }
}

test('says by field what a change does to each gateway, and shows no secret', async () => {
  const { code, text } = await run({ filename: [old], filename2: [young] })
  expect(code).toBe(1)
  expect(text.replaceAll(/sha256:[0-9a-f]{12}/g, 'sha256:…')).toBe(`Gateway ns/gw
  ~ backend/ns/llm  from AgentgatewayBackend ns/llm
      ~ backend.inlinePolicies[0].auth.key.secret: <redacted sha256:…> → <redacted sha256:…>
  ~ route/ns/r.00.http  from HTTPRoute ns/r
      ~ route.matches[0].path.pathPrefix: /old → /new

Gateway ns/more
  + bind/80/ns/more  from Gateway ns/more
  + listener/ns/more.http  from Gateway ns/more

2 added, 2 changed, 0 removed; 2 Gateways concerned
`)
})

test('is 0 when nothing changes, whatever the order and the comments', async () => {
  const same = file('same.yaml', `# a comment\n${world('/old', 'first-secret')}`)
  expect(await run({ filename: [old], filename2: [same] })).toMatchObject({
    code: 0,
    text: '✓ no proxy receives anything new\n',
  })
  expect(await run({ filename: [old], filename2: [young], gateway: 'ns/other' })).toMatchObject({ code: 0 })
})

test('prints JSON with versions, owners and new problems', async () => {
  const broken = file('broken.yaml', world('/old', 'first-secret').replace('name: llm}]', 'name: lost}]'))
  const { text } = await run({ filename: [old], filename2: [broken], output: 'json' })
  const { gateways, problems }: Difference = JSON.parse(text)
  const [removed, changed] = gateways[0]?.changes ?? []
  expect(removed).toMatchObject({ change: 'removed', name: 'backend/ns/llm', was: expect.any(String) })
  expect(changed).toMatchObject({
    change: 'changed',
    owners: [{ kind: 'HTTPRoute', namespace: 'ns', name: 'r' }],
    fields: [{ path: 'route.backends[0].backend.backend', before: 'ns/llm', after: 'ns/lost' }],
  })
  expect(text).not.toContain('first-secret')
  expect(problems).toMatchObject([{ object: 'HTTPRoute ns/r', path: 'spec.rules[0].backendRefs[0]' }])
})

test('compares a running control plane with manifests', async () => {
  const { explained } = await explainedFiles({ filename: [old], crds: [] }, DEFAULT_TRANSLATE_SETTINGS)
  const { snapshot } = explained
  const gateways = {
    'ns/gw': servedResources(snapshot, [], 'ns/gw'),
    'ns/other': servedResources(snapshot, [], 'ns/other'),
  }
  const port = await startHttp(
    [
      { path: '/config_dump', help: '', handle: () => ({ body: { gateways } }) },
      { path: '/problems', help: '', handle: () => ({ body: { problems: [] } }) },
    ],
    { host: '127.0.0.1', port: 0, localOnly: true, signal: stop.signal, onError: () => undefined },
  )
  const server = `localhost:${port}`
  expect(await run({ filename: [old], server })).toMatchObject({ code: 0 })
  const { code, text } = await run({ filename: [young], server })
  expect(code).toBe(1)
  expect(text).toContain('~ route.matches[0].path.pathPrefix: /old → /new')
})

test('wrong usage, unreadable input and an unreachable server have codes of their own', async () => {
  expect(await run({ filename: [old] })).toMatchObject({ code: 2 })
  expect(await run({ filename: [old], filename2: [young], server: 'localhost:1' })).toMatchObject({ code: 2 })
  expect(await run({ filename: [old], filename2: [join(folder, 'nothing.yaml')] })).toMatchObject({ code: 2 })
  expect(await run({ filename: [old], server: 'localhost:1' })).toMatchObject({ code: 3 })
  const torn = await run({ filename: [file('torn.yaml', 'a: [')], filename2: [young] })
  expect([torn.code, torn.text]).toEqual([2, ''])
  expect(torn.errors).toContain('torn.yaml:1: error: ')
})

test('one more item in a list is one change', () => {
  expect(changedFields({ l: [1, 2, 3] }, { l: [1, 9, 2, 3] })).toEqual([{ path: 'l[1]', after: 9 }])
  expect(changedFields({ l: [{ a: 1 }, 2] }, { l: [{ a: 2 }, 2] })).toEqual([{ path: 'l[0].a', before: 1, after: 2 }])
  expect(changedFields({ 'x/y': 1 }, {})).toEqual([{ path: '["x/y"]', before: 1 }])
})
