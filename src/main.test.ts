// The program as a process: what only shows from outside.
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, expect, test } from 'vitest'

const folder = mkdtempSync(join(tmpdir(), 'agwcp-'))
afterAll(() => rmSync(folder, { recursive: true }))

// Far more output than a pipe holds.
const backends = Array.from({ length: 1000 }, (_, index) => ({
  apiVersion: 'agentgateway.dev/v1alpha1',
  kind: 'AgentgatewayBackend',
  metadata: { name: `backend-${index}`, namespace: 'default' },
  spec: { static: { host: 'example.com', port: 80 } },
}))
const file = join(folder, 'backends.json')
writeFileSync(file, JSON.stringify({ apiVersion: 'v1', kind: 'List', items: backends }))

function translate() {
  return spawn(process.execPath, [
    join(import.meta.dirname, 'main.ts'),
    ...['translate', '--admitted', '-f', file, '-o', 'json'],
  ])
}

test('everything that was printed reaches a slow reader', async () => {
  const child = translate()
  const ended = new Promise((resolve) => child.on('close', resolve))
  const output: unknown = JSON.parse(await text(child.stdout))
  expect(output).toMatchObject({ statuses: { length: 1000 } })
  expect(await ended).toBe(0)
})

test('a reader who has seen enough ends the program without a complaint', async () => {
  const child = translate()
  const ended = new Promise((resolve) => child.on('close', resolve))
  child.stdout.once('data', () => child.stdout.destroy())
  expect(await text(child.stderr)).toBe('')
  expect(await ended).toBe(0)
})
