import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, expect, test } from 'vitest'
import { ChildProxies } from './child-proxies.ts'

const folder = mkdtempSync(join(tmpdir(), 'agwcp-children-'))
let stop = new AbortController()
afterEach(() => {
  stop.abort()
  stop = new AbortController()
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

interface Lines {
  readonly seen: { readonly gateway: string; readonly line: string }[]
  readonly delays: unknown[]
  /** Resolves when there are so many restarts. */
  restarts(count: number): Promise<void>
  /** Resolves when there are so many lines. */
  lines(count: number): Promise<void>
}

/** Children that run a script instead of a proxy. */
function childrenOf(script: string): Lines & { readonly children: ChildProxies } {
  // One file per test: a program that runs cannot be overwritten.
  const binary = join(mkdtempSync(join(folder, 'program-')), 'program')
  writeFileSync(binary, `#!/bin/sh\n${script}\n`)
  chmodSync(binary, 0o755)
  const seen: { readonly gateway: string; readonly line: string }[] = []
  const delays: unknown[] = []
  const waiting = new Set<() => void>()
  const wake = (): void => {
    for (const check of waiting) check()
  }
  const reached = (list: readonly unknown[], count: number): Promise<void> =>
    new Promise((resolve) => {
      const check = (): void => {
        if (list.length >= count) resolve()
      }
      waiting.add(check)
      check()
    })
  const silent = (): void => undefined
  const children = new ChildProxies({
    binary,
    xdsPort: 1234,
    signal: stop.signal,
    log: {
      debug: silent,
      info: silent,
      error: silent,
      warn: (fields) => {
        delays.push(Object.entries(fields).find(([name]) => name === 'delayMs')?.[1])
        wake()
      },
    },
    onLine: (gateway, line) => {
      seen.push({ gateway, line })
      wake()
    },
  })
  return { children, seen, delays, restarts: (count) => reached(delays, count), lines: (count) => reached(seen, count) }
}

test('a proxy is told whose it is, where the control plane is, and nothing of our own environment', async () => {
  const { children, seen, lines } = childrenOf('env | sort; exec sleep 60')
  children.serve(['shop/web'])
  await lines(8)
  const printed = seen.map(({ line }) => line)
  expect(printed).toEqual(
    expect.arrayContaining(['GATEWAY=web', 'NAMESPACE=shop', 'XDS_ADDRESS=http://127.0.0.1:1234']),
  )
  expect(printed.some((line) => line.startsWith('HOME='))).toBe(false)
  expect(new Set(seen.map(({ gateway }) => gateway))).toEqual(new Set(['shop/web']))
  stop.abort()
  await children.ended()
})

test('a proxy that keeps ending is started again ever more slowly', async () => {
  const { children, delays, restarts } = childrenOf('exit 1')
  children.serve(['shop/web'])
  await restarts(2)
  expect(delays).toEqual([500, 1000])
  stop.abort()
  await children.ended()
})

test('a proxy whose Gateway is gone ends, and so do all when asked', async () => {
  const { children, lines } = childrenOf('echo up; exec sleep 60')
  children.serve(['shop/web', 'shop/other'])
  await lines(2)
  expect([...children.ports().keys()].sort()).toEqual(['shop/other', 'shop/web'])
  children.serve(['shop/web'])
  expect([...children.ports().keys()]).toEqual(['shop/web'])
  children.serve([])
  await children.ended()
})
