// The guides in a cluster: their kubectl and helm commands, by kubectl and helm, on an API server of their own that begins without
// any CRD. What a kubelet would do is done here: the control plane that helm deploys runs as a process, with the deployed
// settings and rights. No other pod runs, so a port-forward is only looked at: what it leads to must be there.
import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { crdModule, kubeProgram } from '../../hack/kube.ts'
import { isJsonObject, textIn } from '../../src/kube/json.ts'
import { readSettings, settingFlags } from '../../src/settings.ts'
import { helm } from '../charts/helm.ts'
import { follow } from '../guides/follow.ts'
import { readGuides } from '../guides/guide.ts'
import { newReader, type Reader } from '../guides/reader.ts'
import { keycloak, type StandIn } from '../guides/stand-ins.ts'
import { quietPorts } from '../ports.ts'
import { type Controller, startController } from './controller.ts'
import { startCluster, type TestCluster } from './harness.ts'

const NAMESPACE = 'agentgateway-system'
const NAME = 'agentgateway-agentgateway-control-plane'
const GATEWAY_API = /https:\/\/github\.com\/kubernetes-sigs\/gateway-api\/releases\/download\/(v[0-9.]+)\/\S+/

/** Changes what is stored: done once, whatever it prints. */
const CHANGE = /^(helm|kubectl (apply|create|delete))\b/
const PATIENCE_MS = 30_000

describe.runIf(helm !== undefined)('guides in a cluster', () => {
  let cluster: TestCluster
  let controller: Controller | undefined
  let reader: Reader | undefined
  let idp: StandIn | undefined

  beforeAll(async () => {
    cluster = await startCluster({ crds: [] })
  })
  afterEach(() => {
    idp?.close()
    reader?.leave()
  })
  afterAll(async () => {
    await controller?.kill()
    await cluster.stop()
  })

  // In their order: the index installs what all others stand on.
  test.each(readGuides())('$name', async (guide) => {
    const [port = 0] = await quietPorts(1)
    idp = await keycloak(port, 'mcp')
    const [kubectl, ...selected] = kubeProgram('kubectl')
    const current = newReader({
      replaced: { 8180: String(port) },
      environment: {
        ...{ KUBECONFIG: cluster.kubeconfig, OPENAI_API_KEY: 'sk', ANTHROPIC_API_KEY: 'sk' },
        ...{ GITHUB_TOKEN: 'ghp', GITHUB_PERSONAL_ACCESS_TOKEN: 'ghp' },
      },
      programs: { kubectl: `exec ${[kubectl, ...selected].join(' ')} "$@"`, helm: `exec ${helm} "$@"` },
    })
    reader = current
    let ran = 0
    await follow(guide, current, {
      cluster: async (command, expected) => {
        ran++
        if (command.startsWith('kubectl port-forward')) return leadsSomewhere(current, command)
        const patience = CHANGE.test(command) ? 0 : PATIENCE_MS
        await current.expect(command.replace(GATEWAY_API, downloaded), expected, patience)
        if (/^helm .* agentgateway charts\/agentgateway-control-plane\b/.test(command)) await restart(current)
      },
    })
    expect(ran).toBeGreaterThan(4)
  })

  async function restart(current: Reader): Promise<void> {
    await controller?.stop()
    const kubeconfig = withToken(await current.run(`kubectl create token ${NAME} -n ${NAMESPACE}`))
    const deployed = await current.run(`kubectl get deployment ${NAME} -n ${NAMESPACE} -o json`)
    controller = await startController({ kubeconfig, namespace: NAMESPACE, flags: flagsOf(JSON.parse(deployed)) })
  }

  /** A kubeconfig of whoever has this token. */
  function withToken(token: string): string {
    const file = join(mkdtempSync(join(tmpdir(), 'agwcp-account-')), 'kubeconfig')
    const users = [{ name: 'admin', user: { token: token.trim() } }]
    writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(cluster.kubeconfig, 'utf8')), users }))
    return file
  }
})

/** What a Deployment of the chart says about settings, as flags; where it listens and by which protocol is the test's. */
function flagsOf(deployment: unknown): readonly string[] {
  const [container] = Object(deployment).spec.template.spec.containers
  const variables: unknown[] = container.env
  return variables.filter(isJsonObject).flatMap(({ name, value }) => {
    const flag = settingFlags().find(({ variable }) => variable === name)?.flag
    const isOurs = flag === undefined || /^xds-|-port$/.test(flag)
    return isOurs || textIn(value) === undefined ? [] : [`--${flag}=${textIn(value)}`]
  })
}

/** Where a port-forward would lead: a Deployment, whose Service of the same name has the port; or the page of the control plane. */
async function leadsSomewhere(reader: Reader, command: string): Promise<void> {
  const [, rest = ''] = command.split('port-forward ')
  const [target = '', port = ''] = rest.replace(/-n \S+ /, '').split(' ')
  const namespace = /-n \S+/.exec(rest)?.[0] ?? ''
  const name = target.replace('deployment/', '')
  await reader.expect(`kubectl get ${target} ${namespace} -o name`, `deployment.apps/${name}`)
  if (name === NAME) return expect(port).toBe(String(readSettings({}, {}).settings.adminPort))
  const path = '{.spec.ports[*].targetPort}'
  await reader.expect(`kubectl get service ${name} ${namespace} -o 'jsonpath=${path}'`, port)
}

/** The published CRDs of Gateway API, as the module of that version has them. */
function downloaded(_: string, version: string): string {
  const folder = crdModule('sigs.k8s.io/gateway-api')
  expect(folder).toContain(`@${version}`)
  const crds = join(folder, 'config/crd/experimental')
  const copy = mkdtempSync(join(tmpdir(), 'agwcp-gateway-api-'))
  for (const file of readdirSync(crds))
    if (file !== 'kustomization.yaml') copyFileSync(join(crds, file), join(copy, file))
  execFileSync('chmod', ['-R', 'u+w', copy])
  return copy
}
