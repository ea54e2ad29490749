// Features as a policy uses them, over a world of a few objects: what is sent, as protojson and through the strict
// encoder, and what is said about it.
import { type Outcome, ok } from '../src/core/problem.ts'
import { translateBackendPolicies } from '../src/features/backend-policies/registry.ts'
import { translateFrontendPolicies } from '../src/features/frontend/registry.ts'
import type { FeatureContext } from '../src/features/shared/context.ts'
import { flawed } from '../src/features/shared/flaws.ts'
import { translateTrafficPolicies } from '../src/features/traffic/registry.ts'
import type { ConfigMap, Secret } from '../src/kube/core-types.ts'
import { matchesSelector } from '../src/kube/labels.ts'
import { encodeMessage } from '../src/wire/encode.ts'
import { bytesToJson } from '../src/wire/protojson.ts'

/** The objects of the namespace `ns`, by name. Every entry of an object carries the label `app: <name of the object>`. */
export interface World {
  readonly secrets?: Readonly<Record<string, Readonly<Record<string, string>>>>
  readonly configMaps?: Readonly<Record<string, Readonly<Record<string, string>>>>
  readonly services?: readonly string[]
  /** Key sets by URL. */
  readonly keySets?: Readonly<Record<string, string>>
}

/** What became of a section: resources by suffix, and messages, each with its reason and field. */
export interface Result {
  readonly sent: Readonly<Record<string, unknown>>
  readonly said: readonly string[]
}

const PACKAGE = 'agentgateway.dev.resource'

/** Translates a section `spec.traffic`. */
export function traffic(section: object, world: World = {}): Result {
  const { policies, problems } = translateTrafficPolicies(section, { ctx: contextOf(world), path: 'spec.traffic' })
  return {
    sent: Object.fromEntries(
      policies.map((each) =>
        'traffic' in each
          ? [each.suffix, json('TrafficPolicySpec', each.traffic)]
          : [each.suffix, json('ConditionalPolicies', each.conditional)],
      ),
    ),
    said: problems.map(said),
  }
}

/** Translates a section `spec.frontend`. */
export function frontend(section: object, world: World = {}): Result {
  const { policies, problems } = translateFrontendPolicies(section, { ctx: contextOf(world), path: 'spec.frontend' })
  return {
    sent: Object.fromEntries(policies.map((each) => [each.suffix, json('FrontendPolicySpec', each.frontend)])),
    said: problems.map(said),
  }
}

/** Translates a section `spec.backend`. */
export function backend(section: object, world: World = {}): Result {
  const { policies, problems } = translateBackendPolicies(section, contextOf(world), 'spec.backend')
  return {
    sent: Object.fromEntries(
      policies.map(({ base, suffix, spec }) => [base + suffix, json('BackendPolicySpec', spec)]),
    ),
    said: problems.map(said),
  }
}

function json(type: string, message: object): unknown {
  return bytesToJson(`${PACKAGE}.${type}`, encodeMessage(`${PACKAGE}.${type}`, message))
}

function said({ reason, path, message }: { reason: string; path: string; message: string }): string {
  return `${reason === 'PartiallyValid' ? '' : `${reason}: `}${path}: ${message}`
}

function contextOf({ secrets = {}, configMaps = {}, services = [], keySets = {} }: World): FeatureContext {
  const metadata = (name: string) => ({ namespace: 'ns', name, labels: { app: name.replace(/-\d+$/, '') } })
  const seenSecrets = Object.entries(secrets).map(([name, data]): Secret => {
    const encoded = Object.entries(data).map(([key, text]) => [key, Buffer.from(text, 'latin1').toString('base64')])
    return { apiVersion: 'v1', kind: 'Secret', metadata: metadata(name), data: Object.fromEntries(encoded) }
  })
  const seenConfigMaps = Object.entries(configMaps).map(
    ([name, data]): ConfigMap => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: metadata(name), data }),
  )
  const labelled = (labels: Readonly<Record<string, string>>) => (object: Secret | ConfigMap) =>
    matchesSelector({ matchLabels: labels }, object.metadata.labels)
  return {
    owner: { group: 'agentgateway.dev', kind: 'AgentgatewayPolicy', namespace: 'ns', name: 'policy' },
    policyName: 'policy',
    secret: (name) => seenSecrets.find((each) => each.metadata.name === name),
    configMap: (name) => seenConfigMaps.find((each) => each.metadata.name === name),
    secretsWith: (labels) => seenSecrets.filter(labelled(labels)),
    configMapsWith: (labels) => seenConfigMaps.filter(labelled(labels)),
    backend: ({ name, port }, path) =>
      services.includes(name)
        ? ok({ service: { namespace: 'ns', hostname: name }, port })
        : flawed(path, `unable to find the Service ns/${name}`),
    jwks: ({ url = '' }, path): Outcome<string> =>
      keySets[url] === undefined ? flawed(path, `no keys from ${url}`) : ok(keySets[url]),
  }
}
