// `agwcp translate`: manifests in; resources, addresses, statuses and problems out. No network, no cluster.
import { randomBytes } from 'node:crypto'
import { displayRef, nameKey, type TypedRef } from '../core/keys.ts'
import { objectIn, textIn } from '../kube/json.ts'
import { isCrd } from '../schema/validate.ts'
import { readSettings } from '../settings.ts'
import { alreadyAdmitted } from '../sources/manifests/defaults.ts'
import { type Locate, type Manifests, readManifests } from '../sources/manifests/folder.ts'
import type { ReportedProblem } from '../sources/source.ts'
import type { Pipeline } from '../translate/pipeline.ts'
import type { DeploySettings, TranslateSettings } from '../translate/settings.ts'
import { type PrintedDeployment, printedDeployments } from './deployments.ts'
import { withImpliedClass } from './implied-class.ts'
import { print, problemLine, table } from './print.ts'
import { redacted } from './redact.ts'
import { createRun, type FoundProblem, type PrintedStatus, type RunResult } from './run.ts'
import { admitBy, offlineValidator, readCrds } from './verdicts.ts'

/** The command's flags, as commander hands them over. */
export interface TranslateFlags {
  readonly filename: readonly string[]
  readonly output: string
  readonly gateway?: string
  readonly set: readonly string[]
  readonly admitted?: boolean
  readonly redact?: boolean
  readonly deployments?: boolean
  readonly now?: string
  readonly crds: readonly string[]
}

/** What the command prints. */
export interface TranslateOutput extends Pick<RunResult, 'resources' | 'addresses' | 'statuses'> {
  /** Only when they are asked for. */
  readonly deployments?: readonly PrintedDeployment[]
  readonly problems: readonly ReportedProblem[]
}

/** How manifests are translated. */
export interface TranslateOptions extends Pick<TranslateFlags, 'filename' | 'crds' | 'gateway'> {
  readonly settings: TranslateSettings
  readonly isAdmitted: boolean
  readonly now: string
  /** How proxies are deployed; absent: they are not. */
  readonly deploy?: DeploySettings
}

/** Translates manifests; `failures` are bugs of ours. */
export async function translateManifests(
  options: TranslateOptions,
): Promise<TranslateOutput & Pick<RunResult, 'failures'>> {
  const { settings, gateway } = options
  const given = readCrds(options.crds)
  const manifests = await readManifests({
    paths: options.filename,
    admit: options.isAdmitted ? alreadyAdmitted : admitBy(offlineValidator(given.crds)),
  })
  const run = createRun(settings, { deploy: options.deploy })
  run.setCollections(options.isAdmitted ? manifests.collections : withImpliedClass(manifests.collections, settings))
  await run.pipeline.graph.commit()
  const deployed =
    options.deploy === undefined
      ? undefined
      : await printedDeployments(run.pipeline, () => randomBytes(32).toString('hex'))
  const result = run.result(options.now)
  return {
    resources: result.resources.filter((each) => gateway === undefined || gatewayName(each.gateway) === gateway),
    addresses: result.addresses,
    statuses: result.statuses,
    ...(deployed === undefined
      ? {}
      : {
          deployments: deployed.deployments.filter(
            (each) => gateway === undefined || gatewayName(each.gateway) === gateway,
          ),
        }),
    problems: [
      ...given.problems,
      ...unread(manifests),
      ...located([...unfetched(result.problems, run.pipeline), ...(deployed?.problems ?? [])], manifests.locate),
    ],
    failures: result.failures,
  }
}

/** Whoever else may run MCPServers in a cluster does not do so for files. */
export const offlineSettings = { 'run-mcp-servers': 'true' }

/** Runs the command. 0: no error; 1: the input has problems; 2: wrong usage or unreadable input. */
export async function translateCommand(flags: TranslateFlags, version: string): Promise<number> {
  const { settings, errors } = readSettings({ ...offlineSettings, ...settingPairs(flags.set) })
  const now = flags.now ?? new Date().toISOString().replace(/\.\d+Z$/, 'Z')
  const usage = [...errors, ...(Number.isNaN(Date.parse(now)) ? [`--now ${now} is not an RFC 3339 time`] : [])]
  if (usage.length > 0) {
    for (const error of usage) console.error(error)
    return 2
  }
  const { failures, ...output } = await translateManifests({
    ...flags,
    settings,
    now,
    isAdmitted: flags.admitted === true,
    ...(flags.deployments === true ? { deploy: { ...settings, version } } : {}),
  })
  if (flags.output === 'table') console.log(summary(output))
  else print(flags.redact === true ? redacted(output) : output, flags.output)
  const { gateway } = flags
  if (gateway !== undefined && !output.statuses.some((each) => isGateway(each, gateway))) {
    console.error(`there is no Gateway ${gateway} of ours`)
    return 1
  }
  for (const { node, input, error } of failures) console.error(`bug in ${node} for ${input}: ${error}`)
  const { problems } = output
  if (problems.some(isUnreadable)) return 2
  return problems.some(({ severity }) => severity === 'error') ? 1 : 0
}

