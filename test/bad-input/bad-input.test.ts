// Bad input, case by case: a clear problem that names object and field, everything else keeps working, nothing crashes.
// Each case stands beside a healthy gateway whose resources must be there all the same.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { translateManifests } from '../../src/cli/translate.ts'
import type { ReportedProblem } from '../../src/sources/source.ts'
import { DEFAULT_TRANSLATE_SETTINGS } from '../../src/translate/settings.ts'

const HEALTHY = `
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: gw, namespace: ok}
spec:
  gatewayClassName: agentgateway
  listeners: [{name: http, protocol: HTTP, port: 8080}]
---
apiVersion: agentgateway.dev/v1alpha1
kind: AgentgatewayBackend
metadata: {name: be, namespace: ok}
spec: {static: {host: example.com, port: 80}}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: healthy, namespace: ok}
spec:
  parentRefs: [{name: gw}]
  rules: [{backendRefs: [{group: agentgateway.dev, kind: AgentgatewayBackend, name: be}]}]
`

interface Case {
  readonly name: string
  /** The bad file's content; `yaml` unless `file` says otherwise. */
  readonly text: string
  readonly file?: string
  /** What one of the problems must look like. */
  readonly expect: {
    readonly object?: string
    readonly path?: string
    readonly line?: number
    readonly message: RegExp
  }
  /** Resources that must be there or not, by name. */
  readonly has?: readonly string[]
  readonly lacks?: readonly string[]
}

const route = (spec: string, name = 'bad'): string => `
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: ${name}, namespace: ok}
spec: ${spec}
`
const gateway = (spec: string): string => `
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: bad, namespace: ok}
spec: ${spec}
`
const backend = (spec: string): string => `
apiVersion: agentgateway.dev/v1alpha1
kind: AgentgatewayBackend
metadata: {name: bad, namespace: ok}
spec: ${spec}
`
const policy = (spec: string): string => `
apiVersion: agentgateway.dev/v1alpha1
kind: AgentgatewayPolicy
metadata: {name: bad, namespace: ok}
spec: ${spec}
`
const onRoute = 'targetRefs: [{group: gateway.networking.k8s.io, kind: HTTPRoute, name: healthy}]'

