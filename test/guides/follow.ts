// Goes through a guide from its first line to its last, and does what each test can do; what a reader does to files is done by
// every one of them. `serve` runs as a child beside it, on ports of its own.
import { join } from 'node:path'
import { quietPorts } from '../ports.ts'
import { type Running, start, until } from '../proxy/lab.ts'
import { type Guide, isPrinted, type Place, placeOf, REPOSITORY } from './guide.ts'
import type { Reader } from './reader.ts'

/** What a test does with a command of one place. */
export type Follow = Partial<Record<Place, (command: string, expected: string) => Promise<void>>>

/** Does all that a guide says, in its order. */
export async function follow(guide: Guide, reader: Reader, handlers: Follow): Promise<void> {
  const all: Follow = { shell: (command, expected) => reader.expect(command, expected), ...handlers }
  for (const step of guide.steps) {
    if (step.does === 'write') reader.write(step.file, step.text)
    if (step.does !== 'run') continue
    try {
      await all[placeOf(step.command)]?.(step.command, step.expected)
    } catch (error) {
      throw new Error(`docs/guides/${guide.name}.md:${step.line}: ${error instanceof Error ? error.message : error}`)
    }
  }
}

/** Ports of a control plane as guides name them, and those that stand for them here. */
export async function controlPlanePorts(): Promise<Readonly<Record<'9978' | '9095' | '9092' | '9093', string>>> {
  const [xds, admin, metrics, health] = (await quietPorts(4)).map(String)
  return { 9978: xds ?? '', 9095: admin ?? '', 9092: metrics ?? '', 9093: health ?? '' }
}

/** Runs `agwcp serve` as a guide says it, and waits until it prints what it should. */
export async function serve(
  reader: Reader,
  { command, expected }: { readonly command: string; readonly expected: string },
): Promise<Running> {
  const given = await reader.words(reader.here(command.slice('agwcp '.length)))
  const ports = {
    'agentgateway-xds-service-port': '9978',
    ...{ 'admin-port': '9095', 'metrics-port': '9092', 'health-port': '9093' },
  }
  const args = Object.entries(ports).map(([flag, port]) => `--${flag}=${reader.here(port)}`)
  const running = start(process.execPath, [join(REPOSITORY, 'src/main.ts'), ...given, ...args], {
    ...{ cwd: reader.folder, env: reader.environment },
  })
  const isReady = (): true | undefined => {
    // Its log is beside.
    const printed = running.output().replace(/^(\{.*|\[.*)\n/gm, '')
    return isPrinted(printed, reader.here(expected)) ? true : undefined
  }
  await until('serve has said what it serves', isReady, 30_000).catch((error: unknown) => {
    throw new Error(`${String(error)}\n${running.output()}`)
  })
  return running
}
