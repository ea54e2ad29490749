// The documentation: links lead somewhere, and the page about conditions has every condition that is written. That pages
// are what the definitions say is checked by `npm run gen -- --check`.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { describe, expect, test } from 'vitest'
import { CONDITIONS } from '../hack/reference/conditions.ts'
import { slug } from '../hack/reference/markdown.ts'
import { kinds } from '../src/api/kinds.ts'
import { crd, type StructuralSchema } from '../src/schema/crd.ts'
import { isObject } from '../src/schema/structure.ts'
import { goldenCases } from './golden/corpus.ts'

const root = join(import.meta.dirname, '..')

function filesBelow(folder: string, ending: string): readonly string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending))
    .map((name) => join(root, folder, name))
    .sort()
}

const pages = [
  join(root, 'README.md'),
  join(root, 'CONTRIBUTING.md'),
  ...filesBelow('docs', '.md'),
  ...filesBelow('charts', '.md'),
]

const withoutExamples = (text: string): string => text.replaceAll(/^```[\s\S]*?^```$/gm, '')

function anchorsOf(text: string): readonly string[] {
  const prose = withoutExamples(text)
  const own = [...prose.matchAll(/<a id="([^"]+)"><\/a>/g)].map(([, id = '']) => id)
  const counts = new Map<string, number>()
  const headings = [...prose.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => {
    const base = slug(heading.replaceAll(/<[^>]*>/g, ''))
    const count = counts.get(base) ?? 0
    counts.set(base, count + 1)
    return count === 0 ? base : `${base}-${count}`
  })
  return [...own, ...headings]
}

const anchors = new Map<string, ReadonlySet<string>>()
function hasAnchor(file: string, anchor: string): boolean {
  const known = anchors.get(file) ?? new Set(anchorsOf(readFileSync(file, 'utf8')))
  anchors.set(file, known)
  return known.has(anchor)
}

function brokenLinks(file: string): readonly string[] {
  // What stands in code is no link, but code may be what is clicked on.
  const prose = withoutExamples(readFileSync(file, 'utf8')).replaceAll(/(`+)[^`]+?\1/g, 'code')
  return [...prose.matchAll(/\]\(([^()\s]+)\)/g)].flatMap(([, link = '']) => {
    if (/^[a-z]+:/.test(link)) return []
    const [path = '', anchor] = link.split('#')
    const target = path === '' ? file : join(dirname(file), path)
    const isThere = existsSync(target) && (anchor === undefined || hasAnchor(target, anchor))
    return isThere ? [] : [link]
  })
}

describe('the documentation', () => {
  test.each(pages.map((file) => [relative(root, file), file] as const))('%s has no broken link', (_, file) => {
    expect(brokenLinks(file)).toEqual([])
  })

  test('an anchor stands once on a page', () => {
    for (const file of filesBelow('docs/reference', '.md')) {
      const ids = [...readFileSync(file, 'utf8').matchAll(/<a id="([^"]+)">/g)].map(([, id]) => id)
      expect(ids.filter((id, i) => ids.indexOf(id) !== i)).toEqual([])
    }
  })

  test('every page of the reference is in its index', () => {
    const index = readFileSync(join(root, 'docs', 'reference', 'README.md'), 'utf8')
    const missing = readdirSync(join(root, 'docs', 'reference')).filter((name) => !index.includes(`(${name})`))
    expect(missing).toEqual(['README.md'])
  })
})

const marked = new Map<string, ReadonlyMap<string, string>>()
function markedLines(file: string): ReadonlyMap<string, string> {
  const known = marked.get(file)
  if (known !== undefined) return known
  const found = new Map<string, string>()
  for (const line of readSource(file).split('\n')) {
    for (const [, id = ''] of line.matchAll(/<a id="([^"]+)">/g)) found.set(id, line)
  }
  marked.set(file, found)
  return found
}

// A field is described where its anchor is. Below a field whose type is a link, the search goes on where the link leads.
function undescribed(schema: StructuralSchema, file: string, at: string): readonly string[] {
  const inner = schema.items ?? schema.additionalProperties
  if (typeof inner === 'object') return undescribed(inner, file, at)
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const anchor = `${at}.${name}`
    const line = markedLines(file).get(anchor)
    if (line === undefined) return [`${file}#${anchor}`]
    if (line.includes('The fields are those of the policy itself')) return []
    const [, page, type] = /\| (?:list of |map to )?\[\w+\]\(([a-z.]*)#([a-z]+)\)/.exec(line) ?? []
    return type === undefined || type === 'texts'
      ? undescribed(field, file, anchor)
      : undescribed(field, page ? `docs/reference/${page}` : file, type)
  })
}