const CASES: readonly Case[] = [
  { name: 'a tab in YAML', text: 'kind: Gateway\n\tmetadata: x\n', expect: { line: 2, message: /tab|indent|token/i } },
  { name: 'an unclosed bracket', text: 'kind: [Gateway\n', expect: { message: /./ } },
  {
    name: 'a broken second document',
    text: `${route('{parentRefs: [{name: gw}]}')}---\nkind: {`,
    expect: { line: 7, message: /./ },
    has: ['bind/8080/ok/gw'],
  },
  { name: 'broken JSON', file: 'bad.json', text: '{"kind": "Gateway",', expect: { message: /./ } },
  { name: 'a document that is a list', text: '- a\n- b\n', expect: { message: /object/i } },
  { name: 'a document that is a word', text: 'hello\n', expect: { message: /object/i } },
  { name: 'no kind', text: 'apiVersion: v1\nmetadata: {name: a}\n', expect: { message: /kind/ } },
  { name: 'no apiVersion', text: 'kind: Gateway\nmetadata: {name: a}\n', expect: { message: /apiVersion/ } },
  { name: 'no name', text: 'apiVersion: v1\nkind: Service\nmetadata: {}\n', expect: { message: /name/ } },
  {
    name: 'metadata that is text',
    text: 'apiVersion: v1\nkind: Service\nmetadata: hello\n',
    expect: { message: /metadata/ },
  },
  {
    name: 'an unknown kind',
    text: 'apiVersion: example.com/v1\nkind: Frobnicator\nmetadata: {name: a}\n',
    expect: { message: /Frobnicator/ },
  },
  {
    name: 'a misspelt kind',
    text: 'apiVersion: gateway.networking.k8s.io/v1\nkind: HttpRoute\nmetadata: {name: a}\n',
    expect: { message: /HTTPRoute/ },
  },
  { name: 'a name that no API server takes', text: route('{}', 'Not_A_Name'), expect: { message: /name/ } },
  {
    name: 'a spec that is a list',
    text: gateway('[]'),
    expect: { object: 'Gateway ok/bad', path: 'spec', message: /object|list/i },
  },
  {
    name: 'a port that is text',
    text: gateway('{gatewayClassName: agentgateway, listeners: [{name: a, protocol: HTTP, port: eighty}]}'),
    expect: { object: 'Gateway ok/bad', path: 'spec.listeners[0].port', message: /./ },
  },
  {
    name: 'a port out of range',
    text: gateway('{gatewayClassName: agentgateway, listeners: [{name: a, protocol: HTTP, port: 70000}]}'),
    expect: { object: 'Gateway ok/bad', path: 'spec.listeners[0].port', message: /./ },
  },
  {
    name: 'a listener without a protocol',
    text: gateway('{gatewayClassName: agentgateway, listeners: [{name: a, port: 81}]}'),
    expect: { object: 'Gateway ok/bad', path: 'spec.listeners[0].protocol', message: /./ },
  },
  {
    name: 'an unknown protocol',
    text: gateway('{gatewayClassName: agentgateway, listeners: [{name: a, protocol: GOPHER, port: 81}]}'),
    expect: { object: 'Gateway ok/bad', message: /GOPHER/ },
  },
  {
    name: 'a lower-case protocol',
    text: gateway('{gatewayClassName: agentgateway, listeners: [{name: a, protocol: http, port: 81}]}'),
    expect: { object: 'Gateway ok/bad', message: /HTTP/ },
  },
  {
    name: 'two listeners of one name on one port',
    text: gateway(
      '{gatewayClassName: agentgateway, listeners: [{name: a, protocol: HTTP, port: 81}, {name: b, protocol: HTTP, port: 81}]}',
    ),
    expect: { object: 'Gateway ok/bad', message: /conflict|unique/i },
  },
  {
    name: 'HTTP and TCP on one port',
    text: gateway(
      '{gatewayClassName: agentgateway, listeners: [{name: a, protocol: HTTP, port: 81}, {name: b, protocol: TCP, port: 81}]}',
    ),
    expect: { object: 'Gateway ok/bad', message: /conflict|protocol/i },
  },
  {
    name: 'a missing certificate',
    text: gateway(
      '{gatewayClassName: agentgateway, listeners: [{name: a, protocol: HTTPS, port: 443, tls: {certificateRefs: [{name: nothere}]}}]}',
    ),
    expect: { object: 'Gateway ok/bad', path: 'spec.listeners[0]', message: /nothere/ },
  },
  {
    name: 'a certificate that is none',
    text: `${gateway('{gatewayClassName: agentgateway, listeners: [{name: a, protocol: HTTPS, port: 443, tls: {certificateRefs: [{name: cert}]}}]}')}---
apiVersion: v1
kind: Secret
metadata: {name: cert, namespace: ok}
stringData: {tls.crt: hello, tls.key: world}
`,
    expect: { object: 'Gateway ok/bad', message: /malformed|certificate/i },
  },
  {
    name: 'a certificate in another namespace without a grant',
    text: `${gateway('{gatewayClassName: agentgateway, listeners: [{name: a, protocol: HTTPS, port: 443, tls: {certificateRefs: [{name: cert, namespace: other}]}}]}')}---
apiVersion: v1
kind: Secret
metadata: {name: cert, namespace: other}
stringData: {tls.crt: hello, tls.key: world}
`,
    expect: { object: 'Gateway ok/bad', message: /ReferenceGrant|malformed/ },
  },
  {
    name: 'a class that does not exist',
    text: gateway('{gatewayClassName: nothing, listeners: [{name: a, protocol: HTTP, port: 81}]}'),
    expect: { object: 'Gateway ok/bad', path: 'spec.gatewayClassName', message: /nothing/ },
    lacks: ['bind/81/ok/bad'],
  },
  {
    name: 'a parent that does not exist',
    text: route('{parentRefs: [{name: nothere}]}'),
    expect: { object: 'HTTPRoute ok/bad', path: 'spec.parentRefs[0]', message: /nothere/ },
  },
  {
    name: 'a section that does not exist',
    text: route('{parentRefs: [{name: gw, sectionName: nothere}]}'),
    expect: { object: 'HTTPRoute ok/bad', path: 'spec.parentRefs[0]', message: /nothere/ },
  },
  {
    name: 'a hostname that no listener has',
    text: `${gateway('{gatewayClassName: agentgateway, listeners: [{name: a, protocol: HTTP, port: 81, hostname: a.example.com}]}')}---${route('{parentRefs: [{name: bad}], hostnames: [b.example.com]}')}`,
    expect: { object: 'HTTPRoute ok/bad', message: /hostname/ },
  },
  {
    name: 'a namespace that the listener does not take',
    text: route('{parentRefs: [{name: gw, namespace: ok}]}').replace(
      'namespace: ok}\nspec',
      'namespace: elsewhere}\nspec',
    ),
    expect: { object: 'HTTPRoute elsewhere/bad', message: /elsewhere/ },
  },
  {
    name: 'a missing Service',
    text: route('{parentRefs: [{name: gw}], rules: [{backendRefs: [{name: nothere, port: 80}]}]}'),
    expect: { object: 'HTTPRoute ok/bad', path: 'spec.rules[0].backendRefs[0]', message: /nothere/ },
  },
  {
    name: 'a Service without a port',
    text: route('{parentRefs: [{name: gw}], rules: [{backendRefs: [{name: svc}]}]}'),
    expect: { object: 'HTTPRoute ok/bad', path: 'spec.rules[0].backendRefs[0]', message: /port/ },
  },
  {
    name: 'a missing backend',
    text: route(
      '{parentRefs: [{name: gw}], rules: [{backendRefs: [{group: agentgateway.dev, kind: AgentgatewayBackend, name: nothere}]}]}',
    ),
    expect: { object: 'HTTPRoute ok/bad', path: 'spec.rules[0].backendRefs[0]', message: /nothere/ },
  },
  {
    name: 'a backend of an unknown kind',
    text: route('{parentRefs: [{name: gw}], rules: [{backendRefs: [{group: example.com, kind: Thing, name: be}]}]}'),
    expect: { object: 'HTTPRoute ok/bad', path: 'spec.rules[0].backendRefs[0]', message: /Thing/ },
  },
  {
    name: 'a backend in another namespace without a grant',
    text: `${route('{parentRefs: [{name: gw}], rules: [{backendRefs: [{name: svc, namespace: other, port: 80}]}]}')}---
apiVersion: v1
kind: Service
metadata: {name: svc, namespace: other}
spec: {ports: [{port: 80}]}
`,
    expect: { object: 'HTTPRoute ok/bad', path: 'spec.rules[0].backendRefs[0]', message: /ReferenceGrant/ },
  },
  {
    name: 'an unsupported filter',
    text: route(
      '{parentRefs: [{name: gw}], rules: [{filters: [{type: ExtensionRef, extensionRef: {group: example.com, kind: F, name: f}}]}]}',
    ),
    expect: { object: 'HTTPRoute ok/bad', path: 'spec.rules[0].filters[0]', message: /ExtensionRef/ },
  },
  {
    name: 'a match of an unknown type',
    text: route('{parentRefs: [{name: gw}], rules: [{matches: [{path: {type: Fuzzy, value: /}}]}]}'),
    expect: { object: 'HTTPRoute ok/bad', path: 'spec.rules[0].matches[0].path.type', message: /Fuzzy/ },
  },
  {
    name: 'a timeout that is no duration',
    text: route('{parentRefs: [{name: gw}], rules: [{timeouts: {request: soon}}]}'),
    expect: { object: 'HTTPRoute ok/bad', path: 'spec.rules[0].timeouts.request', message: /./ },
  },
  {
    name: 'an unknown field',
    text: backend('{static: {host: a, port: 80, hots: b}}'),
    expect: { object: 'AgentgatewayBackend ok/bad', path: 'spec.static.hots', message: /unknown/i },
  },
  {
    name: 'two kinds of backend at once',
    text: backend('{static: {host: a, port: 80}, dynamicForwardProxy: {}}'),
    expect: { object: 'AgentgatewayBackend ok/bad', message: /exactly one|one of/i },
  },
  { name: 'no kind of backend', text: backend('{}'), expect: { object: 'AgentgatewayBackend ok/bad', message: /./ } },
  {
    name: 'a missing Secret',
    text: backend('{ai: {provider: {openai: {}}}, policies: {auth: {secretRef: {name: nothere}}}}'),
    expect: { object: 'AgentgatewayBackend ok/bad', message: /ok\/nothere not found/ },
    lacks: ['backend/ok/bad'],
  },
  {
    name: 'an MCP target whose Service is missing',
    text: backend('{mcp: {targets: [{name: t, static: {backendRef: {name: nothere}, port: 80}}]}}'),
    expect: { object: 'AgentgatewayBackend ok/bad', message: /nothere/ },
  },
  {
    name: 'a CEL rule with a single =',
    text: policy(
      `{${onRoute}, traffic: {authorization: {action: Deny, policy: {matchExpressions: ["request.path = '/admin'"]}}}}`,
    ),
    expect: { object: 'AgentgatewayPolicy ok/bad', message: /==/ },
  },
  {
    name: 'a CEL rule that ends early',
    text: policy(`{${onRoute}, traffic: {authorization: {policy: {matchExpressions: ["request.path =="]}}}}`),
    expect: { object: 'AgentgatewayPolicy ok/bad', message: /CEL/ },
  },
  {
    name: 'a policy without a target',
    text: policy(
      '{targetRefs: [{group: gateway.networking.k8s.io, kind: HTTPRoute, name: nothere}], traffic: {timeouts: {request: 1s}}}',
    ),
    expect: { object: 'AgentgatewayPolicy ok/bad', path: 'spec.targetRefs[0]', message: /nothere/ },
  },
  {
    name: 'a policy that targets an unknown kind',
    text: policy('{targetRefs: [{group: example.com, kind: Thing, name: a}], traffic: {timeouts: {request: 1s}}}'),
    expect: { object: 'AgentgatewayPolicy ok/bad', message: /./ },
  },
  {
    name: 'backends that refer to each other in a circle',
    text: `${backend('{static: {host: a, port: 80}, policies: {tunnel: {backendRef: {group: agentgateway.dev, kind: AgentgatewayBackend, name: bad2, port: 1}}}}')}---${backend('{static: {host: b, port: 80}, policies: {tunnel: {backendRef: {group: agentgateway.dev, kind: AgentgatewayBackend, name: bad, port: 1}}}}').replace('name: bad,', 'name: bad2,')}---${route('{parentRefs: [{name: gw}], rules: [{backendRefs: [{group: agentgateway.dev, kind: AgentgatewayBackend, name: bad}, {name: nothere, port: 1}]}]}')}`,
    expect: { message: /nothere/ },
    has: ['backend/ok/bad', 'backend/ok/bad2'],
  },
  {
    name: 'routes that delegate to each other in a circle',
    text: `${route('{rules: [{backendRefs: [{group: gateway.networking.k8s.io, kind: HTTPRoute, name: b}]}]}', 'a')}---${route('{rules: [{backendRefs: [{group: gateway.networking.k8s.io, kind: HTTPRoute, name: a}, {name: nothere, port: 1}]}]}', 'b')}---${route('{parentRefs: [{name: gw}], rules: [{backendRefs: [{name: nothere, port: 1}]}]}')}`,
    expect: { object: 'HTTPRoute ok/bad', message: /nothere/ },
  },
  {
    name: 'an object defined twice',
    text: `${backend('{static: {host: a, port: 80}}')}---${backend('{static: {host: b, port: 80}}')}`,
    expect: { object: 'AgentgatewayBackend ok/bad', message: /defined again/ },
  },
  {
    name: 'a Secret whose data is no base64',
    text: 'apiVersion: v1\nkind: Secret\nmetadata: {name: s, namespace: ok}\ndata: {a: "***"}\n',
    expect: { object: 'Secret ok/s', path: 'data[a]', message: /base64/ },
  },
  {
    name: 'an explosion of anchors',
    text: `a: &a [x, x, x, x, x, x, x, x, x]\n${'bcdefghij'
      .split('')
      .map((name, i) => `${name}: &${name} [${Array(9).fill(`*${'abcdefghij'[i]}`).join(', ')}]`)
      .join('\n')}\n`,
    expect: { message: /./ },
  },
  { name: 'a file of ten megabytes of nonsense', text: `${'x'.repeat(10 * 1024 * 1024)}: {`, expect: { message: /./ } },
]

