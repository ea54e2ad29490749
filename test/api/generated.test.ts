// The CRDs of the charts are those of the definitions; for whoever runs tests without `npm run gen -- --check`.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { kinds } from '../../src/api/kinds.ts'
import { dialectSchemas } from '../../src/dialects/registry.ts'
import { crdYaml } from '../../src/schema/crd.ts'

const folder = join(import.meta.dirname, '../../charts/agentgateway-control-plane-crds/templates')

test('the chart holds the CRDs that the definitions give; if not, run `npm run gen`', () => {
  const names = kinds.map(({ group, plural }) => `${group}_${plural}.yaml`)
  expect(
    readdirSync(folder)
      .filter((name) => name.endsWith('.yaml'))
      .toSorted(),
  ).toEqual(names.toSorted())
  for (const [index, kind] of kinds.entries()) {
    const text = readFileSync(join(folder, names[index] ?? ''), 'utf8')
    expect(text.slice(text.indexOf('\n') + 1) === crdYaml(kind)).toBe(true)
  }
})

test('other dialects are there as well, each behind the value of its project', () => {
  const files = Object.entries(dialectSchemas).flatMap(([dialect, definitions]) =>
    definitions.map((kind) => [`${kind.group}_${kind.plural}.yaml`, dialect, kind] as const),
  )
  expect(readdirSync(join(folder, 'dialects')).toSorted()).toEqual(files.map(([name]) => name).toSorted())
  for (const [name, dialect, kind] of files) {
    const text = readFileSync(join(folder, 'dialects', name), 'utf8')
    expect(text).toContain(`{{- if .Values.dialects.${dialect} }}`)
    expect(text).toContain(crdYaml(kind).trimEnd())
  }
})
