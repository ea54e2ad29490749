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

/** Runs helm, which keeps what it remembers of servers and charts in a folder of its own. */
export function runHelm(...args: readonly string[]): HelmAnswer {
  const folder = mkdtempSync(join(tmpdir(), 'agwcp-helm-'))
  const folders = ['HELM_CACHE_HOME', 'HELM_CONFIG_HOME', 'HELM_DATA_HOME', 'KUBECACHEDIR'].map((name) => [
    name,
    folder,
  ])
  const env = { ...process.env, ...Object.fromEntries(folders) }
  const options = { env, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 } as const
  const { status, stdout, stderr } = spawnSync(helm ?? 'helm', args, options)
  rmSync(folder, { recursive: true })
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

/** Installs a chart as a release of its name into a cluster. */
export function installChart(
  chart: string,
  to: { readonly kubeconfig: string; readonly namespace: string; readonly values?: JsonObject },
): void {
  const { kubeconfig, namespace, values = {} } = to
  const set = Object.entries(values).map(([path, value]) => `--set-json=${path}=${JSON.stringify(value)}`)
  const place = ['--namespace', namespace, '--create-namespace', '--kubeconfig', kubeconfig]
  const { isOk, error } = runHelm('install', chart, join(CHARTS, chart), ...place, ...set)
  if (!isOk) throw new Error(error)
}

/** The objects that a chart renders to. */
export function rendered(chart: string, values: JsonObject = {}): readonly JsonObject[] {
  const { isOk, output, error } = template(chart, values)
  if (!isOk) throw new Error(error)
  return loadAll(output).filter((object) => isJsonObject(object))
}
