// `agwcp explain`: why an object is as it is, or what a request meets; from files without a network, or as a running
// control plane sees it. The answers are made in explanations.ts.
import { readSettings } from '../settings.ts'
import { Snapshot } from '../snapshot/snapshot.ts'
import { readManifests } from '../sources/manifests/folder.ts'
import type { ReportedProblem } from '../sources/source.ts'
import type { TranslateSettings } from '../translate/settings.ts'
import { ask, errorIn, pathWith } from './ask.ts'
import { objectText, requestText } from './explain-text.ts'
import { type Explained, explain, type ObjectExplanation, type RequestAnswer } from './explanations.ts'
import { withImpliedClass } from './implied-class.ts'
import { print } from './print.ts'
import { createRun } from './run.ts'
import { isUnreadable, offlineSettings, problemLine, settingPairs } from './translate.ts'
import { admitBy, offlineValidator, readCrds } from './verdicts.ts'

/** The command's flags. */
export interface ExplainFlags {
  readonly filename: readonly string[]
  readonly server: string
  readonly namespace?: string
  readonly url?: string
  readonly gateway?: string
  readonly method?: string
  readonly header: readonly string[]
  readonly set: readonly string[]
  readonly crds: readonly string[]
  readonly output: string
}

/** Manifests, translated and as proxies would hold them. */
export async function explainedFiles(
  files: Pick<ExplainFlags, 'filename' | 'crds'>,
  settings: TranslateSettings,
): Promise<{ readonly explained: Explained; readonly problems: readonly ReportedProblem[] }> {
  const given = readCrds(files.crds)
  const manifests = await readManifests({ paths: files.filename, admit: admitBy(offlineValidator(given.crds)) })
  const { pipeline, setCollections } = createRun(settings)
  const snapshot = new Snapshot()
  snapshot.follow(pipeline.xds)
  snapshot.followGateways(pipeline.gateways)
  setCollections(withImpliedClass(manifests.collections, settings))
  snapshot.publish(await pipeline.graph.commit())
  return {
    explained: { pipeline, snapshot, locate: manifests.locate },
    problems: [...given.problems, ...manifests.problems],
  }
}

/** Runs the command. 0: explained, and a request reaches a backend; 1: not; 2: wrong usage; 3: no server. */
export async function explainCommand(object: string | undefined, flags: ExplainFlags): Promise<number> {
  if ((object === undefined) === (flags.url === undefined)) {
    console.error('say what to explain: agwcp explain KIND/NAME, or agwcp explain --url URL --gateway NAMESPACE/NAME')
    return 2
  }
  const parameters: readonly (readonly [string, string | undefined])[] = [
    ['object', object],
    ['namespace', flags.namespace],
    ['url', flags.url],
    ['gateway', flags.gateway],
    ['method', flags.method],
    ...flags.header.map((header) => ['header', header] as const),
  ]
  const path = pathWith('/explain', parameters)
  const answer = flags.filename.length > 0 ? await fromFiles(path, flags) : await ask(flags.server, path)
  if ('code' in answer) return answer.code
  if ('failure' in answer) {
    console.error(answer.failure)
    return 3
  }
  if (answer.status !== 200) {
    console.error(errorIn(answer.body))
    return answer.status === 404 ? 1 : 2
  }
  if (object !== undefined) {
    // The admin server is ours, and so is what is made here.
    const explanation = answer.body as ObjectExplanation
    if (flags.output === 'table') console.log(objectText(explanation))
    else print(explanation, flags.output)
    return 0
  }
  const explanation = answer.body as RequestAnswer
  if (flags.output === 'table') console.log(requestText(explanation))
  else print(explanation, flags.output)
  return explanation.outcome === 'forwarded' || explanation.outcome === 'redirected' ? 0 : 1
}

async function fromFiles(
  path: string,
  flags: ExplainFlags,
): Promise<{ readonly status: number; readonly body: unknown } | { readonly code: number }> {
  const { settings, errors } = readSettings({ ...offlineSettings, ...settingPairs(flags.set) })
  for (const error of errors) console.error(error)
  if (errors.length > 0) return { code: 2 }
  const { explained, problems } = await explainedFiles(flags, settings)
  for (const problem of problems.filter(({ severity }) => severity === 'error')) console.error(problemLine(problem))
  if (problems.some(isUnreadable)) return { code: 2 }
  const { status = 200, body } = explain(explained, new URL(path, 'http://localhost').searchParams)
  return { status, body }
}
