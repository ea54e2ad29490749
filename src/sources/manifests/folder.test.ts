import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { filter, firstValueFrom, ReplaySubject, type Subscription, scan, timeout } from 'rxjs'
import { afterEach, describe, expect, it } from 'vitest'
import type { KubeObject } from '../../kube/object.ts'
import { watchedKinds } from '../kubernetes/kinds.ts'
import type { Batch, ReportedProblem } from '../source.ts'
import { alreadyAdmitted } from './defaults.ts'
import { type ManifestOptions, manifestSource, readManifests } from './folder.ts'

const cleanups: (() => void)[] = []
afterEach(() => {
  for (const cleanup of cleanups.splice(0).reverse()) cleanup()
})

/** A folder that is gone after the test. */
function folder(files: Readonly<Record<string, string>> = {}) {
  const path = mkdtempSync(join(tmpdir(), 'manifests-'))
  cleanups.push(() => rmSync(path, { recursive: true, force: true }))
  const write = (name: string, text: string): string => {
    const file = join(path, name)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
    return file
  }
  for (const [name, text] of Object.entries(files)) write(name, text)
  return { path, write, file: (name: string) => join(path, name) }
}

const route = (name: string, hostname = 'example.com') => `apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: ${name}, namespace: ns}
spec: {hostnames: [${hostname}]}
---
`
const configMap = (name: string, value = 'x') =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}, namespace: ns}\ndata: {key: ${value}}\n---\n`

interface State {
  readonly objects: ReadonlyMap<string, KubeObject>
  readonly problems: readonly ReportedProblem[]
  readonly emissions: number
}

function next(state: State, batches: readonly Batch[]): State {
  const objects = new Map(state.objects)
  let { problems } = state
  for (const batch of batches) {
    if ('replace' in batch) {
      for (const [key, object] of batch.objects) objects.set(`${batch.replace} ${key}`, object)
    } else if ('apply' in batch) {
      for (const { collection, key, object } of batch.apply) {
        if (object === undefined) objects.delete(`${collection} ${key}`)
        else objects.set(`${collection} ${key}`, object)
      }
    } else {
      problems = [...problems.filter((problem) => problem.file !== batch.report), ...batch.problems]
    }
  }
  return { objects, problems, emissions: state.emissions + 1 }
}

/** Watches, and answers when the state is as wished. Events alone must do: the regular look is far away. */
function watching(options: ManifestOptions) {
  const states = new ReplaySubject<State>()
  const source = manifestSource({ rescanMs: 3_600_000, ...options })
  const empty: State = { objects: new Map(), problems: [], emissions: 0 }
  const all: State[] = []
  const subscription: Subscription = source.batches().pipe(scan(next, empty)).subscribe(states)
  states.subscribe((state) => all.push(state))
  cleanups.push(() => subscription.unsubscribe())
  const until = (isWished: (state: State) => boolean) =>
    firstValueFrom(states.pipe(filter(isWished), timeout({ first: 10_000 })))
  return { source, all, until, started: () => until(() => true) }
}

const has =
  (...keys: string[]) =>
  (state: State) =>
    keys.every((key) => state.objects.has(key))
const lacks = (key: string) => (state: State) => !state.objects.has(key)
const a = 'source/httproutes ns/a'
const b = 'source/httproutes ns/b'
const c = 'source/httproutes ns/c'
const hostname = (state: State, key: string) => JSON.stringify(Reflect.get(state.objects.get(key) ?? {}, 'spec') ?? '')

describe('reading once', () => {
  it('finds manifests in files and folders, and nothing in what is hidden or left by editors', async () => {
    const { path, file } = folder({
      'a.yaml': configMap('a'),
      'deep/er/b.yml': configMap('b'),
      'deep/c.JSON': '{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c"}}',
      'given.txt': configMap('given'),
      'other.txt': configMap('no'),
      '.hidden.yaml': configMap('no'),
      '.git/x.yaml': configMap('no'),
      '.#a.yaml': configMap('no'),
      'a.yaml~': configMap('no'),
      '.a.yaml.swp': configMap('no'),
      '4913': configMap('no'),
    })
    const { collections, problems } = await readManifests({ paths: [path, file('given.txt')] })
    expect([...(collections.get('source/configmaps')?.keys() ?? [])].sort()).toEqual([
      'default/c',
      'ns/a',
      'ns/b',
      'ns/given',
    ])
    expect(problems).toEqual([])
  })

  it('delivers every collection, also the empty ones, and live statuses apart', async () => {
    const status = 'status: {parents: []}\n'
    const { path } = folder({ 'a.yaml': `${route('a').replace('---\n', '')}${status}` })
    const { collections } = await readManifests({ paths: [path] })
    for (const kind of watchedKinds) expect(collections.has(kind.collection)).toBe(true)
    expect(collections.get('source/httproutes')?.get('ns/a')).not.toHaveProperty('status')
    expect(collections.get('live/httproutes')?.get('ns/a')).toMatchObject({ status: { parents: [] } })
  })

  it('lets the last of several definitions count, and warns where the other stands', async () => {
    const { path } = folder({ '1.yaml': `${route('b')}${route('a', 'one')}`, '2.yaml': route('a', 'two') })
    const { collections, problems } = await readManifests({ paths: [path] })
    expect(collections.get('source/httproutes')?.get('ns/a')).toMatchObject({ spec: { hostnames: ['two'] } })
    expect(problems).toMatchObject([
      { severity: 'warning', reason: 'Duplicate', object: 'HTTPRoute ns/a', file: join(path, '1.yaml'), line: 6 },
    ])
    expect(problems[0]?.message).toContain(`${join(path, '2.yaml')} on line 1`)
  })

  it('locates what an API server would refuse, and leaves it out', async () => {
    const { path } = folder({
      'a.yaml': `${route('b')}${route('a')}`.replace(
        'metadata: {name: a, namespace: ns}\nspec: {hostnames: [example.com]}',
        'metadata: {name: a, namespace: ns}\nspec:\n  rules:\n  - backendRefs:\n    - name: x\n      port: "80"',
      ),
    })
    const { collections, problems, locate } = await readManifests({ paths: [path] })
    expect([...(collections.get('source/httproutes')?.keys() ?? [])]).toEqual(['ns/b'])
    expect(problems).toMatchObject([
      { severity: 'error', object: 'HTTPRoute ns/a', line: 13, column: 7, path: 'spec.rules[0].backendRefs[0].port' },
    ])
    const ref = { group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', namespace: 'ns', name: 'b' }
    expect(locate(ref, 'spec.hostnames')).toEqual({ file: join(path, 'a.yaml'), line: 4, column: 8 })
    expect(locate({ ...ref, name: 'unknown' }, 'spec')).toBeUndefined()
  })

  it('implies the namespaces of objects, labelled as a cluster would, unless they are declared or come from a cluster', async () => {
    const declared = 'apiVersion: v1\nkind: Namespace\nmetadata: {name: ns, labels: {team: x}}\n---\n'
    const { path } = folder({ 'a.yaml': `${declared}${configMap('a')}${configMap('b').replace('ns', 'other')}` })
    const { collections } = await readManifests({ paths: [path] })
    const labels = [...(collections.get('source/namespaces')?.values() ?? [])].map(({ metadata }) => metadata.labels)
    expect(labels).toEqual([
      { team: 'x', 'kubernetes.io/metadata.name': 'ns' },
      { 'kubernetes.io/metadata.name': 'other' },
    ])
    const raw = await readManifests({ paths: [path], admit: alreadyAdmitted })
    expect(
      [...(raw.collections.get('source/namespaces')?.values() ?? [])].map(({ metadata }) => metadata.labels),
    ).toEqual([{ team: 'x' }])
  })

  it('takes objects as they are when they were admitted already', async () => {
    const { path } = folder({
      'a.yaml': `${route('a')}apiVersion: v1\nkind: Secret\nmetadata: {name: My_S}\nstringData: {a: x}\n`,
    })
    const { collections, problems } = await readManifests({ paths: [path], admit: alreadyAdmitted })
    expect(problems).toEqual([])
    expect(collections.get('source/httproutes')?.get('ns/a')).toEqual({
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'HTTPRoute',
      metadata: { name: 'a', namespace: 'ns' },
      spec: { hostnames: ['example.com'] },
    })
    expect(collections.get('source/secrets')?.get('default/My_S')).toMatchObject({ stringData: { a: 'x' } })
  })

  it('reads standard input, in its place among the paths', async () => {
    const { path } = folder({ 'a.yaml': route('a', 'file') })
    const stdin = async () => route('a', 'stdin')
    const last = await readManifests({ paths: [path, '-'], stdin })
    expect(last.collections.get('source/httproutes')?.get('ns/a')).toMatchObject({ spec: { hostnames: ['stdin'] } })
    const first = await readManifests({ paths: ['-', path], stdin })
    expect(first.collections.get('source/httproutes')?.get('ns/a')).toMatchObject({ spec: { hostnames: ['file'] } })
    expect(first.problems).toMatchObject([{ reason: 'Duplicate', file: 'standard input' }])
  })

  it('reports files that are missing or too large', async () => {
    const { path, file, write } = folder()
    write('large.yaml', '')
    truncateSync(file('large.yaml'), 64 * 1024 * 1024 + 1)
    const { problems } = await readManifests({ paths: [file('missing.yaml'), path] })
    expect(problems.map(({ reason, file: where }) => [reason, where])).toEqual([
      ['NotFound', file('missing.yaml')],
      ['TooLarge', file('large.yaml')],
    ])
  })

  it('reports files that cannot be read', async () => {
    const { path, file } = folder({ 'b.yaml': route('b') })
    symlinkSync('a.yaml', file('a.yaml'))
    const { collections, problems } = await readManifests({ paths: [path] })
    expect(problems).toMatchObject([{ severity: 'error', reason: 'Unreadable', file: file('a.yaml') }])
    expect([...(collections.get('source/httproutes')?.keys() ?? [])]).toEqual(['ns/b'])
  })

  it('is not caught in folders that contain themselves', async () => {
    const { path, file } = folder({ 'in/a.yaml': route('a') })
    symlinkSync(path, file('in/loop'))
    const { collections, problems } = await readManifests({ paths: [path] })
    expect([...(collections.get('source/httproutes')?.keys() ?? [])]).toEqual(['ns/a'])
    expect(problems).toEqual([])
  })

  it('hands over the documents of other kinds', async () => {
    const crd = 'apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: x}\n'
    const { path } = folder({ 'a.yaml': crd })
    const { foreign } = await readManifests({ paths: [path] })
    expect(foreign).toMatchObject([{ value: { kind: 'CustomResourceDefinition' }, origin: { line: 1 } }])
  })
})

describe('watching', () => {
  it('begins with every collection whole, in one emission', async () => {
    const { path } = folder({ 'a.yaml': route('a') })
    const { source } = watching({ paths: [path] })
    const first = await firstValueFrom(source.batches())
    const replaced = first.flatMap((batch) => ('replace' in batch ? [batch.replace] : []))
    for (const collection of source.required) expect(replaced).toContain(collection)
  })

  it('shows a file that is written, changed and deleted, and only what changed', async () => {
    const { path, write, file } = folder({ 'b.yaml': route('b') })
    const { until, started, all } = watching({ paths: [path] })
    await started()
    write('a.yaml', route('a', 'one'))
    await until(has(a, b))
    write('a.yaml', route('a', 'two'))
    await until((state) => hostname(state, a).includes('two'))
    rmSync(file('a.yaml'))
    const last = await until((state) => state.emissions > 3 && lacks(a)(state))
    expect(last.objects.has(b)).toBe(true)
    expect(all.map((state) => hostname(state, b)).every((each) => each.includes('example.com'))).toBe(true)
  })

  it('sees folders that are made later, and those below them', async () => {
    const { path, write, file } = folder()
    const { until, started } = watching({ paths: [path] })
    await started()
    write('new/deeper/a.yaml', route('a', 'one'))
    await until(has(a))
    write('new/deeper/a.yaml', route('a', 'two'))
    await until((state) => hostname(state, a).includes('two'))
    rmSync(file('new'), { recursive: true })
    await until((state) => state.emissions > 2 && lacks(a)(state))
  })

  it('keeps what a broken file said before, reports it by line, and goes on with its other documents', async () => {
    const { path, write } = folder({ 'a.yaml': `${route('a', 'one')}${route('b', 'one')}${route('c', 'one')}` })
    const { until, started } = watching({ paths: [path] })
    await started()
    const broken = route('b', 'two').replace('spec: {', 'spec: {{')
    write('a.yaml', `${route('a', 'two')}${broken}`)
    const state = await until(({ problems }) => problems.length > 0)
    expect(state.problems).toMatchObject([{ severity: 'error', reason: 'SyntaxError', object: 'HTTPRoute', line: 9 }])
    expect([a, b, c].map((key) => hostname(state, key).includes('two'))).toEqual([true, false, false])
    write('a.yaml', `${route('a', 'two')}${route('b', 'three')}`)
    const mended = await until((each) => hostname(each, b).includes('three'))
    expect(mended.problems).toEqual([])
    await until((each) => each.emissions > 2 && lacks(c)(each))
  })

  it('keeps the former version of an object whose new one an API server would refuse', async () => {
    const { path, write } = folder({ 'a.yaml': route('a', 'one') })
    const { until, started } = watching({ paths: [path] })
    await started()
    write('a.yaml', route('a', 'two').replace('hostnames: [two]', 'hostnames: two'))
    const state = await until(({ problems }) => problems.length > 0)
    expect(state.problems).toMatchObject([{ path: 'spec.hostnames', line: 4 }])
    expect(hostname(state, a)).toContain('one')
  })

  it('does not flap when a file is replaced by renaming, emptied and written, or split in two', async () => {
    const { path, write, file } = folder({ 'a.yaml': `${route('a', 'one')}${route('b')}` })
    const { until, started, all } = watching({ paths: [path] })
    await started()
    write('.tmp', `${route('a', 'two')}${route('b')}`)
    renameSync(file('.tmp'), file('a.yaml'))
    await until((state) => hostname(state, a).includes('two'))
    rmSync(file('a.yaml'))
    write('a.yaml', '')
    appendFileSync(file('a.yaml'), route('a', 'three'))
    appendFileSync(file('a.yaml'), route('b'))
    await until((state) => hostname(state, a).includes('three'))
    write('b.yaml', route('b', 'moved'))
    write('a.yaml', route('a', 'three'))
    await until((state) => hostname(state, b).includes('moved'))
    expect(all.every(has(a, b))).toBe(true)
  })

  it('follows a ConfigMap mount when its link turns', async () => {
    const { path, write, file } = folder()
    write('..v1/a.yaml', route('a', 'one'))
    symlinkSync('..v1', file('..data'))
    symlinkSync('..data/a.yaml', file('a.yaml'))
    const { until, started, all } = watching({ paths: [path] })
    await started()
    write('..v2/a.yaml', route('a', 'two'))
    symlinkSync('..v2', file('..data_tmp'))
    renameSync(file('..data_tmp'), file('..data'))
    rmSync(file('..v1'), { recursive: true })
    await until((state) => hostname(state, a).includes('two'))
    expect(all.every(has(a))).toBe(true)
  })

  it('follows a single file that is replaced', async () => {
    const { file, write } = folder({ 'a.yaml': route('a', 'one') })
    const { until, started } = watching({ paths: [file('a.yaml')] })
    await started()
    write('.tmp', route('a', 'two'))
    renameSync(file('.tmp'), file('a.yaml'))
    await until((state) => hostname(state, a).includes('two'))
  })

  it('waits for a folder that does not exist yet', async () => {
    const { path, file, write } = folder()
    const { until, started } = watching({ paths: [file('later')], rescanMs: 20 })
    expect((await started()).problems).toMatchObject([{ reason: 'NotFound', file: join(path, 'later') }])
    write('later/a.yaml', route('a'))
    expect((await until(has(a))).problems).toEqual([])
  })

  it('finds by looking what no event told, even when time and size are the same', async () => {
    const elsewhere = folder({ 'a.yaml': route('a', 'one') })
    const { path, file } = folder()
    symlinkSync(elsewhere.file('a.yaml'), file('a.yaml'))
    const { atime, mtime } = statSync(file('a.yaml'))
    const { until, started } = watching({ paths: [path], rescanMs: 20 })
    await started()
    elsewhere.write('a.yaml', route('a', 'two'))
    utimesSync(elsewhere.file('a.yaml'), atime, mtime)
    await until((state) => hostname(state, a).includes('two'))
  })

  it('counts its looks, also those that find nothing', async () => {
    const { path, write } = folder({ 'a.yaml': route('a', 'one') })
    const { until, started, source } = watching({ paths: [path], rescanMs: 20 })
    expect(source.looks()).toBe(0)
    await started()
    const before = source.looks()
    write('a.yaml', route('a', 'two'))
    await until((state) => hostname(state, a).includes('two'))
    expect(source.looks()).toBeGreaterThan(before)
    const { promise, resolve } = Promise.withResolvers<void>()
    const last = source.looks()
    const timer = setInterval(() => source.looks() > last && resolve(), 5)
    await promise
    clearInterval(timer)
  })

  it('keeps what a file said before it became unreadable', async () => {
    const { path, write, file } = folder({ 'a.yaml': route('a', 'one') })
    const { until, started } = watching({ paths: [path] })
    await started()
    rmSync(file('a.yaml'))
    symlinkSync('a.yaml', file('a.yaml'))
    const state = await until(({ problems }) => problems.length > 0)
    expect(state.problems).toMatchObject([{ reason: 'Unreadable', file: file('a.yaml') }])
    expect(hostname(state, a)).toContain('one')
    rmSync(file('a.yaml'))
    write('a.yaml', route('a', 'two'))
    expect((await until((each) => hostname(each, a).includes('two'))).problems).toEqual([])
  })

  it('reports a duplicate when it appears, and no longer when it is gone', async () => {
    const { path, write, file } = folder({ '1.yaml': route('a', 'one') })
    const { until, started } = watching({ paths: [path] })
    await started()
    write('2.yaml', route('a', 'two'))
    const state = await until(({ problems }) => problems.length > 0)
    expect(state.problems).toMatchObject([{ reason: 'Duplicate', file: file('1.yaml') }])
    expect(hostname(state, a)).toContain('two')
    rmSync(file('2.yaml'))
    const after = await until(({ problems, emissions }) => emissions > 2 && problems.length === 0)
    expect(hostname(after, a)).toContain('one')
  })

  it('says nothing while nothing changes', async () => {
    const { path, write } = folder({ 'a.yaml': route('a') })
    const { until, started, all } = watching({ paths: [path], rescanMs: 5 })
    await started()
    write('a.yaml', route('a'))
    write('note.txt', 'x')
    write('b.yaml', route('b'))
    await until(has(b))
    expect(all).toHaveLength(2)
  })

  it('locates objects as they stand now', async () => {
    const { path, write } = folder({ 'a.yaml': route('a') })
    const { until, started, source } = watching({ paths: [path] })
    await started()
    write('a.yaml', `${route('b')}${route('a')}`)
    await until(has(b))
    const ref = { group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', namespace: 'ns', name: 'a' }
    expect(source.locate(ref, 'spec')).toMatchObject({ line: 9 })
  })
})
