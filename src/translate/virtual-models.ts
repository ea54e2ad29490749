// Models that choose among others: by weight, by condition, or one after the other when they fail. The first two leave
// the choice to model routes by name; failing over needs the targets' providers in one backend.

import type { AgentgatewayModel, VirtualModel } from '../api/model.ts'
import { compareStrings } from '../core/order.ts'
import { type Outcome, ok, type Problem } from '../core/problem.ts'
import { celFlaws } from '../features/shared/cel.ts'
import { itemsOf } from '../features/shared/lists.ts'
import type { AIProvider, ModelRoute } from '../wire/messages.ts'
import {
  effectiveName,
  flawOfModel,
  type ModelContext,
  modelKey,
  translateModelAuthorization,
  translateModelProvider,
  translateModelTransformations,
} from './model-providers.ts'
import type { ModelContent } from './models.ts'

/** How virtual models see others. */
export interface VirtualScope {
  /** A model by `namespace/name`. */
  modelOf(key: string): AgentgatewayModel | undefined
  /** What the policies and provider of another model may ask for. */
  contextOf(model: AgentgatewayModel): ModelContext
}

type VirtualContent = Pick<ModelContent, 'arm' | 'backend'>
type FailoverTarget = NonNullable<VirtualModel['failover']>['targets'][number]

interface Target {
  readonly modelRef?: { readonly name?: string | undefined } | undefined
  readonly model?: string | undefined
}

/** Translates the choice; `model` is the virtual model. */
export function translateVirtualModel(
  model: AgentgatewayModel,
  virtual: VirtualModel,
  scope: VirtualScope,
): Outcome<VirtualContent> {
  const namespace = model.metadata.namespace ?? ''
  const { weighted, conditional, failover } = virtual
  if (weighted) {
    const at = 'spec.virtualModel.weighted.targets'
    const targets = eachTarget(itemsOf(weighted.targets), at, (target, path) => {
      const { value, problems } = targetName(target, namespace, path, scope)
      return { value: value && { model: value.name, weight: target.weight ?? 1 }, problems }
    })
    return chosen(targets, (list) => ({ weighted: { targets: list } }))
  }
  if (conditional) {
    const at = 'spec.virtualModel.conditional.targets'
    const targets = eachTarget(itemsOf(conditional.targets), at, (target, path) => {
      const { value, problems } = targetName(target, namespace, path, scope)
      const warnings = celFlaws(target.when, `${path}.when`, 'conditional target when').map(
        (problem): Problem => ({ ...problem, severity: 'warning' }),
      )
      return { value: value && { model: value.name, when: target.when }, problems: [...problems, ...warnings] }
    })
    return chosen(targets, (list) => ({ conditional: { targets: list } }))
  }
  if (failover) return translateFailover(itemsOf(failover.targets), namespace, scope)
  return flawOfModel('spec.virtualModel', 'virtualModel must define weighted, conditional, or failover')
}

function chosen<T>(
  targets: Outcome<readonly T[]>,
  routing: (targets: T[]) => NonNullable<ModelRoute['virtualModel']>,
): Outcome<VirtualContent> {
  const { value, problems } = targets
  return { value: value && { arm: () => ({ virtualModel: routing([...value]) }) }, problems }
}

/** All targets, or no value when one of them has none; the first that fails is told. */
function eachTarget<T, R>(
  targets: readonly T[],
  at: string,
  translate: (target: T, path: string) => Outcome<R>,
): Outcome<readonly R[]> {
  const values: R[] = []
  const problems: Problem[] = []
  for (const [i, target] of targets.entries()) {
    const { value, problems: found } = translate(target, `${at}[${i}]`)
    if (value === undefined) return { value: undefined, problems: found }
    problems.push(...found)
    values.push(value)
  }
  return { value: values, problems }
}

function targetName(
  target: Target,
  namespace: string,
  path: string,
  scope: VirtualScope,
): Outcome<{ readonly name: string; readonly model: AgentgatewayModel }> {
  const key = modelKey(namespace, target.modelRef?.name)
  const model = scope.modelOf(key)
  if (model === undefined) return flawOfModel(`${path}.modelRef`, `model target ${key} not found`)
  const name = target.model || effectiveName(model)
  if (!target.model && name.includes('*'))
    return flawOfModel(path, `model target ${key} requires model when the referenced model uses a wildcard match.model`)
  return ok({ name, model })
}

function translateFailover(
  targets: readonly FailoverTarget[],
  namespace: string,
  scope: VirtualScope,
): Outcome<VirtualContent> {
  const at = 'spec.virtualModel.failover.targets'
  const providers = eachTarget(targets, at, (target, path) => {
    const provider = targetProvider(target, namespace, path, scope)
    return {
      value: provider.value && { priority: target.priority ?? 0, provider: provider.value },
      problems: provider.problems,
    }
  })
  const { value, problems } = providers
  if (value === undefined) return { value: undefined, problems }
  const priorities = [...new Set(value.map(({ priority }) => priority))].sort((a, b) => a - b)
  const providerGroups = priorities.map((priority) => ({
    providers: value
      .filter((each) => each.priority === priority)
      .map(({ provider }) => provider)
      .sort((a, b) => compareStrings(a.name ?? '', b.name ?? '')),
  }))
  const content: VirtualContent = {
    arm: (backend) => ({ virtualModel: { failover: { backend: { backend } } } }),
    backend: { part: 'failover', ai: { providerGroups } },
  }
  return { value: content, problems }
}

function targetProvider(
  target: FailoverTarget,
  namespace: string,
  path: string,
  scope: VirtualScope,
): Outcome<AIProvider> {
  const found = targetName(target, namespace, path, scope)
  if (found.value === undefined) return found
  const { name, model } = found.value
  if (!model.spec?.provider) {
    const key = modelKey(namespace, model.metadata.name)
    return flawOfModel(`${path}.modelRef`, `failover target ${key} is not a concrete provider model`)
  }
  const context = scope.contextOf(model)
  const provider = translateModelProvider(model, name, context)
  const authorization = translateModelAuthorization(model)
  const ai = translateModelTransformations(model, context)
  // Where they stand in the target's own spec is reported with the target; here the reference to it is what is wrong.
  const problems = [provider, authorization, ai]
    .flatMap((outcome) => outcome.problems)
    .map((problem): Problem => ({ ...problem, path: `${path}.modelRef` }))
  if (provider.value === undefined || problems.some(({ severity }) => severity !== 'warning'))
    return { value: undefined, problems }
  const inlinePolicies = [
    ...(provider.value.inlinePolicies ?? []),
    ...(authorization.value ? [{ authorization: authorization.value }] : []),
    ...(ai.value ? [{ ai: ai.value }] : []),
  ]
  return { value: { ...provider.value, name: model.metadata.name, inlinePolicies }, problems }
}
