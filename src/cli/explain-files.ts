// `agwcp explain -f`: manifests as proxies would hold them, and what there is to say of them.
import { readSettings } from '../settings.ts'
import { Snapshot } from '../snapshot/snapshot.ts'
import { readManifests } from '../sources/manifests/folder.ts'
import type { ReportedProblem } from '../sources/source.ts'
import type { TranslateSettings } from '../translate/settings.ts'
import type { ExplainFlags } from './explain.ts'
import { type Explained, explain } from './explanations.ts'
import { withImpliedClass } from './implied-class.ts'
import { problemLine } from './print.ts'
import { createRun } from './run.ts'
import { isUnreadable, offlineSettings, settingPairs } from './translate.ts'
import { admitBy, offlineValidator, readCrds } from './verdicts.ts'

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

/** Answers a question about files as the admin server would; `code` ends the command. */
export async function fromFiles(
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
