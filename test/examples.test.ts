// Each example says what it means to say: nothing is wrong with it, and it becomes what is listed here.
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { translateManifests } from '../src/cli/translate.ts'
import { DEFAULT_TRANSLATE_SETTINGS } from '../src/translate/settings.ts'

const EXAMPLES = fileURLToPath(new URL('../examples', import.meta.url))

/** The names of the resources of each example. */
const EXPECTED: Readonly<Record<string, readonly string[]>> = {
  http: [
    'backend/shop/shop-v1',
    'backend/shop/shop-v2',
    'bind/8081/shop/web',
    'listener/shop/web.http',
    'route/shop/shop.00.http',
    'route/shop/shop.01.http',
    'route/shop/shop.02.http',
  ],
  mcp: [
    'backend/tools/everything',
    'backend/tools/everything/everything',
    'bind/3000/tools/mcp',
    'listener/tools/mcp.mcp',
    'route/tools/everything.00.mcp',
  ],
  quickstart: [
    'backend/quickstart/openai',
    'backend/quickstart/tools',
    'backend/quickstart/tools/everything',
    'bind/8080/quickstart/ai-gateway',
    'listener/quickstart/ai-gateway.http',
    'route/quickstart/openai.00.http',
    'route/quickstart/tools.00.http',
  ],
}

const GOOD_WHEN_TRUE = ['Accepted', 'Attached', 'ResolvedRefs']

describe('examples', () => {
  test('all are listed here', () => {
    const others = ['reference', 'guides']
    expect(
      readdirSync(EXAMPLES)
        .filter((name) => !others.includes(name))
        .sort(),
    ).toEqual(Object.keys(EXPECTED))
  })

  for (const [example, names] of Object.entries(EXPECTED)) {
    test(example, async () => {
      const { resources, statuses, problems, failures } = await translateManifests({
        filename: [join(EXAMPLES, example)],
        crds: [],
        settings: DEFAULT_TRANSLATE_SETTINGS,
        isAdmitted: false,
        now: '2026-01-01T00:00:00Z',
      })
      expect(problems).toEqual([])
      expect(failures).toEqual([])
      expect(resources.map(({ name }) => name)).toEqual(names)
      expect(statuses.length).toBeGreaterThan(1)
      expect(badConditions(statuses)).toEqual([])
    })
  }
})

/** Conditions anywhere in statuses that should be true and are not. */
function badConditions(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value.flatMap(badConditions)
  if (value === null || typeof value !== 'object') return []
  // A condition, perhaps.
  const { type, status } = value as { readonly type?: unknown; readonly status?: unknown }
  if (typeof type === 'string' && typeof status === 'string')
    return GOOD_WHEN_TRUE.includes(type) && status !== 'True' ? [value] : []
  return Object.values(value).flatMap(badConditions)
}