let folder: string | undefined
afterEach(() => {
  if (folder !== undefined) rmSync(folder, { recursive: true })
  folder = undefined
})

async function translate(
  files: Readonly<Record<string, string>>,
): Promise<Awaited<ReturnType<typeof translateManifests>>> {
  folder = mkdtempSync(join(tmpdir(), 'agwcp-bad-'))
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  return translateManifests({
    filename: [folder],
    crds: [],
    settings: DEFAULT_TRANSLATE_SETTINGS,
    isAdmitted: false,
    now: '2026-01-01T00:00:00Z',
  })
}

function matches(problem: ReportedProblem, { object, path, line, message }: Case['expect']): boolean {
  return (
    message.test(problem.message) &&
    (object === undefined || problem.object === object) &&
    (path === undefined || problem.path.startsWith(path)) &&
    (line === undefined || problem.line === line)
  )
}

describe('bad input', () => {
  for (const bad of CASES) {
    test(bad.name, async () => {
      const { problems, resources, failures } = await translate({
        'a-ok.yaml': HEALTHY,
        [bad.file ?? 'bad.yaml']: bad.text,
      })
      expect(failures).toEqual([])
      expect(
        problems.some((problem) => matches(problem, bad.expect)),
        `no such problem among ${JSON.stringify(problems, null, 1)}`,
      ).toBe(true)
      for (const { file, line } of problems)
        expect({ file, line }).toEqual({ file: expect.stringMatching(/\.(yaml|json)$/), line: expect.any(Number) })
      const names = resources.map(({ name }) => name)
      expect(names).toEqual(
        expect.arrayContaining([
          'bind/8080/ok/gw',
          'listener/ok/gw.http',
          'route/ok/healthy.00.http',
          'backend/ok/be',
          ...(bad.has ?? []),
        ]),
      )
      for (const name of bad.lacks ?? []) expect(names).not.toContain(name)
    })
  }

  test('an empty folder is served as nothing', async () => {
    const { problems, resources, failures } = await translate({})
    expect({ problems, resources, failures }).toEqual({ problems: [], resources: [], failures: [] })
  })

  test('a folder that does not exist is named', async () => {
    const { problems } = await translateManifests({
      filename: ['/nonexistent/folder'],
      crds: [],
      settings: DEFAULT_TRANSLATE_SETTINGS,
      isAdmitted: false,
      now: '',
    })
    expect(problems).toMatchObject([{ severity: 'error', file: '/nonexistent/folder', reason: 'NotFound' }])
  })
})
