// Where helm is, and what charts render to. Without helm the tests of charts say loudly that they did not run.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { loadAll } from 'js-yaml'
import { isJsonObject, type JsonObject } from '../../src/kube/json.ts'

/** Folder of the charts. */
export const CHARTS = fileURLToPath(new URL('../../charts', import.meta.url))

function findHelm(): string | undefined {
  const { HELM, PATH = '', GOPATH } = process.env
  if (HELM !== undefined && HELM !== '') return HELM
  const folders = [...PATH.split(delimiter), join(GOPATH || join(homedir(), 'go'), 'bin')]
  return folders.map((folder) => join(folder, 'helm')).find((path) => existsSync(path))
}

/** Path of helm; undefined when it is not here. */
export const helm = findHelm()
if (helm === undefined)
  console.warn('helm is neither in HELM, PATH nor GOPATH/bin: the charts are not rendered. `go install` can make it.')

/** What helm answered. */
export interface HelmAnswer {
  readonly isOk: boolean
  readonly output: string
  readonly error: string
}

/** Runs helm. */
export function runHelm(...args: readonly string[]): HelmAnswer {
  const { status, stdout, stderr } = spawnSync(helm ?? 'helm', args, { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 })
  return { isOk: status === 0, output: stdout, error: stderr }
}

/** Runs `helm template` with values. */
export function template(chart: string, values: JsonObject = {}): HelmAnswer {
  const folder = mkdtempSync(join(tmpdir(), 'agwcp-values-'))
  const file = join(folder, 'values.json')
  writeFileSync(file, JSON.stringify(values))
  const answer = runHelm('template', 'test-release', join(CHARTS, chart), '--namespace', 'agw', '--values', file)
  rmSync(folder, { recursive: true })
  return answer
}

/** The objects that a chart renders to. */
export function rendered(chart: string, values: JsonObject = {}): readonly JsonObject[] {
  const { isOk, output, error } = template(chart, values)
  if (!isOk) throw new Error(error)
  return loadAll(output).filter((object) => isJsonObject(object))
}
