// Enforces the import table of docs/architecture.md: which folder of src may import which, and which package belongs
// to which file. Reads every import; no plugin.
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const src = fileURLToPath(new URL('../src', import.meta.url))

const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  engine: [],
  core: [],
  kube: ['core'],
  wire: ['core'],
  schema: ['core'],
  features: ['core', 'kube', 'schema', 'wire'],
  api: ['core', 'kube', 'schema', 'features'],
  dialects: ['core', 'kube', 'schema', 'api'],
  translate: ['core', 'kube', 'api', 'dialects', 'features', 'wire', 'engine/collection.ts'],
  snapshot: ['core', 'wire', 'engine/collection.ts'],
  xds: ['core', 'wire', 'snapshot'],
  admin: ['core', 'wire', 'snapshot', 'engine/collection.ts'],
  cluster: ['core', 'kube'],
  sources: ['core', 'kube', 'cluster', 'engine/collection.ts'],
  status: ['core', 'kube', 'cluster', 'engine/collection.ts', 'translate/model.ts'],
  deploy: ['core', 'kube', 'cluster', 'engine/collection.ts'],
  documents: ['core', 'kube', 'cluster', 'engine/collection.ts'],
}

/** Packages that only some places may import; others are free. */
const PACKAGE_HOMES: Readonly<Record<string, readonly string[]>> = {
  '@kubernetes/client-node': ['cluster/'],
  '@peculiar/asn1-schema': ['cluster/certificate-authority.ts'],
  '@peculiar/asn1-x509': ['cluster/certificate-authority.ts'],
  '@grpc/proto-loader': ['wire/gen/'],
  '@grpc/grpc-js': ['xds/', 'cli/'],
  rxjs: ['sources/', 'cluster/leader.ts', 'cli/'],
  'prom-client': ['admin/metrics.ts'],
  pino: ['cli/'],
  commander: ['cli/', 'main.ts'],
}

interface Import {
  readonly file: string
  readonly specifier: string
}

const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .sort()
const imports: readonly Import[] = files
  .filter((file) => !file.endsWith('.test.ts'))
  .flatMap((file) => {
    const text = readFileSync(join(src, file), 'utf8')
    return [...text.matchAll(/^(?:import|export)\b[^'";]*?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/gm)].map(
      (match) => ({
        file,
        specifier: match[1] ?? match[2] ?? '',
      }),
    )
  })

function folderOf(file: string): string {
  return file.includes('/') ? file.slice(0, file.indexOf('/')) : ''
}

test('finds the sources it is meant to check', () => {
  expect(files.length).toBeGreaterThan(20)
  expect(imports.length).toBeGreaterThan(20)
})

test('a folder imports only what the table allows', () => {
  const wrong = imports.flatMap(({ file, specifier }) => {
    const folder = folderOf(file)
    if (!specifier.startsWith('.') || folder === '' || folder === 'cli') return []
    const target = normalize(relative(src, join(src, dirname(file), specifier)))
    const allowed = MAY_IMPORT[folder]
    if (allowed === undefined) return [`${file}: folder ${folder} is not in the table`]
    const isAllowed =
      folderOf(target) === folder || allowed.some((entry) => target === entry || target.startsWith(`${entry}/`))
    const isPipeline = file === 'translate/pipeline.ts' && target === 'engine/graph.ts'
    return isAllowed || isPipeline ? [] : [`${file} imports ${target}`]
  })
  expect(wrong).toEqual([])
})

test('a fenced package is imported only from its home', () => {
  const wrong = imports.flatMap(({ file, specifier }) => {
    const homes = Object.entries(PACKAGE_HOMES).find(
      ([name]) => specifier === name || specifier.startsWith(`${name}/`),
    )?.[1]
    return homes === undefined || homes.some((home) => file.startsWith(home)) ? [] : [`${file} imports ${specifier}`]
  })
  expect(wrong).toEqual([])
})

test('only settings.ts reads the environment and only main.ts exits', () => {
  const wrong = files.flatMap((file) => {
    if (file.endsWith('.test.ts')) return []
    const text = readFileSync(join(src, file), 'utf8')
    return [
      ...(/process\.env\b/.test(text) && file !== 'settings.ts' ? [`${file} reads process.env`] : []),
      ...(/process\.exit\(/.test(text) && file !== 'main.ts' ? [`${file} calls process.exit`] : []),
    ]
  })
  expect(wrong).toEqual([])
})

test('no folder is named after nothing', () => {
  const vague = files.filter((file) => /(^|\/)(utils?|common|helpers?|types|misc)(\/|\.ts$)/.test(file))
  expect(vague).toEqual([])
})
