// `agwcp wait`: returns when all proxies have what an object says now. It asks the admin server again and again; what has
// become of the object is told by `explain`, whether that is enough is decided here.
import { ask, errorIn, pathWith } from './ask.ts'
import type { ObjectExplanation } from './explanations.ts'
import type { Looks } from './looks.ts'

/** The command's flags. */
export interface WaitFlags {
  readonly server: string
  readonly namespace?: string
  /** Not before the object has this generation. */
  readonly generation?: string
  readonly timeout: string
}

/** How an object stands: `refused` will not change by waiting. */
export interface Standing {
  readonly state: 'programmed' | 'waiting' | 'refused'
  /** In a sentence. */
  readonly why: string
}

const PAUSE_MS = 250
const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }

/** Waits. 0: programmed; 1: not in time, or refused; 2: wrong usage; 3: no server in time. */
export async function waitCommand(object: string, flags: WaitFlags): Promise<number> {
  const timeoutMs = durationMs(flags.timeout)
  const generation = Number(flags.generation ?? 0)
  if (timeoutMs === undefined || !Number.isInteger(generation)) {
    console.error(
      timeoutMs === undefined
        ? `--timeout ${flags.timeout}: a time is a number and ms, s, m or h, such as 30s`
        : `--generation ${flags.generation} is not a whole number`,
    )
    return 2
  }
  const path = pathWith('/explain', [
    ['object', object],
    ['namespace', flags.namespace],
  ])
  const endsAt = performance.now() + timeoutMs
  const seen = new FirstSeen()
  let told = ''
  for (;;) {
    const asked = await ask(flags.server, path)
    const isAnswered = !('failure' in asked)
    if (isAnswered && asked.status === 400) {
      console.error(errorIn(asked.body))
      return 2
    }
    const standing: Standing = !isAnswered
      ? { state: 'waiting', why: asked.failure }
      : asked.status !== 200
        ? { state: 'waiting', why: errorIn(asked.body) }
        : // The admin server is ours; its answer has this shape.
          standingOf(asked.body as ObjectExplanation, { generation, seen })
    if (standing.state === 'programmed') {
      console.log(`✓ ${standing.why}`)
      return 0
    }
    if (standing.state === 'refused' || performance.now() >= endsAt) {
      const late = standing.state === 'refused' ? '' : `not programmed after ${flags.timeout}: `
      console.error(`✗ ${late}${standing.why}`)
      return isAnswered ? 1 : 3
    }
    if (process.stderr.isTTY && standing.why !== told) console.error(`… ${standing.why}`)
    told = standing.why
    await new Promise((resolve) => setTimeout(resolve, Math.min(PAUSE_MS, Math.max(0, endsAt - performance.now()))))
  }
}

/** What the first answers said. */
export class FirstSeen {
  readonly #commits = new Map<number | undefined, number>()
  #looks = Number.POSITIVE_INFINITY

  /** Whether manifests have been read since the first answer. A look that was over by then may have missed an edit. */
  isReadAgain(looks: Looks): boolean {
    // A control plane that starts again counts again.
    this.#looks = Math.min(this.#looks, looks.taken)
    return looks.served > this.#looks
  }

  /** The commit with which a generation was first seen: later ones are of no concern. */
  commit(generation: number | undefined, commit: number): number {
    // A control plane that starts again counts again.
    const known = Math.min(this.#commits.get(generation) ?? commit, commit)
    this.#commits.set(generation, known)
    return known
  }
}

/** How an object stands. */
export function standingOf(
  explanation: ObjectExplanation,
  wanted: { readonly generation: number; readonly seen: FirstSeen },
): Standing {
  const { object, generation, looks, resources, addresses, gateways = [] } = explanation
  const subject = generation === undefined ? object : `${object}, generation ${generation},`
  if (generation !== undefined && generation < wanted.generation)
    return waiting(`the control plane knows only generation ${generation} of ${object}`)
  const isRead = looks === undefined || wanted.seen.isReadAgain(looks)
  const since = isRead ? wanted.seen.commit(generation, explanation.commit) : 0
  for (const { name, refusedBy = [] } of isRead ? [...resources, ...addresses] : []) {
    const [first] = refusedBy
    if (first !== undefined) return { state: 'refused', why: `proxy ${first.node} refuses ${name}: ${first.message}` }
  }
  if (gateways.length === 0) return waiting(`no Gateway receives anything of ${object}${reasonOf(explanation)}`)
  const lonely = gateways.find(({ proxies }) => proxies.length === 0)
  if (lonely !== undefined) return waiting(`no proxy of Gateway ${lonely.gateway} is connected`)
  if (!isRead) return waiting('the manifests have not been read again yet')
  for (const { gateway, proxies } of gateways) {
    const behind = proxies.filter(({ acknowledgedCommit }) => acknowledgedCommit < since)
    if (behind.length > 0)
      return waiting(
        `${behind.length} of ${proxies.length} proxies of Gateway ${gateway} have not acknowledged it: ${behind.map(({ node }) => node).join(', ')}`,
      )
  }
  const counts = gateways.map(({ gateway, proxies }) => `Gateway ${gateway} (${proxies.length})`)
  return { state: 'programmed', why: `${subject} is acknowledged by all proxies of ${counts.join(', ')}` }
}

function waiting(why: string): Standing {
  return { state: 'waiting', why }
}

/** Why an object came to nothing. */
function reasonOf({ parents, conditions, problems }: ObjectExplanation): string {
  const [problem] = problems
  const refused = [...conditions, ...parents.flatMap((parent) => parent.conditions)].find(
    ({ type, status }) => type === 'Accepted' && status === 'False',
  )
  const reason = refused?.message || refused?.reason || problem?.message
  return reason === undefined ? '' : `: ${reason}`
}

function durationMs(text: string): number | undefined {
  const [, number, unit = 's'] = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(text) ?? []
  return number === undefined ? undefined : Number(number) * (UNITS[unit] ?? 1000)
}
