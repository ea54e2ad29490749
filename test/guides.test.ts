// The guides, as far as they need no proxy and no cluster: what they show is what the examples hold, what they have their readers
// run prints what they say. The rest: test/proxy/guides.test.ts, test/apiserver/guides.test.ts.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { controlPlanePorts, follow, serve } from './guides/follow.ts'
import { isPrinted, placeOf, REPOSITORY, readGuides, stepsOf } from './guides/guide.ts'
import { newReader, type Reader } from './guides/reader.ts'
import { keycloak, type StandIn } from './guides/stand-ins.ts'
import { quietPorts } from './ports.ts'
import type { Running } from './proxy/lab.ts'
import { FakeProxy } from './xds/fake-proxy.ts'

const guides = readGuides()
const EXAMPLES = join(REPOSITORY, 'examples/guides')

test('every guide is in the index, and in the README there is the index', () => {
  const [index, ...others] = guides
  for (const { name } of others) expect(index?.text).toContain(`(${name}.md)`)
  expect(others.map(({ name }) => name)).toEqual(readdirSync(EXAMPLES).toSorted())
  expect(readFileSync(join(REPOSITORY, 'README.md'), 'utf8')).toContain('(docs/guides/README.md)')
})

test('an output is compared with what is expected, but for spaces and what is left open', () => {
  expect(isPrinted('a  b\nc 12 d\n', 'a b\nc … d')).toBe(true)
  expect(isPrinted('a\nb\n', 'a')).toBe(false)
  expect(isPrinted('a (b)', 'a (c)')).toBe(false)
})

test('what no test can run is an error, be it a block or a command', () => {
  expect(() => stepsOf('```sh\nls\n```\n', 'x')).toThrow('x.md:1: no test knows what to do with a block of `sh`')
  expect(() => stepsOf('```yaml title=x\na: 1\n```\n', 'x')).toThrow('no test knows')
  expect(() => placeOf('docker ps')).toThrow('no test knows how to run')
})

describe.each(guides)('$name', (guide) => {
  const left: (Running | StandIn | FakeProxy)[] = []
  let reader: Reader | undefined
  afterEach(async () => {
    for (const each of left.splice(0).reverse()) {
      if (each instanceof FakeProxy) each.disconnect()
      else if ('close' in each) each.close()
      else await each.end()
    }
    reader?.leave()
  })

  test('shows each of its example files once, as it is, and links it', () => {
    const folder = join(EXAMPLES, guide.name)
    const files = existsSync(folder)
      ? readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.yaml'))
      : []
    const shown = guide.steps.filter((step) => step.does === 'show').map(({ text }) => text)
    const held = files.map((file) => readFileSync(join(folder, file), 'utf8'))
    expect(shown.toSorted()).toEqual(held.toSorted())
    for (const file of files) expect(guide.text).toContain(`](../../examples/guides/${guide.name}/${file})`)
  })

  test('names the files that its reader writes', () => {
    for (const step of guide.steps) if (step.does === 'write') expect(guide.text).toContain(`\`${step.file}\``)
  })

  test('leaves no output wholly open', () => {
    const open = guide.steps.filter((step) => step.does === 'run' && /^[…\s]+$/.test(step.expected))
    expect(open).toEqual([])
  })

  test('prints what it says', async () => {
    const [idp = 0] = await quietPorts(1)
    reader = newReader({
      replaced: { ...(await controlPlanePorts()), 8180: String(idp) },
      environment: {
        OPENAI_API_KEY: 'sk',
        GITHUB_TOKEN: 'ghp',
        GITHUB_PERSONAL_ACCESS_TOKEN: 'ghp',
        ANTHROPIC_API_KEY: 'sk',
      },
    })
    const { expect: expectPrinted, here } = reader
    if (guide.text.includes(':8180')) left.push(await keycloak(idp, 'mcp'))
    const current = reader
    await follow(guide, reader, {
      offline: (command, expected) => expectPrinted(command, expected),
      serve: async (command, expected) => {
        left.push(await serve(current, { command: command.replace(/ --proxy \S+/, ''), expected }))
        // Proxies as the control plane sees them: nobody needs a binary for that.
        for (const [, gateway = ''] of expected.matchAll(/✓ Gateway (\S+):/g))
          left.push(new FakeProxy({ port: Number(here('9978')), gateway }).connect())
      },
      server: (command, expected) => expectPrinted(command, expected, 20_000),
    })
  })
})
