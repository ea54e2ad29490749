import { expect, test } from 'vitest'
import { encodeResource } from '../wire/encode.ts'
import type { XdsEntry } from '../wire/entry.ts'
import { portConflicts } from './problems.ts'

const bind = (scope: string, port: number, mode: 'STANDARD' | 'INTERNAL' = 'STANDARD'): XdsEntry => ({
  scope,
  encoded: encodeResource({ kind: 'bind', bind: { key: `${port}/${scope}`, port, mode } }),
  owners: [],
})

test('two Gateways that want one port are a problem that names both', () => {
  const found = portConflicts([bind('b/two', 80), bind('a/one', 80), bind('a/one', 443), bind('c/three', 443)])
  expect(found.map(({ object, message }) => ({ name: object.name, message }))).toEqual([
    { name: 'two', message: expect.stringContaining('a/one and b/two both want port 80,') },
    { name: 'three', message: expect.stringContaining('a/one and c/three both want port 443,') },
  ])
})

test('ports of one Gateway, and ports that nobody listens on, are none', () => {
  expect(portConflicts([bind('a/one', 80), bind('a/one', 80), bind('b/two', 0), bind('c/three', 0)])).toEqual([])
  expect(portConflicts([bind('a/one', 80), bind('b/two', 80, 'INTERNAL')])).toEqual([])
})
