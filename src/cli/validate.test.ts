import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { findProblems } from './translate.ts'
import { validateCommand, validateManifests } from './validate.ts'

let folder = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'validate-'))
})

afterEach(() => {
  vi.restoreAllMocks()
  rmSync(folder, { recursive: true })
})

function write(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

const backend = `apiVersion: agentgateway.dev/v1alpha1
kind: AgentgatewayBackend
metadata:
  name: good
spec:
  static:
    host: example.com
    port: 80
`
const broken = `# comment
apiVersion: agentgateway.dev/v1alpha1
kind: AgentgatewayBackend
metadata:
  name: bad
  namespace: apps
spec:
  static:
    host: example.com
    prot: 80
  ai:
    provider:
      openai: {}
`
const widgetCrd = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: things.test.agentgateway.dev}
spec:
  group: test.agentgateway.dev
  names: {kind: Thing, listKind: ThingList, plural: things, singular: thing}
  scope: Namespaced
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          properties:
            spec: {type: object, required: [size], properties: {size: {type: integer, maximum: 3}}}
`
const thing = `apiVersion: test.agentgateway.dev/v1
kind: Thing
metadata: {name: big}
spec:
  size: 5
`

test('tells file, line, object, field, and what to do', async () => {
  const good = write('a.yaml', backend)
  const bad = write('b.yaml', `${backend.replace('good', 'other')}---\n${broken}`)
  const { objects, problems } = await validateManifests({ filename: [folder], crds: [] })
  expect(objects).toEqual([
    { object: 'AgentgatewayBackend default/good', file: good, line: 1, verdict: 'accepted' },
    { object: 'AgentgatewayBackend default/other', file: bad, line: 1, verdict: 'accepted' },
    expect.objectContaining({ object: 'AgentgatewayBackend apps/bad', file: bad, verdict: 'refused' }),
  ])
  expect(problems.map(({ file, line, object, path, message }) => ({ file, line, object, path, message }))).toEqual([
    {
      file: bad,
      line: 16,
      object: 'AgentgatewayBackend apps/bad',
      path: 'spec',
      message: 'Invalid value: exactly one of the fields in [ai static dynamicForwardProxy mcp aws a2a] must be set',
    },
    {
      file: bad,
      line: 17,
      object: 'AgentgatewayBackend apps/bad',
      path: 'spec.static',
      message: 'Invalid value: must specify either unixPath or both host and port',
    },
    {
      file: bad,
      line: 19,
      object: 'AgentgatewayBackend apps/bad',
      path: 'spec.static.prot',
      message: 'unknown field "spec.static.prot"; did you mean port?',
    },
  ])
})

test.each([
  ['among the manifests', []],
  ['given with --crds', ['crd']],
] as const)('judges other kinds by CRDs %s', async (where, crds) => {
  const other = mkdtempSync(join(tmpdir(), 'crds-'))
  const paths = crds.map(() => other)
  writeFileSync(join(where === 'given with --crds' ? other : folder, 'crd.yaml'), widgetCrd)
  const file = write('thing.yaml', thing)
  const { objects, problems } = await validateManifests({ filename: [folder], crds: paths })
  rmSync(other, { recursive: true })
  expect(objects).toEqual([{ object: 'Thing big', file, line: 1, verdict: 'refused' }])
  expect(problems).toEqual([
    expect.objectContaining({
      path: 'spec.size',
      line: 5,
      severity: 'error',
      message: 'Invalid value: 5: spec.size in body should be less than or equal to 3',
    }),
  ])
})

test('says which objects no CRD was given for', async () => {
  write(
    'gateway.yaml',
    'apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: {name: g}\nspec: {gatewayClassName: a, listeners: [{name: a, port: 80, protocol: HTTP}]}\n',
  )
  const { objects } = await validateManifests({ filename: [folder], crds: [] })
  expect(objects.map((each) => each.verdict)).toEqual(['unchecked'])
})

test('adds what translation finds', async () => {
  const file = write('a.yaml', backend)
  const found = {
    severity: 'warning',
    object: 'AgentgatewayBackend default/good',
    file,
    line: 1,
    path: '',
    reason: 'NoEffect',
    message: 'no route refers to it',
  } as const
  const { problems } = await validateManifests({ filename: [file], crds: [] }, async ({ collections }) => {
    expect(collections.get('source/agentgatewaybackends')?.size).toBe(1)
    return [found]
  })
  expect(problems).toEqual([found])
})

async function run(filename: readonly string[], output = 'table', crds: readonly string[] = []) {
  const printed: string[] = []
  vi.spyOn(console, 'log').mockImplementation((line: string) => void printed.push(line))
  vi.spyOn(console, 'error').mockImplementation((line: string) => void printed.push(line))
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => printed.push(String(text)) > 0)
  const code = await validateCommand({ filename, crds, output })
  return { code, printed: printed.join('\n') }
}

test('ends with 0 when nothing is wrong', async () => {
  const { code, printed } = await run([write('a.yaml', backend)])
  expect(printed).toBe('✓ 1 object: 1 accepted, 0 refused; 0 errors, 0 warnings')
  expect(code).toBe(0)
})

test('ends with 1 when objects have problems, and prints where', async () => {
  const file = write('b.yaml', broken)
  const { code, printed } = await run([file])
  expect(printed).toContain(`✗ ${file}:10:5  AgentgatewayBackend apps/bad spec.static.prot: unknown field`)
  expect(printed).toContain('✗ 1 object: 0 accepted, 1 refused; 3 errors, 0 warnings')
  expect(code).toBe(1)
})

test('prints JSON for programs', async () => {
  const { printed } = await run([write('b.yaml', broken)], 'json')
  expect(JSON.parse(printed)).toMatchObject({
    objects: [{ object: 'AgentgatewayBackend apps/bad', verdict: 'refused' }],
    problems: [{ severity: 'error' }, {}, {}],
  })
})

test.each([
  ['no path', [], []],
  ['a path that does not exist', ['nowhere'], []],
  ['a folder without CRDs given for CRDs', ['.'], ['.']],
])('ends with 2 for %s', async (_, filename, crds) => {
  write('a.yaml', backend)
  const { code } = await run(
    filename.map((each) => join(folder, each)),
    'table',
    crds.map((each) => join(folder, each)),
  )
  expect(code).toBe(2)
})

test('a document that cannot be read does not hide the others', async () => {
  write('a.yaml', `a: [\n---\n${backend}`)
  const { objects, problems } = await validateManifests({ filename: [folder], crds: [] })
  expect(objects).toHaveLength(1)
  expect(problems).toEqual([expect.objectContaining({ reason: 'SyntaxError', severity: 'error' })])
})

test("judges a proxy's own file, and prints it as it should be", async () => {
  const file = write(
    'proxy.yaml',
    `binds:
- port: 8080
  listeners:
  - routes:
    - policies:
        mcpAuthentication:
          issuer: https://idp.test
          jwksUrl: https://idp.test/certs
          audiences: [a]
        mcpAuthorization:
          rules: ['jwt.sub = "admin"']
`,
  )
  const { objects, problems, corrected } = await validateManifests({ filename: [file], crds: [] })
  expect(objects).toEqual([{ object: 'proxy configuration', file, line: 1, verdict: 'refused' }])
  expect(problems.map(({ line, message }) => [line, message.slice(0, 40)])).toEqual([
    [8, 'proxies before 0.11 called it jwksUrl; a'],
    [11, 'jwt.sub = "admin" is not a CEL expressio'],
  ])
  expect(JSON.stringify(corrected?.[0]?.config)).toContain('"jwks":{"url":"https://idp.test/certs"}')
  expect(JSON.stringify(corrected?.[0]?.config)).toContain('jwt.sub == ')
  const lines: string[] = []
  vi.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(line))
  expect(await validateCommand({ filename: [file], crds: [], output: 'table' })).toBe(1)
  expect(lines.join('\n')).toContain('as it should be')
})

test('a key set that a server would fetch is a warning, for nothing is fetched here', async () => {
  const file = write(
    'login.yaml',
    `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: gw}
spec: {gatewayClassName: agentgateway, listeners: [{name: http, port: 80, protocol: HTTP}]}
---
apiVersion: agentgateway.dev/v1alpha1
kind: AgentgatewayPolicy
metadata: {name: login}
spec:
  targetRefs: [{group: gateway.networking.k8s.io, kind: Gateway, name: gw}]
  traffic:
    jwtAuthentication:
      providers: [{issuer: https://idp.test, jwks: {remote: {url: https://idp.test/certs}}}]
`,
  )
  const { problems } = await validateManifests({ filename: [file], crds: [] }, findProblems)
  expect(problems).toMatchObject([
    { severity: 'warning', message: expect.stringMatching(/isn't available .*; a server fetches it/) },
  ])
})
