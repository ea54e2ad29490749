// AgentgatewayPolicy: its content at each of its targets, for each gateway that a target means; and what a policy makes
// its targets use. What the content is: policy-content.ts; what the targets are: policy-targets.ts.
import type { AgentgatewayPolicy } from '../api/policy.ts'
import { type GatewayKey, nameKey } from '../core/keys.ts'
import type { Problem } from '../core/problem.ts'
import type { Reader } from '../engine/collection.ts'
import { misnamedTools } from '../features/backend-policies/mcp-names.ts'
import { keyOf, refOf } from '../kube/object.ts'
import { referencedNode } from './backends.ts'
import type { Permission } from './grants.ts'
import { lacksKeys } from './mcp-logins.ts'
import type { ScopedResource, Translation } from './model.ts'
import { type PolicyContent, policyReferences } from './policy-content.ts'
import { grantProblem } from './policy-grants.ts'
import { policyStatus } from './policy-status.ts'
import {
  type FoundTarget,
  findTargets,
  mcpTargetNames,
  type TargetReads,
  type TargetSettings,
} from './policy-targets.ts'
import { gatewaysOf, type Link, type ReachReads } from './reachability.ts'
import type { TranslateSettings } from './settings.ts'

/** What attaching policies reads. */
export interface PolicyReads extends TargetReads, ReachReads {
  /** `translate/policy-contents`, by policy. */
  readonly contents: Reader<PolicyContent>
}

/** Attaches a policy's content to its targets. */
export function translatePolicy(policy: AgentgatewayPolicy, read: PolicyReads, settings: TargetSettings): Translation {
  const object = refOf(policy)
  const content = read.contents.get(keyOf(policy))
  const { parts = [], problems = [], demands = [] } = content ?? {}
  const name = { kind: object.kind, namespace: object.namespace, name: object.name }
  const resources: ScopedResource[] = []
  const reached = new Set<GatewayKey>()
  const tools = new Set<string>()
  const failures: string[] = []
  const targeting: Problem[] = []
  for (const field of findTargets(policy, read, settings)) {
    const fail = (message: string) => {
      failures.push(message)
      targeting.push({ reason: 'Pending', path: field.path, message: `Policy is not attached: ${message}` })
    }
    if (field.error !== undefined) fail(field.error)
    for (const target of field.targets) {
      for (const name of mcpTargetsOf(target, read)) tools.add(name)
      const gateways = gatewaysFor(target, read)
      if (target.error !== undefined) fail(target.error)
      else if (gateways.length === 0) fail(`${target.shown} is not attached to any Gateway`)
      else for (const gateway of gateways) reached.add(gateway)
      for (const gateway of gateways) {
        for (const { head, body } of parts) {
          const wire = { key: head + target.suffix, name, target: target.target, ...body }
          resources.push({ gateway, resource: { kind: 'policy', policy: wire }, owners: [object], ...sending(body) })
        }
      }
    }
  }
  const misnamed = misnamedTools(policy.spec?.backend, 'spec.backend', [...tools])
  const status = policyStatus(policy, { problems, parts: parts.length, gateways: reached, failures })
  return { object, resources, status, demands, problems: [...problems, ...misnamed, ...targeting] }
}

// A proxy that starts with a refusal is not ready until the next change, and serves nobody. The backend carries the login
// meanwhile: mcp-logins.ts.
function sending({ backend }: PolicyContent['parts'][number]['body']): Pick<ScopedResource, 'isWithheld'> {
  const login = backend?.mcpAuthentication
  return login && lacksKeys(login) ? { isWithheld: true } : {}
}

// Further up than at the backend itself it is not known which backend is meant.
function mcpTargetsOf({ target }: FoundTarget, read: PolicyReads): readonly string[] {
  const { namespace, name = '' } = target.backend ?? {}
  return target.backend ? mcpTargetNames(read.agentgatewaybackends.get(nameKey(namespace, name))) : []
}

// A policy with a bad part of a Gateway or route is sent all the same, where it applies to nothing; one for a backend
// or a part of it that is not there is sent to nobody.
function gatewaysFor(target: FoundTarget, read: PolicyReads): readonly GatewayKey[] {
  switch (target.reach) {
    case 'gateway':
      return [target.node.slice(target.node.indexOf('/') + 1)]
    case 'attached':
      return read.reached.get(target.node)?.gateways ?? []
    case 'needed':
      return target.error === undefined ? gatewaysOf(read, target.node) : []
  }
}

/** What finding links reads; `permissions` has the index `permits`. */
export interface PolicyLinkReads extends TargetReads {
  readonly permissions: Reader<Permission>
}

/** Each target that exists uses each backend that the policy refers to and may refer to. */
export function policyLinks(
  policy: AgentgatewayPolicy,
  read: PolicyLinkReads,
  settings: TargetSettings & Pick<TranslateSettings, 'backendRefGrantMode'>,
): readonly Link[] {
  const references = policyReferences(policy)
  if (references.length === 0) return []
  const from = refOf(policy)
  const used = new Set(
    references
      .filter(({ ref, path }) => grantProblem(ref, path, { from, read, settings }) === undefined)
      .map((located) => referencedNode(located, from.namespace)),
  )
  const users = new Set(
    findTargets(policy, read, settings)
      .flatMap(({ targets }) => targets)
      .filter(({ error }) => error === undefined)
      .map(({ node }) => node),
  )
  return [...users].flatMap((user) =>
    [...used].map((node): Link => ({ key: `${keyOf(policy)}:${user}>${node}`, from: user, to: node })),
  )
}
