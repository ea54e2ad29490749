import { describe, expect, it } from 'vitest'
import { watchedKinds } from '../kubernetes/kinds.ts'
import { locate, parseManifests } from './parse.ts'

const parse = (text: string) => parseManifests('a.yaml', text, watchedKinds)

/** What matters of a parsed file, in one line per object and per problem. */
function summary(text: string) {
  const { items, problems } = parse(text)
  return {
    items: items.map(({ kind, key, origin }) => `${kind.kind} ${key} @${origin.line}`),
    problems: problems.map(({ severity, reason, line, message }) => `${severity} ${reason} @${line}: ${message}`),
  }
}

const route = (name: string) => `apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: ${name}, namespace: ns}
`

describe('parsing', () => {
  it('finds every document, with the line on which its content begins', () => {
    const text = `# a comment\n---\n\n${route('a')}---\n# only a comment\n--- # the next\n${route('b')}---\n`
    expect(summary(text)).toEqual({ items: ['HTTPRoute ns/a @4', 'HTTPRoute ns/b @10'], problems: [] })
  })

  it.each([
    ['nothing', ''],
    ['a byte order mark', '\ufeff'],
    ['comments', '# nothing\n\n---\n# here\n---\n...\n'],
    ['null', '---\nnull\n'],
  ])('takes a file with %s as empty', (_, text) => {
    expect(parse(text)).toMatchObject({ items: [], problems: [], isBroken: false })
  })

  it('reads windows line ends, directives and document ends', () => {
    const text = `%YAML 1.2\n---\n${route('a')}...\n---\n${route('b')}`.replaceAll('\n', '\r\n')
    expect(summary(text)).toEqual({ items: ['HTTPRoute ns/a @3', 'HTTPRoute ns/b @8'], problems: [] })
  })

  it('does not split at dashes inside a value', () => {
    const text = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  x: |\n    ---\n    -----BEGIN\n'
    expect(parse(text).items[0]?.object).toMatchObject({ data: { x: '---\n-----BEGIN\n' } })
  })

  it('reads JSON, and Lists of any kind, each item for itself', () => {
    const items = [
      { apiVersion: 'v1', kind: 'Service', metadata: { name: 'a' } },
      { apiVersion: 'v1', kind: 'Service', metadata: {} },
      { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'b', namespace: 'ns' } },
    ]
    const text = JSON.stringify({ apiVersion: 'v1', kind: 'List', items }, null, '\t')
    expect(summary(text).items).toEqual(['Service default/a @1', 'Secret ns/b @1'])
    const [problem] = parse(text).problems
    expect(problem).toMatchObject({ reason: 'InvalidDocument', path: 'metadata.name', object: 'Service' })
    expect(text.split('\n')[(problem?.line ?? 0) - 1]).toContain('metadata')
    const typed = JSON.stringify({ apiVersion: 'v1', kind: 'ServiceList', items: [{ metadata: { name: 'a' } }] })
    expect(summary(typed)).toEqual({ items: ['Service default/a @1'], problems: [] })
  })

  it('reports broken syntax with its line, and still reads the other documents', () => {
    const broken = `${route('b')}spec:\n  rules: [\n  hostnames: x\n`
    const result = parse(`${route('a')}---\n${broken}---\n${route('c')}`)
    expect(result.items.map(({ key }) => key)).toEqual(['ns/a', 'ns/c'])
    expect(result.isBroken).toBe(true)
    expect(result.problems).toMatchObject([
      { severity: 'error', reason: 'SyntaxError', file: 'a.yaml', line: 10, object: 'HTTPRoute', path: '' },
    ])
  })

  it('says of which object a broken document seems to be, and that a template must be rendered', () => {
    const text =
      'apiVersion: v1\nkind: Secret\nmetadata:\n  labels: {}\n  name: db\n  namespace: {{ .Release.Namespace }}\n'
    expect(parse(text).problems).toMatchObject([
      { object: 'Secret db', line: 6, message: expect.stringContaining('Helm template') },
    ])
  })

  it.each([
    ['a repeated field', 'a: 1\na: 2\n', 2],
    ['a tab', 'a:\n\tb: 1\n', 2],
    ['an unknown tag', 'a: !!js/function x\n', 1],
    ['an unknown alias', 'a: *b\n', 1],
  ])('reports %s', (_, text, line) => {
    expect(parse(`---\n${text}`).problems).toMatchObject([{ reason: 'SyntaxError', line: line + 1 }])
  })

  it('gives objects of namespaced kinds the namespace default, and takes it from the others', () => {
    const text =
      'apiVersion: v1\nkind: Node\nmetadata: {name: n, namespace: x}\n---\napiVersion: v1\nkind: Pod\nmetadata: {name: p, namespace: null}\n'
    expect(parse(text).items.map(({ object }) => object.metadata)).toEqual([
      { name: 'n' },
      { name: 'p', namespace: 'default' },
    ])
  })

  it('keeps times and words such as yes as text', () => {
    const text =
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, creationTimestamp: 2024-01-01T00:00:00Z}\ndata: {on: yes}\n'
    expect(parse(text).items[0]?.object).toMatchObject({
      metadata: { creationTimestamp: '2024-01-01T00:00:00Z' },
      data: { on: 'yes' },
    })
  })

  it('copies what aliases share, and refuses those that explode', () => {
    const shared = `${route('a')}spec:\n  parentRefs: [&ref {name: x}]\n  other: *ref\n  merged: {<<: *ref, y: 1}\n`
    const spec = parse(shared).items[0]?.object.spec
    expect(spec).toEqual({ parentRefs: [{ name: 'x' }], other: { name: 'x' }, merged: { name: 'x', y: 1 } })
    const levels = Array.from(
      { length: 20 },
      (_, i) => `l${i}: &l${i} [${i === 0 ? 'x' : `*l${i - 1}, *l${i - 1}, *l${i - 1}`}]`,
    )
    expect(parse(levels.join('\n')).problems).toMatchObject([{ message: expect.stringContaining('aliases') }])
  })

  it.each([
    ['a list', '- 1\n', 'this one is a list'],
    ['a word', 'hello\n', 'this one is a single value'],
    ['what a proxy reads itself', 'binds: []\n', 'must be converted'],
    ['no kind', 'apiVersion: v1\nmetadata: {name: a}\n', 'kind is missing'],
    ['no apiVersion', 'kind: Service\nmetadata: {name: a}\n', 'apiVersion is missing'],
    ['a number as apiVersion', 'apiVersion: 1\nkind: Service\n', 'apiVersion is missing, or not a string'],
    ['no metadata', 'apiVersion: v1\nkind: Service\n', 'metadata is missing'],
    ['no name', 'apiVersion: v1\nkind: Service\nmetadata: {}\n', 'metadata.name is missing'],
    [
      'a number as name',
      'apiVersion: v1\nkind: Service\nmetadata: {name: 1}\n',
      'metadata.name is missing, or not a string',
    ],
    ['a number as namespace', 'apiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: 1}\n', 'namespace must be'],
  ])('reports a document that has %s', (_, text, message) => {
    expect(parse(text)).toMatchObject({
      items: [],
      isBroken: true,
      problems: [{ severity: 'error', reason: 'InvalidDocument', message: expect.stringContaining(message) }],
    })
  })
})