const UNREADABLE = new Set(['NotFound', 'Unreadable', 'NoCrds'])

/** Whether a problem is that something could not be read at all. */
export function isUnreadable({ reason }: ReportedProblem): boolean {
  return UNREADABLE.has(reason)
}

function isGateway({ kind, metadata }: PrintedStatus, name: string): boolean {
  return kind === 'Gateway' && nameKey(metadata.namespace, metadata.name) === name
}

function gatewayName({ namespace, name }: { readonly namespace: string; readonly name: string }): string {
  return nameKey(namespace, name)
}

/** Problems of translation, with the place of each in its file. */
export function located(problems: readonly FoundProblem[], locate: Locate): readonly ReportedProblem[] {
  return problems.map(({ object, path, reason, message, severity }) => ({
    severity: severity ?? 'error',
    object: displayRef(object),
    ...(locate(object, path) ?? { file: '', line: 0, column: 0 }),
    path,
    reason,
    message,
  }))
}

/** Problems of reading; a CRD among manifests is none. */
function unread({ problems, foreign }: Manifests): readonly ReportedProblem[] {
  const crds = new Set(foreign.filter(({ value }) => isCrd(value)).map(({ origin }) => `${origin.file}:${origin.line}`))
  return problems.filter(({ file, line, reason }) => reason !== 'UnknownKind' || !crds.has(`${file}:${line}`))
}

/** What translation finds in manifests that were read; what `validate` adds to its verdicts. */
export async function findProblems(manifests: Manifests): Promise<readonly ReportedProblem[]> {
  const { settings } = readSettings(offlineSettings)
  const run = createRun(settings)
  run.setCollections(withImpliedClass(manifests.collections, settings))
  await run.pipeline.graph.commit()
  return located(unfetched(run.result('').problems, run.pipeline), manifests.locate)
}

// Nothing is fetched here: that a document is not there yet is no mistake in a manifest.
function unfetched(problems: readonly FoundProblem[], { demands }: Pick<Pipeline, 'demands'>): readonly FoundProblem[] {
  const awaited = new Set(demands.list().map(({ requestedBy, path }) => `${displayRef(requestedBy)} ${path}`))
  return problems.map((problem) =>
    awaited.has(`${displayRef(problem.object)} ${problem.path}`)
      ? { ...problem, severity: 'warning', message: `${problem.message}; a server fetches it, this command does not` }
      : problem,
  )
}

function summary({ resources, addresses, statuses, deployments = [], problems }: TranslateOutput): string {
  const perGateway = Map.groupBy(resources, ({ gateway }) => `${gateway.namespace}/${gateway.name}`)
  const lines = [
    table(
      ['GATEWAY', 'RESOURCE', 'VERSION', 'FROM'],
      [...perGateway].flatMap(([gateway, list]) =>
        list.map(({ name, version, owners }) => [
          gateway,
          name,
          version,
          owners.map((owner: TypedRef) => displayRef(owner)).join(', '),
        ]),
      ),
    ),
    '',
    ...deployments.flatMap(({ gateway, objects }) => [
      `${gatewayName(gateway)} is run by ${objects.map((object) => kindAndName(object)).join(', ') || 'nothing'}`,
    ]),
    `${perGateway.size} gateways, ${resources.length} resources, ${addresses.length} addresses, ${statuses.length} statuses`,
    ...problems.map(problemLine),
  ]
  return lines.join('\n')
}

function kindAndName(object: unknown): string {
  const { kind, metadata } = objectIn(object)
  return `${textIn(kind)} ${textIn(objectIn(metadata).name)}`
}

/** The settings of `--set`, by name. */
export function settingPairs(settings: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    settings.map((setting) => {
      const equals = setting.indexOf('=')
      return equals < 0 ? [setting, ''] : [setting.slice(0, equals), setting.slice(equals + 1)]
    }),
  )
}
