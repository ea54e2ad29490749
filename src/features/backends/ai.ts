// Models behind one or more providers. Groups are tried in order; within a group the proxy balances. A provider's own
// broken policy costs that policy only, since failing over to the next provider is what groups are for.
import { type Outcome, ok, type Problem } from '../../core/problem.ts'
import { Doc, exactlyOneOf, items, List, Obj, Opt, rule } from '../../schema/combinators.ts'
import type { AIProvider, AIProviderGroup } from '../../wire/messages.ts'
import { backendPolicyReferences, translateBackendPolicies } from '../backend-policies/registry.ts'
import {
  type ProviderSpec,
  providerFields,
  providerReferences,
  providerRules,
  translateProvider,
} from '../providers/registry.ts'
import { itemsOf } from '../shared/lists.ts'
import { sectionName } from '../shared/refs.ts'
import { type BackendContext, backendType } from './backend.ts'
import { providerPolicies } from './policy-sets.ts'

/** Section name of the one provider of a backend without groups. */
export const SINGLE_PROVIDER = 'backend'

const namedProvider = Obj(
  {
    ...providerFields,
    name: Doc('Name of the provider, by which a policy can target it.', sectionName),
    policies: Opt(Doc('Policies for this provider; they win over those of the backend.', providerPolicies)),
  },
  ...providerRules,
)

/** `ai`: models behind one or more providers. */
export const ai = backendType({
  field: 'ai',
  schema: Obj(
    {
      provider: Opt(Doc('The only provider.', Obj(providerFields, ...providerRules))),
      groups: Opt(
        Doc(
          'Groups of providers, best first: a group is used when those before it fail.',
          List(
            Obj({
              providers: Doc(
                'Providers among which requests are balanced.',
                List(
                  namedProvider,
                  items(1, 16),
                  rule(
                    'self.all(p1, self.exists_one(p2, p1.name == p2.name))',
                    'provider names must be unique within a group',
                  ),
                ),
              ),
            }),
            items(1, 8),
          ),
        ),
      ),
    },
    exactlyOneOf('provider', 'groups'),
  ),
  references: ({ provider, groups }, path) => [
    ...(provider ? providerReferences(provider, `${path}.provider`) : []),
    ...itemsOf(groups).flatMap((group, g) =>
      itemsOf(group.providers).flatMap((each, p) => {
        const at = `${path}.groups[${g}].providers[${p}]`
        return [...providerReferences(each, at), ...backendPolicyReferences(each.policies ?? {}, `${at}.policies`)]
      }),
    ),
  ],
  translate: ({ provider, groups }, ctx, path) => {
    if (provider) {
      const single = translated(provider, ctx, `${path}.provider`)
      if (single.value === undefined) return { value: undefined, problems: single.problems }
      return ok({ arm: { ai: { providerGroups: [{ providers: [{ ...single.value, name: SINGLE_PROVIDER }] }] } } })
    }
    const providerGroups: AIProviderGroup[] = []
    const problems: Problem[] = []
    for (const [g, group] of itemsOf(groups).entries()) {
      const members: AIProvider[] = []
      for (const [p, each] of itemsOf(group.providers).entries()) {
        const at = `${path}.groups[${g}].providers[${p}]`
        const one = translated(each, ctx, at)
        if (one.value === undefined) return { value: undefined, problems: one.problems }
        const inline = translateBackendPolicies(each.policies ?? {}, ctx, `${at}.policies`)
        problems.push(...inline.problems.map((problem): Problem => ({ ...problem, severity: 'warning' })))
        members.push({ ...one.value, name: each.name, inlinePolicies: inline.policies.map(({ spec }) => spec) })
      }
      if (members.length > 0) providerGroups.push({ providers: members })
    }
    return { value: { arm: { ai: { providerGroups } } }, problems }
  },
})

function translated(spec: ProviderSpec, ctx: BackendContext, path: string): Outcome<AIProvider> {
  const { value, problems } = translateProvider(spec, ctx, path)
  if (value !== undefined) return { value, problems }
  const prefix = 'failed to translate LLM provider: '
  return { value, problems: problems.map((problem) => ({ ...problem, message: prefix + problem.message })) }
}