describe('kinds', () => {
  it.each([
    ['gateway.networking.k8s.io/v1', 'HTTPRoutes', 'did you mean kind HTTPRoute'],
    ['gateway.networking.k8s.io/v1', 'Httproute', 'did you mean kind HTTPRoute'],
    ['gateway.networking.k8s.io/v2', 'HTTPRoute', 'write gateway.networking.k8s.io/v1'],
    ['gateway.networking.x-k8s.io/v1alpha1', 'XListenerSet', 'did you mean kind ListenerSet'],
    ['gateway.network.k8s.io/v1', 'Gateway', 'did you mean apiVersion gateway.networking.k8s.io/v1'],
    ['example.com/v1', 'Bicycle', 'read are core kinds and'],
    ['v2', 'Service', 'write v1'],
  ])('of %s %s that nobody reads are reported with what was perhaps meant', (apiVersion, kind, hint) => {
    const { items, foreign, problems } = parse(`apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: a}\n`)
    expect(items).toEqual([])
    expect(foreign).toHaveLength(1)
    expect(problems).toMatchObject([
      {
        severity: 'warning',
        reason: 'UnknownKind',
        object: `${kind} a`,
        line: 2,
        message: expect.stringContaining(hint),
      },
    ])
  })

  it.each([
    ['apps/v1', 'Deployment'],
    ['v1', 'ServiceAccount'],
    ['apiextensions.k8s.io/v1', 'CustomResourceDefinition'],
  ])('of %s %s, which rightly stand beside ours, are passed over in silence', (apiVersion, kind) => {
    const { foreign, problems } = parse(`apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: a}\n`)
    expect([foreign.length, problems]).toEqual([1, []])
  })

  it.each([
    ['v1beta1', 'Gateway'],
    ['v1beta1', 'HTTPRoute'],
    ['v1alpha2', 'TLSRoute'],
    ['v1alpha3', 'TLSRoute'],
    ['v1alpha3', 'BackendTLSPolicy'],
    ['v1alpha2', 'TCPRoute'],
  ])('of the outdated version %s %s are read as v1, with a warning', (version, kind) => {
    const { items, problems } = parse(
      `apiVersion: gateway.networking.k8s.io/${version}\nkind: ${kind}\nmetadata: {name: a}\n`,
    )
    expect(items[0]?.object.apiVersion).toBe('gateway.networking.k8s.io/v1')
    expect(problems).toMatchObject([{ severity: 'warning', reason: 'OutdatedVersion', path: 'apiVersion', line: 1 }])
  })

  it('lets ReferenceGrants have either version', () => {
    for (const version of ['v1', 'v1beta1']) {
      const text = `apiVersion: gateway.networking.k8s.io/${version}\nkind: ReferenceGrant\nmetadata: {name: a}\n`
      const { items, problems } = parse(text)
      expect(problems).toEqual([])
      expect(items[0]?.object.apiVersion).toBe('gateway.networking.k8s.io/v1beta1')
    }
  })
})

