// Somebody who follows a guide: a folder with a copy of the examples, a shell that keeps its variables, `agwcp` run within this
// process, and other ports than the guide's, so that guides can be followed beside whatever else runs.
import { spawn } from 'node:child_process'
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { parseArgs } from 'node:util'
import { vi } from 'vitest'
import { convertCommand } from '../../src/cli/convert.ts'
import { proxiesCommand } from '../../src/cli/proxies.ts'
import { findProblems, translateCommand } from '../../src/cli/translate.ts'
import { validateCommand } from '../../src/cli/validate.ts'
import { isPrinted, literally, REPOSITORY } from './guide.ts'

/** How a reader's world differs from the one that the guide was written in. */
export interface ReaderOptions {
  /** Text of guides and examples, and what stands there instead: ports, hosts, keys. */
  readonly replaced?: Readonly<Record<string, string>>
  readonly environment?: Readonly<Record<string, string>>
  /** Programs by name, as shell scripts. */
  readonly programs?: Readonly<Record<string, string>>
  /** Commands that are not run by a shell, by their first words. */
  readonly commands?: Readonly<Record<string, (args: readonly string[]) => Promise<string>>>
}

/** Somebody who follows a guide. */
export interface Reader {
  readonly folder: string
  /** What stands here for a text of the guide. */
  here(text: string): string
  write(file: string, text: string): void
  /** What a command prints. */
  run(command: string): Promise<string>
  /** Runs a command until it prints what is expected; fails with what it printed instead. */
  expect(command: string, expected: string, ms?: number): Promise<void>
  /** The words of a command, as a shell reads them. */
  words(command: string): Promise<readonly string[]>
  readonly environment: NodeJS.ProcessEnv
  leave(): void
}

const RETRY_MS = 50

/** Comes with a copy of the examples. */
export function newReader(options: ReaderOptions = {}): Reader {
  const { replaced = {}, programs = {}, commands = {} } = options
  const folder = mkdtempSync(join(tmpdir(), 'agwcp-guide-'))
  cpSync(join(REPOSITORY, 'examples/guides'), join(folder, 'examples/guides'), { recursive: true })
  cpSync(join(REPOSITORY, 'charts'), join(folder, 'charts'), { recursive: true })
  mkdirSync(join(folder, 'bin'))
  for (const [name, script] of Object.entries(programs)) {
    writeFileSync(join(folder, 'bin', name), `#!/bin/sh\n${script}\n`)
    chmodSync(join(folder, 'bin', name), 0o755)
  }
  const environment: NodeJS.ProcessEnv = {
    ...{ HOME: folder, TMPDIR: tmpdir(), ...options.environment },
    PATH: [join(folder, 'bin'), join(REPOSITORY, 'node_modules/.bin'), process.env.PATH].join(delimiter),
  }
  const whole = (text: string): string => (/^\d+$/.test(text) ? `(?<!\\d)${text}(?!\\d)` : literally(text))
  const texts = Object.keys(replaced)
  const pattern = new RegExp(texts.map(whole).join('|'), 'g')
  const here = (text: string): string =>
    texts.length === 0 ? text : text.replace(pattern, (found) => replaced[found] ?? found)
  for (const file of readdirSync(join(folder, 'examples'), { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.yaml')) continue
    const path = join(folder, 'examples', file)
    writeFileSync(path, here(readFileSync(path, 'utf8')))
  }

  async function shell(command: string, input = ''): Promise<string> {
    const child = spawn('sh', ['-c', command], { cwd: folder, env: environment })
    let output = ''
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (output += chunk.toString()))
    child.stdin.on('error', () => {})
    child.stdin.end(input)
    await new Promise((done) => child.once('close', done))
    return output
  }

  async function words(command: string): Promise<readonly string[]> {
    return (await shell(`printf '%s\\0' ${command}`)).split('\0').slice(0, -1)
  }

  async function run(command: string): Promise<string> {
    const assignment = /^([A-Z]+)=\$\(([\s\S]*)\)$/.exec(command)
    if (assignment !== null) {
      environment[assignment[1] ?? ''] = (await run(assignment[2] ?? '')).trimEnd()
      return ''
    }
    const all = {
      ...commands,
      agwcp: (args: readonly string[]) => within(args, { folder, server: here('localhost:9095') }),
    }
    const own = Object.entries(all).find(([name]) => command.startsWith(`${name} `) || command === name)
    if (own === undefined) return shell(command)
    const [name, answer] = own
    const [ours = '', ...rest] = command.split(' | ')
    const printed = await answer((await words(ours)).slice(name.split(' ').length))
    return rest.length === 0 ? printed : shell(rest.join(' | '), printed)
  }

  return {
    ...{ folder, here, run, words, environment },
    write: (file, text) => writeFileSync(join(folder, file), here(text)),
    expect: async (command, expected, ms = 0) => {
      const deadline = Date.now() + ms
      for (;;) {
        const printed = await run(here(command))
        if (isPrinted(printed, here(expected))) return
        if (Date.now() >= deadline)
          throw new Error(`$ ${here(command)}\nprinted\n${printed}\ninstead of\n${here(expected)}`)
        await new Promise((done) => setTimeout(done, RETRY_MS))
      }
    },
    leave: () => rmSync(folder, { recursive: true, force: true }),
  }
}

const FLAGS = {
  filename: { type: 'string', multiple: true, short: 'f' },
  output: { type: 'string', short: 'o' },
  crds: { type: 'string', multiple: true },
  set: { type: 'string', multiple: true },
  gateway: { type: 'string' },
  server: { type: 'string' },
  deployments: { type: 'boolean' },
  redact: { type: 'boolean' },
} as const

/** Runs a command of ours that ends by itself in this process, which starting one for each would make slow. */
async function within(
  given: readonly string[],
  here: { readonly folder: string; readonly server: string },
): Promise<string> {
  const { values, positionals } = parseArgs({ args: [...given], options: FLAGS, allowPositionals: true })
  const { filename = [], crds = [], set = [], output = 'table', server = here.server } = values
  let printed = ''
  const print = (text: unknown): boolean => {
    printed += String(text)
    return true
  }
  const spies = [
    vi.spyOn(console, 'log').mockImplementation((line) => void print(`${line}\n`)),
    vi.spyOn(console, 'error').mockImplementation((line) => void print(`${line}\n`)),
    vi.spyOn(process.stdout, 'write').mockImplementation(print),
  ]
  const before = process.cwd()
  process.chdir(here.folder)
  try {
    switch (positionals.join(' ')) {
      case 'validate':
        await validateCommand({ filename, crds, output }, findProblems)
        break
      case 'translate':
        await translateCommand({ ...values, filename, crds, set, output }, '1.0.0')
        break
      case 'convert':
        await convertCommand({ filename, output: values.output ?? 'yaml' })
        break
      case 'proxies':
        await proxiesCommand({ server, output })
        break
      default:
        throw new Error(`no test knows how to run agwcp ${positionals.join(' ')}`)
    }
    return printed
  } finally {
    process.chdir(before)
    for (const spy of spies) spy.mockRestore()
  }
}
