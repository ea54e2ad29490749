// `agwcp diff`: what a change does to the configuration of each gateway, resource by resource. Between two sets of
// manifests, or between a running control plane and manifests. Secrets are compared, but shown only as hashes.
import { displayRef, type TypedRef } from '../core/keys.ts'
import { isJsonList, objectIn, textIn } from '../kube/json.ts'
import { readSettings } from '../settings.ts'
import type { ReportedProblem } from '../sources/source.ts'
import { ask, errorIn } from './ask.ts'
import { type ChangedField, changedFields } from './changed-fields.ts'
import { print, problemLine } from './print.ts'
import { redacted } from './redact.ts'
import type { PrintedAddress, PrintedResource } from './run.ts'
import { isUnreadable, offlineSettings, settingPairs, type TranslateOptions, translateManifests } from './translate.ts'

/** The command's flags. */
export interface DiffFlags {
  readonly filename: readonly string[]
  /** The new manifests, where the old ones are manifests too. */
  readonly filename2: readonly string[]
  readonly server?: string
  readonly gateway?: string
  readonly set: readonly string[]
  readonly crds: readonly string[]
  readonly output: string
}

/** One resource or address that a change adds, changes or removes. */
export interface ResourceChange {
  readonly change: 'added' | 'changed' | 'removed'
  readonly name: string
  /** The objects it is made from. */
  readonly owners: readonly TypedRef[]
  /** The version before; absent when it is added. */
  readonly was?: string
  /** Absent when it is removed. */
  readonly version?: string
  /** Where it differs; of what is added or removed, the whole. */
  readonly fields: readonly ChangedField[]
}

/** What the command prints. */
export interface Difference {
  /** Only those that the change concerns. */
  readonly gateways: readonly {
    readonly gateway: PrintedResource['gateway']
    readonly changes: readonly ResourceChange[]
  }[]
  /** What every proxy receives; not compared with a server, which knows them from its cluster. */
  readonly addresses: readonly ResourceChange[]
  /** What is wrong with the new manifests and was not with the old ones. */
  readonly problems: readonly ReportedProblem[]
}

interface Side {
  readonly resources: readonly PrintedResource[]
  readonly addresses: readonly PrintedAddress[]
  readonly problems: readonly ReportedProblem[]
}

/** What leads from one configuration to another. */
export function difference(before: Side, after: Side): Difference {
  const gateways = [...new Set([...before.resources, ...after.resources].map(({ gateway }) => gatewayKey(gateway)))]
  const of = ({ resources }: Side, key: string): readonly Compared[] =>
    resources
      .filter(({ gateway }) => gatewayKey(gateway) === key)
      .map(({ resource, ...rest }) => ({ ...rest, content: resource }))
  const shared = ({ addresses }: Side): readonly Compared[] =>
    addresses.map(({ name, version, address }) => ({ name, version, owners: [], content: address }))
  const known = new Set(before.problems.map(problemKey))
  return {
    gateways: gateways
      .sort()
      .map((key) => {
        const [namespace = '', name = ''] = key.split('/')
        return { gateway: { name, namespace }, changes: changesOf(of(before, key), of(after, key)) }
      })
      .filter(({ changes }) => changes.length > 0),
    addresses: changesOf(shared(before), shared(after)),
    problems: after.problems.filter((problem) => !known.has(problemKey(problem))),
  }
}

interface Compared {
  readonly name: string
  readonly version: string
  readonly owners: readonly TypedRef[]
  readonly content: unknown
}

function changesOf(before: readonly Compared[], after: readonly Compared[]): readonly ResourceChange[] {
  const old = new Map(before.map((each) => [each.name, each]))
  const young = new Map(after.map((each) => [each.name, each]))
  return [...new Set([...old.keys(), ...young.keys()])].sort().flatMap((name): readonly ResourceChange[] => {
    const [was, is] = [old.get(name), young.get(name)]
    if (was?.version === is?.version) return []
    return [
      {
        change: was === undefined ? 'added' : is === undefined ? 'removed' : 'changed',
        name,
        owners: (is ?? was)?.owners ?? [],
        ...(was === undefined ? {} : { was: was.version }),
        ...(is === undefined ? {} : { version: is.version }),
        fields: changedFields(was?.content, is?.content),
      },
    ]
  })
}

function problemKey({ severity, object, path, message }: ReportedProblem): string {
  return JSON.stringify([severity, object, path, message])
}

function gatewayKey({ namespace, name }: PrintedResource['gateway']): string {
  return `${namespace}/${name}`
}

