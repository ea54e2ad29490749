// Replays the public fixtures of the deployer: each `X.yaml` with an `X-out.yaml` beside it, through the pipeline and the
// printing of `translate --deployments`, byte for byte.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { loadAll } from 'js-yaml'
import { describe, expect, test } from 'vitest'
import { parametersKind } from '../../src/api/parameters.ts'
import { printedDeployments } from '../../src/cli/deployments.ts'
import { createRun } from '../../src/cli/run.ts'
import { offlineValidator } from '../../src/cli/verdicts.ts'
import { isJsonObject } from '../../src/kube/json.ts'
import type { KubeObject } from '../../src/kube/object.ts'
import { sortedYaml } from '../../src/translate/deployment-config.ts'
import { DEFAULT_TRANSLATE_SETTINGS, type DeploySettings } from '../../src/translate/settings.ts'

const SETTINGS: DeploySettings = {
  ...DEFAULT_TRANSLATE_SETTINGS,
  ...{ version: '1.0.0-ci1', xdsMode: 'plaintext', xdsServiceName: 'agentgateway', xdsPort: 9978 },
  ...{ xdsServiceHost: 'xds.cluster.local', noListenersDummyPort: 0 },
  ...{ proxyImageRegistry: 'cr.agentgateway.dev', proxyImageRepository: 'agentgateway', proxyImageTag: '99.99.99' },
  ...{ istioAutoEnabled: false, istioClusterId: '', istioNetwork: '', istioCaAddress: '' },
  ...{ istioNamespace: '', istioRevision: '' },
}

/** Cases whose harness is not the usual one. */
const VARIATIONS: Readonly<Record<string, Partial<DeploySettings>>> = {
  'agentgateway-tls': { xdsMode: 'tls' },
  'agentgateway-aws-nlb-dummy-port': { noListenersDummyPort: 65443 },
  'agentgateway-istio-optout': {
    istioAutoEnabled: true,
    istioClusterId: 'cluster-1',
    istioNamespace: 'istio-system',
    istioRevision: '1-30',
  },
}

const SESSION_KEY = '00112233445566778899aabbccddeeff'.repeat(2)

const root = process.env.GOLDEN_DIR
if (root === undefined) console.warn('GOLDEN_DIR is unset: no fixture of the deployer is replayed')

describe.runIf(root !== undefined)('deployer', () => {
  const folder = join(root ?? '', 'deployer')
  const names = existsSync(folder)
    ? readdirSync(folder)
        .filter((file) => file.endsWith('-out.yaml'))
        .map((file) => file.slice(0, -'-out.yaml'.length))
    : []

  test('has cases', () => expect(names.length).toBeGreaterThan(0))

  for (const name of names) {
    test(name, async () => {
      const expected = readFileSync(join(folder, `${name}-out.yaml`), 'utf8')
      const settings = { ...SETTINGS, ...VARIATIONS[name] }
      const run = createRun(settings, { deploy: settings })
      const objects = inputsOf(join(folder, `${name}.yaml`))
      for (const object of objects.filter(({ kind }) => kind === parametersKind.kind))
        expect(validator.validate(object)).toMatchObject({ problems: [] })
      expect(run.set([...objects, ...xdsCertificate(expected, settings)])).toEqual([])
      await run.pipeline.graph.commit()
      const { deployments, problems } = await printedDeployments(run.pipeline, () => SESSION_KEY)
      expect(problems).toEqual([])
      expect(deployments).toHaveLength(1)
      expect((deployments[0]?.objects ?? []).map(sortedYaml).join('---\n')).toBe(expected)
    })
  }
})

const validator = offlineValidator([])

function inputsOf(file: string): readonly KubeObject[] {
  // Fixtures hold Kubernetes objects.
  const objects = loadAll(readFileSync(file, 'utf8')).filter((object) =>
    isJsonObject(object),
  ) as unknown as KubeObject[]
  return objects.map((object) =>
    object.kind === 'GatewayClass'
      ? object
      : { ...object, metadata: { ...object.metadata, namespace: object.metadata.namespace ?? 'default' } },
  )
}

/** The CA that a case trusts, without the line break at its end, as its own output tells. */
function xdsCertificate(expected: string, settings: DeploySettings): readonly KubeObject[] {
  if (settings.xdsMode === 'plaintext') return []
  const ca = loadAll(expected)
    .map((object) => (isJsonObject(object) && isJsonObject(object.data) ? object.data['ca.crt'] : undefined))
    .find((text) => typeof text === 'string')
  const secret = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'kgateway-xds-cert', namespace: settings.systemNamespace },
    data: { 'ca.crt': Buffer.from(String(ca).replace(/\n$/, '')).toString('base64') },
  }
  return [secret]
}