describe('locating', () => {
  const text = `# comment
---
# another
${route('a')}spec:
  rules:
  - matches: []
  -
    backendRefs:
    - name: x
      port: "80"
---
apiVersion: v1
kind: List
items:
- apiVersion: v1
  kind: Service
  metadata:
    name: s
    labels:
      example.com/part: x
`
  const { items } = parse(text)
  const at = (item: number, ...path: (string | number)[]) => {
    const origin = items[item]?.origin
    if (origin === undefined) throw new Error('no such item')
    const { line, column } = locate(origin, path)
    return text.split('\n')[line - 1]?.slice(column - 1)
  }

  it('finds a field by its path, in the second document and in a List too', () => {
    expect(at(0, 'spec', 'rules', 1, 'backendRefs', 0, 'port')).toBe('port: "80"')
    expect(at(0, 'kind')).toBe('kind: HTTPRoute')
    expect(at(1, 'metadata', 'name')).toBe('name: s')
    expect(at(1, 'metadata', 'labels', 'example', 'com/part')).toBe('example.com/part: x')
    expect(at(1)).toBe('apiVersion: v1')
  })

  it('finds what is nearest above a field that is absent', () => {
    expect(at(0, 'spec', 'rules', 1, 'filters', 0)).toBe('backendRefs:')
    expect(at(0, 'spec', 'rules', 7)).toBe('rules:')
    expect(at(0)).toBe('apiVersion: gateway.networking.k8s.io/v1')
  })
})