/** Runs the command. 0: no change; 1: changes; 2: wrong usage or unreadable input; 3: no server. */
export async function diffCommand(flags: DiffFlags): Promise<number> {
  const { settings, errors } = readSettings({ ...offlineSettings, ...settingPairs(flags.set) })
  const hasTwo = flags.filename2.length > 0 !== (flags.server !== undefined)
  const usage = [
    ...errors,
    ...(hasTwo && flags.filename.length > 0
      ? []
      : ['say what to compare: agwcp diff -f OLD -f2 NEW, or agwcp diff -f NEW --server ADDRESS']),
  ]
  for (const error of usage) console.error(error)
  if (usage.length > 0) return 2
  const translated = async (filename: readonly string[]): Promise<Side> => {
    const options: TranslateOptions = { filename, settings, crds: flags.crds, isAdmitted: false, now: '' }
    const { failures: _, ...output } = await translateManifests(
      flags.gateway === undefined ? options : { ...options, gateway: flags.gateway },
    )
    return redacted(output)
  }
  const { server } = flags
  const before = server === undefined ? await translated(flags.filename) : await served(server, flags.gateway)
  if (typeof before === 'string') {
    console.error(before)
    return 3
  }
  const given = await translated(server === undefined ? flags.filename2 : flags.filename)
  const after = server === undefined ? given : { ...given, addresses: [] }
  // What is missing on one side because it cannot be read would look like a change.
  const unreadable = [...before.problems, ...after.problems].filter(
    (problem) => isUnreadable(problem) || problem.reason === 'SyntaxError',
  )
  for (const problem of unreadable) console.error(problemLine(problem))
  if (unreadable.length > 0) return 2
  const found = difference(before, after)
  if (flags.output === 'table') console.log(differenceText(found))
  else print(found, flags.output)
  return found.gateways.length + found.addresses.length === 0 ? 0 : 1
}

/** What a running control plane serves, without secrets and addresses; a sentence when it does not say. */
async function served(server: string, gateway: string | undefined): Promise<Side | string> {
  const asked = await ask(server, '/config_dump?format=xds')
  if ('failure' in asked) return asked.failure
  if (asked.status !== 200) return `${server}: ${errorIn(asked.body)}`
  const dumps = Object.entries(objectIn(objectIn(asked.body).gateways))
  const resources = dumps
    .filter(([key]) => gateway === undefined || key === gateway)
    .flatMap(([, dump]) => {
      const list = objectIn(dump).resources
      // The admin server is ours: these are resources as `translate` prints them.
      return isJsonList(list) ? (list as unknown as readonly PrintedResource[]) : []
    })
  const asking = await ask(server, '/problems')
  const problems = 'failure' in asking ? [] : objectIn(asking.body).problems
  // As above.
  return { resources, addresses: [], problems: isJsonList(problems) ? (problems as unknown as ReportedProblem[]) : [] }
}

const SIGNS = { added: '+', changed: '~', removed: '-' } as const
const LONGEST_VALUE = 100

/** A difference as people read it. */
function differenceText({ gateways, addresses, problems }: Difference): string {
  const all = [...gateways.flatMap(({ changes }) => changes), ...addresses]
  const count = (change: ResourceChange['change']): number => all.filter((each) => each.change === change).length
  return [
    ...gateways.flatMap(({ gateway, changes }) => [
      `Gateway ${gatewayKey(gateway)}`,
      ...changes.flatMap(changeLines),
      '',
    ]),
    ...(addresses.length === 0 ? [] : ['every Gateway', ...addresses.flatMap(changeLines), '']),
    ...problems.map(problemLine),
    all.length === 0
      ? '✓ no proxy receives anything new'
      : `${count('added')} added, ${count('changed')} changed, ${count('removed')} removed; ${gateways.length} ${gateways.length === 1 ? 'Gateway' : 'Gateways'} concerned`,
  ].join('\n')
}

function changeLines({ change, name, owners, fields }: ResourceChange): readonly string[] {
  const [owner] = owners
  return [
    `  ${SIGNS[change]} ${name}${owner === undefined ? '' : `  from ${displayRef(owner)}`}`,
    ...(change === 'changed' ? fields.map(fieldLine) : []),
  ]
}

function fieldLine({ path, before, after }: ChangedField): string {
  if (before === undefined) return `      + ${path}: ${short(after)}`
  if (after === undefined) return `      - ${path}: ${short(before)}`
  return `      ~ ${path}: ${short(before)} → ${short(after)}`
}

function short(value: unknown): string {
  const text = textIn(value) === undefined ? JSON.stringify(value) : String(value)
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}…` : text
}
