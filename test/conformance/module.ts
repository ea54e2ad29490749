// Finds the public conformance suite of the Gateway API (a Go module) and reads what it says about itself: its tests,
// their features, the manifests that they apply. What the tests assert is written down in the tables beside this file.
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** The release that the tables were written for. */
export const SUITE = 'sigs.k8s.io/gateway-api/conformance@v1.6.1'

/** A test as the suite declares it. */
export interface DeclaredTest {
  readonly name: string
  readonly features: readonly string[]
  /** Paths inside the module. */
  readonly manifests: readonly string[]
  readonly isProvisional: boolean
}

/** Folder of the module: CONFORMANCE_DIR, else what Go has already downloaded; undefined when there is neither. */
export function suiteFolder(): string | undefined {
  const { CONFORMANCE_DIR } = process.env
  if (CONFORMANCE_DIR !== undefined) return CONFORMANCE_DIR
  try {
    // Only from Go's own cache: tests do not use the network.
    const env = { ...process.env, GOPROXY: 'off', GONOSUMDB: '*', GOFLAGS: '-mod=mod' }
    const answer = execFileSync('go', ['mod', 'download', '-json', SUITE], { cwd: tmpdir(), env, stdio: 'pipe' })
    const { Dir } = JSON.parse(answer.toString())
    return typeof Dir === 'string' && existsSync(Dir) ? Dir : undefined
  } catch {
    return undefined
  }
}

/** Folder of the CRDs, experimental ones included: those of the Gateway API module of the same release. */
export function crdFolder(suite: string): string {
  return join(suite, '../..', `gateway-api@${SUITE.slice(SUITE.indexOf('@') + 1)}`, 'config/crd/experimental')
}

/** Every test that the suite declares, by name. */
export function declaredTests(suite: string): readonly DeclaredTest[] {
  return ['tests', 'tests/mesh']
    .flatMap((folder) =>
      readdirSync(join(suite, folder))
        .filter((file) => file.endsWith('.go'))
        .flatMap((file) => testsIn(readFileSync(join(suite, folder, file), 'utf8'))),
    )
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
}

function testsIn(source: string): readonly DeclaredTest[] {
  return source
    .split(/\.ConformanceTest\{/)
    .slice(1)
    .flatMap((text) => {
      const [, name] = /ShortName:\s*"([^"]+)"/.exec(text) ?? []
      if (name === undefined) return []
      const features = [...listOf(text, 'Features').matchAll(/features\.Support(\w+)/g)].map(
        ([, feature]) => feature ?? '',
      )
      const manifests = [...listOf(text, 'Manifests').matchAll(/"([^"]+)"/g)].map(([, path]) => path ?? '')
      return [{ name, features, manifests, isProvisional: /Provisional:\s*true/.test(text) }]
    })
}

function listOf(text: string, field: string): string {
  return new RegExp(`${field}:\\s*\\[\\][\\w.]+\\{([^}]*)\\}`).exec(text)?.[1] ?? ''
}