test.each(kinds)('every field of $kind is described', (kind) => {
  const { spec, status } = crd(kind).spec.versions[0]?.schema.openAPIV3Schema.properties ?? {}
  const file = `docs/reference/${kind.kind.toLowerCase()}.md`
  expect(undescribed(spec ?? {}, file, 'spec')).toEqual([])
  expect(undescribed(status ?? {}, file, 'status')).toEqual([])
})

const WRITTEN = new Set(CONDITIONS.flatMap(({ rows }) => rows.map(([condition, reason]) => `${condition} ${reason}`)))

describe('the page about conditions', () => {
  test('has every reason that a problem can have', () => {
    const [, union = ''] = /export type Reason =\n([\s\S]*?)\n\n/.exec(readSource('src/core/problem.ts')) ?? []
    const reasons = [...union.matchAll(/'(\w+)'/g)].map(([, reason = '']) => reason)
    expect(reasons.length).toBeGreaterThan(20)
    const known = new Set(CONDITIONS.flatMap(({ rows }) => rows.map(([, reason]) => reason)))
    expect(reasons.filter((reason) => !known.has(reason))).toEqual([])
  })

  test('has every condition that is written down in the code', () => {
    const sources = ['src/translate', 'src/status', 'src/cli']
      .flatMap((folder) => filesBelow(folder, '.ts'))
      .filter((file) => !file.endsWith('.test.ts'))
      .map((file) => readFileSync(file, 'utf8'))
    const found = sources.flatMap(conditionsIn)
    expect(found.length).toBeGreaterThan(50)
    expect(found.filter((condition) => !WRITTEN.has(condition))).toEqual([])
    // Where the type is not written beside them.
    const verdicts = new Set([...WRITTEN].map((condition) => condition.replace(/^\w+=/, '')))
    const others = sources
      .flatMap((source) => [...source.matchAll(/status: '(True|False)',\s*reason: '(\w+)'/g)])
      .map(([, status = '', reason = '']) => `${status} ${reason}`)
    expect(others.filter((verdict) => !verdicts.has(verdict))).toEqual([])
  })

  test('has every condition of the fixtures', ({ skip }) => {
    const folder = process.env.GOLDEN_DIR
    if (folder === undefined) return skip('GOLDEN_DIR is not set')
    const suites = readdirSync(folder, { recursive: true, encoding: 'utf8', withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name === '_defaults.yaml')
      .map(({ parentPath }) => parentPath)
    const found = suites.flatMap(goldenCases).flatMap(({ status }) => status.flatMap(conditionsOfStatus))
    expect(found.length).toBeGreaterThan(100)
    const known = new Set(
      CONDITIONS.flatMap(({ kinds, rows }) =>
        kinds.flatMap((kind) => rows.map(([condition, reason]) => `${kind} ${condition} ${reason}`)),
      ),
    )
    expect([...new Set(found)].filter((condition) => !known.has(condition))).toEqual([])
  })
})

function readSource(name: string): string {
  return readFileSync(join(root, name), 'utf8')
}

// Every way in which a condition is written down with all of its parts.
function conditionsIn(source: string): readonly string[] {
  const literal = /type: '(\w+)',\s*status: '(True|False)',\s*reason: '(\w+)'/g
  const call = /\bcondition\(\s*'(\w+)',\s*'?(True|False|true|false)'?,\s*'(\w+)'/g
  const named = /\b(accepted|attached)\(\s*'(True|False)',\s*'(\w+)'/g
  return [literal, call, named].flatMap((form) =>
    [...source.matchAll(form)].map(
      ([, type = '', status = '', reason = '']) => `${capital(type)}=${capital(status)} ${reason}`,
    ),
  )
}

function capital(word: string): string {
  return word.replace(/^./, (letter) => letter.toUpperCase())
}

function conditionsOfStatus(entry: unknown): readonly string[] {
  const kind = isObject(entry) ? String(entry.kind) : ''
  const visit = (value: unknown, of: string): readonly string[] => {
    if (Array.isArray(value)) return value.flatMap((each) => visit(each, of))
    if (!isObject(value)) return []
    const { type, status, reason } = value
    const own = typeof reason === 'string' ? [`${of} ${String(type)}=${String(status)} ${reason}`] : []
    const below = Object.entries(value).flatMap(([field, each]) =>
      visit(each, field === 'listeners' ? 'Listeners of a Gateway or ListenerSet' : of),
    )
    return [...own, ...below]
  }
  return visit(entry, kind)
}
