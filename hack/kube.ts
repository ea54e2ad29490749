// Where the servers of a Kubernetes control plane come from: KUBEBUILDER_ASSETS if set, else one binary that Go builds from
// hack/kube and that stays in a cache until that module changes. `npm run test:cluster` asks for it.
import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const module = fileURLToPath(new URL('kube', import.meta.url))
const version = 'v1.36.3'

/** A program and the arguments that select what it is to be. */
export type Program = readonly [command: string, ...args: string[]]

/** How one of the servers is started; builds it first where that has to be. */
export function kubeProgram(name: 'etcd' | 'kube-apiserver' | 'kube-controller-manager' | 'kubectl'): Program {
  const assets = process.env.KUBEBUILDER_ASSETS
  if (assets !== undefined && assets !== '' && existsSync(join(assets, name))) return [join(assets, name)]
  return [kubeBinary(), name]
}

/** Path of the binary that is all of the servers. */
function kubeBinary(): string {
  const hash = createHash('sha256')
  for (const file of ['go.sum', 'main.go']) hash.update(readFileSync(join(module, file)))
  const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'agwcp')
  const binary = join(cache, `kube-${hash.digest('hex').slice(0, 16)}`)
  if (existsSync(binary)) return binary
  if (spawnSync('go', ['version']).error !== undefined)
    throw new Error('an API server is built with Go, which is not here; or set KUBEBUILDER_ASSETS to where one is')
  mkdirSync(cache, { recursive: true })
  process.stderr.write(`building ${binary}: once, some ten minutes on two cores\n`)
  const stamp = 'k8s.io/component-base/version'
  const [major = '', minor = ''] = version.slice(1).split('.')
  const flags = `-s -w -X ${stamp}.gitVersion=${version} -X ${stamp}.gitMajor=${major} -X ${stamp}.gitMinor=${minor}`
  const unfinished = `${binary}.${process.pid}`
  execFileSync('go', ['build', '-trimpath', '-buildvcs=false', '-ldflags', flags, '-o', unfinished, '.'], {
    cwd: module,
    env: { ...process.env, CGO_ENABLED: '0' },
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  renameSync(unfinished, binary)
  return binary
}

/** Folder of a Go module whose CRDs tests install, downloaded where it is not there yet. */
export function crdModule(path: 'sigs.k8s.io/gateway-api' | 'sigs.k8s.io/gateway-api-inference-extension'): string {
  const go = (...args: readonly string[]): string =>
    execFileSync('go', args, { cwd: join(module, 'crds'), encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })
  const folder = (): string => go('list', '-m', '-f', '{{.Dir}}', path).trim()
  const known = folder()
  if (known !== '') return known
  go('mod', 'download', path)
  return folder()
}
