import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { kinds } from '../../src/api/kinds.ts'
import { crdYaml } from '../../src/schema/crd.ts'

const folder = join(import.meta.dirname, '../../charts/agentgateway-control-plane-crds/templates')

test('the chart holds the CRDs that the definitions give; if not, run `npm run gen`', () => {
  const names = kinds.map(({ group, plural }) => `${group}_${plural}.yaml`)
  expect(readdirSync(folder).toSorted()).toEqual(names.toSorted())
  for (const [index, kind] of kinds.entries()) {
    const text = readFileSync(join(folder, names[index] ?? ''), 'utf8')
    expect(text.slice(text.indexOf('\n') + 1) === crdYaml(kind)).toBe(true)
  }
})
