// The bundle, as the image has it: it works with nothing but the proto folder and package.json beside its folder, from
// anywhere, with the flags that the image starts it with.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'

const project = fileURLToPath(new URL('../..', import.meta.url))
const examples = join(project, 'examples/quickstart')
let app: string
let elsewhere: string

beforeAll(() => {
  app = mkdtempSync(join(tmpdir(), 'agwcp-app-'))
  elsewhere = mkdtempSync(join(tmpdir(), 'agwcp-elsewhere-'))
  const { status, stderr } = spawnSync(process.execPath, [join(project, 'hack/build.ts'), join(app, 'dist')], {
    encoding: 'utf8',
  })
  expect(status, stderr).toBe(0)
  for (const name of ['proto', 'package.json']) cpSync(join(project, name), join(app, name), { recursive: true })
})
afterAll(() => {
  for (const folder of [app, elsewhere]) rmSync(folder, { recursive: true, force: true })
})

const environment = { PATH: process.env.PATH ?? '' }

/** Node's flags in the image. */
function imageFlags(): readonly string[] {
  const entrypoint = /^ENTRYPOINT (\[.*\])$/m.exec(readFileSync(join(project, 'Dockerfile'), 'utf8'))?.[1] ?? '[]'
  // A list of texts, as Docker wants it.
  const words = JSON.parse(entrypoint) as readonly string[]
  return words.filter((word) => word.startsWith('--'))
}

function run(...args: readonly string[]): {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
} {
  const command = [...imageFlags(), join(app, 'dist/agwcp.js'), ...args]
  return spawnSync(process.execPath, command, { encoding: 'utf8', cwd: elsewhere, env: environment })
}

it('says its version', () => {
  const { version } = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8'))
  expect(run('--version').stdout.trim()).toBe(version)
})

it('translates', () => {
  const { status, stdout, stderr } = run('translate', '-f', examples, '--deployments', '-o', 'json')
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  const { resources, deployments } = JSON.parse(stdout)
  expect(resources.length).toBeGreaterThan(0)
  expect(deployments[0].objects.length).toBeGreaterThan(0)
})

it('validates', () => {
  expect(run('validate', '-f', examples)).toMatchObject({ status: 0 })
})

it('lets the heap take three quarters of the memory there is', () => {
  const script = 'console.log(require("node:v8").getHeapStatistics().heap_size_limit)'
  const { stdout } = spawnSync(process.execPath, [...imageFlags(), '-e', script], {
    encoding: 'utf8',
    env: environment,
  })
  const memory = Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY)
  expect(Number(stdout) / memory).toBeGreaterThan(0.7)
  expect(Number(stdout) / memory).toBeLessThan(0.8)
})

it('serves, and ends when it is told to', async () => {
  const ports = ['agentgateway-xds-service-port', 'admin-port', 'metrics-port', 'health-port']
  const zero = ports.flatMap((flag) => [`--${flag}`, '0'])
  const child = spawn(
    process.execPath,
    [...imageFlags(), join(app, 'dist/agwcp.js'), 'serve', '--manifests', examples, ...zero],
    { cwd: elsewhere, env: environment },
  )
  const page = await said(child, /http:\/\/localhost:\d+\//)
  const dump = await (await fetch(`${page}config_dump?gateway=quickstart/ai-gateway`)).text()
  expect(dump).toContain('openai')
  child.kill('SIGTERM')
  const { promise, resolve } = Promise.withResolvers<number | null>()
  child.once('exit', resolve)
  expect(await promise).toBe(0)
})

/** What a process prints and that looks like this. */
async function said(child: ChildProcess, pattern: RegExp): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  let text = ''
  const hear = (chunk: unknown): void => {
    text += String(chunk)
    const found = pattern.exec(text)
    if (found !== null) resolve(found[0])
  }
  child.stdout?.on('data', hear)
  child.stderr?.on('data', hear)
  child.once('exit', (code) => reject(new Error(`ended with ${code}: ${text}`)))
  return promise
}
