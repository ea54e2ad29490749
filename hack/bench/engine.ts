// The control plane without a source: objects go straight into the engine, so that what is measured from there is
// neither the disk's nor an API server's time.
import { createRun } from '../../src/cli/run.ts'
import { Snapshot } from '../../src/snapshot/snapshot.ts'
import { DEFAULT_TRANSLATE_SETTINGS } from '../../src/translate/settings.ts'
import { startXdsServer } from '../../src/xds/server.ts'
import { gatewayName, route, type WorldSize, worldFiles } from './world.ts'

/** What the process is told. */
export type EngineCommand =
  | { readonly do: 'load'; readonly size: WorldSize }
  /** One edit after the other, each when the one before is acknowledged everywhere. */
  | { readonly do: 'edit'; readonly times: number; readonly size: WorldSize }
  /** So many edits per second, for so long, round the Gateways. */
  | { readonly do: 'churn'; readonly perSecond: number; readonly seconds: number; readonly size: WorldSize }

/** What it says. */
export type EngineReport =
  | { readonly is: 'serving'; readonly port: number; readonly commitMs: number }
  /** Milliseconds from the object's arrival to the last acknowledgement of its Gateway's proxies. */
  | { readonly is: 'edited'; readonly ms: readonly number[]; readonly commitMs: readonly number[] }
  | { readonly is: 'churned' }

const run = createRun(DEFAULT_TRANSLATE_SETTINGS)
const snapshot = new Snapshot()
snapshot.follow(run.pipeline.xds)
snapshot.followGateways(run.pipeline.gateways)
const waiting = new Set<() => void>()
const server = await startXdsServer({
  snapshot,
  host: '127.0.0.1',
  port: 0,
  signal: new AbortController().signal,
  events: {
    acknowledged: () => {
      for (const check of waiting) check()
    },
  },
})

function say(report: EngineReport): void {
  process.send?.(report)
}

async function commit(): Promise<number> {
  const startedAt = performance.now()
  snapshot.publish(await run.pipeline.graph.commit())
  return performance.now() - startedAt
}

/** Resolves when all proxies of the Gateway have the newest commit. */
function acknowledged(gateway: string): Promise<void> {
  const target = snapshot.commit
  return new Promise((resolve) => {
    const check = (): void => {
      if (server.gateway(gateway).acknowledgedCommit < target) return
      waiting.delete(check)
      resolve()
    }
    waiting.add(check)
    check()
  })
}

function stamp(): string {
  return `at-${Math.round((performance.timeOrigin + performance.now()) * 1000)}-`
}

async function edit(times: number, size: WorldSize): Promise<void> {
  const [ms, commitMs]: [number[], number[]] = [[], []]
  for (let i = 0; i < times; i += 1) {
    const gateway = i % size.gateways
    const object = route(gateway, size, stamp())
    const startedAt = performance.now()
    run.set([object])
    commitMs.push(await commit())
    await acknowledged(gatewayName(gateway))
    ms.push(performance.now() - startedAt)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  say({ is: 'edited', ms, commitMs })
}

/** Like settle: what arrives while a commit runs is in the next. */
async function churn(count: number, everyMs: number, size: WorldSize): Promise<void> {
  const startedAt = performance.now()
  let [done, running] = [0, Promise.resolve()]
  await new Promise<void>((resolve) => {
    const tick = (): void => {
      const due = Math.min(count, Math.floor((performance.now() - startedAt) / everyMs))
      for (; done < due; done += 1) {
        const perGateway = Math.floor(size.routes / size.gateways)
        const number = (done % size.gateways) + size.gateways * (Math.floor(done / size.gateways) % perGateway)
        run.set([route(number, size, stamp())])
        running = run.pipeline.graph.commit().then((number) => {
          if (number > snapshot.commit) snapshot.publish(number)
        })
      }
      if (done < count) setTimeout(tick, 1)
      else resolve()
    }
    tick()
  })
  await running
  for (let gateway = 0; gateway < size.gateways; gateway += 1) await acknowledged(gatewayName(gateway))
  say({ is: 'churned' })
}

async function obey(command: EngineCommand): Promise<void> {
  switch (command.do) {
    case 'load':
      for (const objects of worldFiles(command.size).values()) run.set(objects)
      return say({ is: 'serving', commitMs: await commit(), port: server.port })
    case 'edit':
      return edit(command.times, command.size)
    case 'churn':
      return churn(command.perSecond * command.seconds, 1000 / command.perSecond, command.size)
  }
}

// Only the bench sends messages, and they are commands.
process.on('message', (command) => void obey(command as EngineCommand))
process.on('disconnect', () => process.exit(0))
