// The examples of the reference, one per feature of each kind: nothing is wrong with any of them, each becomes something,
// and no feature lacks one. They stand in the reference pages, so what is printed there works.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { loadAll } from 'js-yaml'
import { describe, expect, test } from 'vitest'
import { EXAMPLES, featuresOf } from '../hack/reference/features.ts'
import { kinds } from '../src/api/kinds.ts'
import { translateManifests } from '../src/cli/translate.ts'
import { validateManifests } from '../src/cli/validate.ts'
import type { TypedRef } from '../src/core/keys.ts'
import { crd } from '../src/schema/crd.ts'
import { isObject } from '../src/schema/structure.ts'
import { readSettings } from '../src/settings.ts'

const settings = { ...readSettings({}, {}).settings, enableModels: true, enableInferencePool: true }

// Key sets are fetched by whoever serves; a private key in a repository would be none.
const EXPECTED = /isn't available|is not a private key in PEM/

function valueAt(value: unknown, [step, ...rest]: readonly string[]): unknown {
  if (step === undefined) return value
  return isObject(value) ? valueAt(value[step], rest) : undefined
}

describe.each(kinds.map((kind) => [kind.kind, kind] as const))('%s', (_, kind) => {
  const folder = join(EXAMPLES, kind.kind.toLowerCase())
  const features = featuresOf(crd(kind))

  test('each feature has one example, and each example is of a feature', () => {
    expect(readdirSync(folder).sort()).toEqual(features.map(({ file }) => file).sort())
  })

  test.each(features)('$path', async ({ file, steps }) => {
    const filename = [join(folder, file)]
    const [first] = loadAll(readFileSync(join(folder, file), 'utf8'))
    expect(first).toMatchObject({ kind: kind.kind, metadata: { name: 'example' } })
    expect(valueAt(first, steps)).toBeDefined()
    const { objects, problems: refusals } = await validateManifests({ filename, crds: [] })
    expect(refusals).toEqual([])
    expect(objects.filter(({ verdict }) => verdict === 'refused')).toEqual([])
    const { resources, deployments, problems, failures } = await translateManifests({
      ...{ filename, crds: [], settings, isAdmitted: false, now: '2026-01-01T00:00:00Z' },
      deploy: { ...settings, version: '1.0.0' },
    })
    expect(problems.filter(({ message }) => !EXPECTED.test(message))).toEqual([])
    expect(failures).toEqual([])
    expect(
      resources.filter(({ name }) => /^(backend|policy|model_route|route|bind)\//.test(name)).length,
    ).toBeGreaterThan(0)
    const isOwn = ({ kind: of, name }: TypedRef) => of === kind.kind && name === 'example'
    if (kind.kind === 'AgentgatewayParameters') expect(deployments?.[0]?.objects.length).toBeGreaterThan(0)
    else if (!problems.some(({ message }) => message.includes('available')))
      expect(resources.filter(({ owners }) => owners.some(isOwn)).length).toBeGreaterThan(0)
  })
})
