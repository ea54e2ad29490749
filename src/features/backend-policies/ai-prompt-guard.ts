// Guards that look at prompts and answers of language models. A webhook that cannot be called takes all guards of its
// direction with it, and a guard whose own upstream policies cannot be resolved goes without them.
import type { Static } from 'typebox'
import type { Outcome, Problem } from '../../core/problem.ts'
import {
  atLeastOneOf,
  Doc,
  Enum,
  exactlyOneOf,
  fallback,
  Int32,
  items,
  List,
  length,
  Obj,
  Opt,
  onlyWith,
  range,
  rule,
  Str,
  setList,
} from '../../schema/combinators.ts'
import type { BackendPolicySpec } from '../../wire/messages.ts'
import { celFlaws } from '../shared/cel.ts'
import type { FeatureContext, LocatedRef } from '../shared/context.ts'
import { flawed, outcome, prefixed, take } from '../shared/flaws.ts'
import { entriesOf, itemsOf } from '../shared/lists.ts'
import { backendRef, celMap, failureMode, headerName, longString, shortString } from '../shared/refs.ts'
import { authFields } from './auth.ts'
import { connectionFields, connectionReferences, translateConnection } from './connection.ts'

type Ai = NonNullable<BackendPolicySpec['ai']>
type WirePromptGuard = NonNullable<Ai['promptGuard']>
type WireRequestGuard = NonNullable<WirePromptGuard['request']>[number]
type WireResponseGuard = NonNullable<WirePromptGuard['response']>[number]

const upstream = ['auth', 'http', 'tcp', 'tls', 'tunnel'] as const
const { aws, gcp, key, location, secretRef } = authFields

const regex = Obj({
  action: Opt(Doc('What happens to a match.', Enum(['Mask', 'Reject'], fallback('Mask')))),
  builtins: Opt(
    Doc('Patterns that the proxy knows.', List(Enum(['CaSin', 'CreditCard', 'Email', 'PhoneNumber', 'Ssn']))),
  ),
  matches: Opt(Doc('Regular expressions.', List(longString))),
})
const webhook = Obj({
  backendRef: Doc('The service to ask.', backendRef),
  failureMode: Opt(Doc('What happens while the service cannot be asked; closed by default.', failureMode)),
  forwardHeaderMatches: Opt(
    Doc(
      "Which of the client's headers are forwarded.",
      List(
        Obj({
          name: Doc('Name of the header.', headerName),
          type: Opt(Doc('How the value is compared.', Enum(['Exact', 'RegularExpression'], fallback('Exact')))),
          value: Doc('Value or pattern.', Str(length(1, 4096))),
        }),
      ),
    ),
  ),
  headers: Opt(Doc('Headers to send, as CEL.', celMap)),
})
const openAIModeration = Obj({
  model: Opt(Doc('Model that moderates.', Str())),
  policies: Opt(
    Doc(
      'How the service is reached.',
      Obj(
        {
          ...connectionFields,
          auth: Opt(
            Doc('How the proxy authenticates.', Obj({ key, location, secretRef }, exactlyOneOf('key', 'secretRef'))),
          ),
        },
        atLeastOneOf(...upstream),
      ),
    ),
  ),
})
const bedrockGuardrails = Obj({
  identifier: Doc('Id of the guardrail.', shortString),
  policies: Opt(
    Doc(
      'How the service is reached.',
      Obj(
        {
          ...connectionFields,
          auth: Opt(
            Doc(
              'How the proxy authenticates.',
              Obj(
                { aws, key, location, secretRef },
                onlyWith('location', ['key', 'secretRef'], 'location may only be set for key or secretRef auth'),
                exactlyOneOf('key', 'secretRef', 'aws'),
              ),
            ),
          ),
        },
        atLeastOneOf(...upstream),
      ),
    ),
  ),
  region: Doc('AWS region.', shortString),
  version: Doc('Version of the guardrail.', shortString),
})
const googleModelArmor = Obj({
  location: Opt(Doc('Location of the template.', Str(length(1, 256), fallback('us-central1')))),
  policies: Opt(
    Doc(
      'How the service is reached.',
      Obj(
        {
          ...connectionFields,
          auth: Opt(Doc('How the proxy authenticates.', Obj({ gcp }, exactlyOneOf('gcp')))),
        },
        atLeastOneOf(...upstream),
      ),
    ),
  ),
  projectId: Doc('Google project.', shortString),
  templateId: Doc('Id of the template.', shortString),
})
const rejection = Obj(
  {
    message: Opt(Doc('Body of the answer.', Str(fallback('The request was rejected due to inappropriate content')))),
    statusCode: Opt(Doc('Status of the answer.', Int32(range(200, 599), fallback(403)))),
  },
  atLeastOneOf('message', 'statusCode'),
)
const guardFields = {
  bedrockGuardrails: Opt(Doc('Ask Amazon Bedrock Guardrails.', bedrockGuardrails)),
  googleModelArmor: Opt(Doc('Ask Google Model Armor.', googleModelArmor)),
  regex: Opt(Doc('Look for patterns.', regex)),
  response: Opt(Doc('What a client gets whose request is refused.', rejection)),
  webhook: Opt(Doc('Ask a service of your own.', webhook)),
}
const requestGuard = Obj(
  {
    ...guardFields,
    openAIModeration: Opt(Doc('Ask the moderation endpoint of OpenAI.', openAIModeration)),
    scope: Opt(
      Doc(
        'Which parts of a request are looked at; system prompt and messages by default.',
        List(Enum(['Messages', 'SystemPrompt', 'ToolInput', 'ToolOutput']), items(1, 4), setList),
      ),
    ),
  },
  rule(
    "!has(self.scope) || has(self.regex) || has(self.bedrockGuardrails) || (self.scope.size() == 2 && 'SystemPrompt' in self.scope && 'Messages' in self.scope)",
    'scope: only regex and bedrockGuardrails guards support a non-default scope; other guard kinds always inspect the default (SystemPrompt + Messages)',
  ),
  exactlyOneOf('regex', 'webhook', 'openAIModeration', 'bedrockGuardrails', 'googleModelArmor'),
)
const responseGuard = Obj(guardFields, exactlyOneOf('regex', 'webhook', 'bedrockGuardrails', 'googleModelArmor'))

/** `promptGuard`: guards of both directions. */
export const promptGuard = Obj(
  {
    request: Opt(Doc('Guards that look at requests, in order.', List(requestGuard, items(1, 8)))),
    response: Opt(Doc('Guards that look at answers, in order.', List(responseGuard, items(1, 8)))),
    streaming: Opt(Doc('Whether streamed answers are looked at, too.', Enum(['Enabled']))),
  },
  atLeastOneOf('request', 'response'),
)

type PromptGuard = Static<typeof promptGuard>
type RequestGuard = Static<typeof requestGuard>
type Guard = Static<typeof responseGuard> & Pick<Partial<RequestGuard>, 'openAIModeration' | 'scope'>

/** Backends that guards refer to: webhooks, and the tunnels of their upstreams. */
export function promptGuardReferences(spec: PromptGuard | undefined, path: string): readonly LocatedRef[] {
  const directions = [
    ['request', itemsOf<Guard>(spec?.request)],
    ['response', itemsOf<Guard>(spec?.response)],
  ] as const
  return directions.flatMap(([direction, guards]) =>
    guards.flatMap((guard, i) => {
      const at = `${path}.${direction}[${i}]`
      const own = guard.webhook && { ref: guard.webhook.backendRef, path: `${at}.webhook.backendRef` }
      return [
        ...(own?.ref === undefined ? [] : [own]),
        ...connectionReferences(guard.openAIModeration?.policies, `${at}.openAIModeration.policies`),
        ...connectionReferences(guard.bedrockGuardrails?.policies, `${at}.bedrockGuardrails.policies`),
        ...connectionReferences(guard.googleModelArmor?.policies, `${at}.googleModelArmor.policies`),
      ]
    }),
  )
}

/** The guards on the wire. */
export function translatePromptGuard(spec: PromptGuard, ctx: FeatureContext, path: string): Outcome<WirePromptGuard> {
  const problems: Problem[] = []
  const value: WirePromptGuard = {
    request: [...(take(translateGuards(itemsOf(spec.request), ctx, `${path}.request`), problems) ?? [])],
    response: [...(take(translateGuards(itemsOf(spec.response), ctx, `${path}.response`), problems) ?? [])],
  }
  if (spec.streaming === 'Enabled') value.streaming = 'ENABLED'
  return outcome(value, problems)
}

function translateGuards(
  guards: readonly Guard[],
  ctx: FeatureContext,
  path: string,
): Outcome<readonly (WireRequestGuard & WireResponseGuard)[]> {
  const warnings: Problem[] = []
  const value: (WireRequestGuard & WireResponseGuard)[] = []
  for (const [i, guard] of guards.entries()) {
    const one = translateGuard(guard, ctx, `${path}[${i}]`)
    // A webhook that cannot be called ends the direction; those behind it are not looked at.
    if (one.problems.some(({ severity }) => severity !== 'warning')) return { value: undefined, problems: one.problems }
    warnings.push(...one.problems)
    if (one.value !== undefined) value.push(one.value)
  }
  return outcome(value, warnings)
}

const SCOPES = {
  SystemPrompt: 'CONTENT_SCOPE_SYSTEM_PROMPT',
  Messages: 'CONTENT_SCOPE_MESSAGES',
  ToolOutput: 'CONTENT_SCOPE_TOOL_OUTPUT',
  ToolInput: 'CONTENT_SCOPE_TOOL_INPUT',
} as const

function translateGuard(
  guard: Guard,
  ctx: FeatureContext,
  path: string,
): Outcome<WireRequestGuard & WireResponseGuard> {
  const problems: Problem[] = []
  const policiesOf = (field: string, policies: object | undefined): BackendPolicySpec[] => {
    const { policies: specs, problems: theirs } = translateConnection(policies, ctx, `${path}.${field}.policies`)
    problems.push(...theirs.map((each): Problem => ({ ...each, severity: 'warning' })))
    return theirs.length > 0 ? [] : specs.map(({ spec }) => spec)
  }
  const value: WireRequestGuard & WireResponseGuard = {}
  if (guard.response !== undefined) {
    value.rejection = { body: Buffer.from(guard.response.message ?? ''), status: guard.response.statusCode ?? 0 }
  }
  if (guard.scope !== undefined) value.scope = itemsOf(guard.scope).flatMap((each) => SCOPES[each] ?? [])
  if (guard.webhook) {
    value.webhook = take(translateWebhook(guard.webhook, ctx, `${path}.webhook`), problems)
  } else if (guard.regex) {
    value.regex = translateRegex(guard.regex)
  } else if (guard.openAIModeration) {
    const { model, policies } = guard.openAIModeration
    value.openaiModeration = { model, inlinePolicies: policiesOf('openAIModeration', policies) }
  } else if (guard.bedrockGuardrails) {
    const { identifier, version, region, policies } = guard.bedrockGuardrails
    value.bedrockGuardrails = {
      identifier,
      version,
      region,
      inlinePolicies: policiesOf('bedrockGuardrails', policies),
    }
  } else if (guard.googleModelArmor) {
    const { templateId, projectId, location: where, policies } = guard.googleModelArmor
    value.googleModelArmor = {
      templateId,
      projectId,
      location: where || 'us-central1',
      inlinePolicies: policiesOf('googleModelArmor', policies),
    }
  }
  return outcome(value, problems)
}

const BUILTINS = {
  Ssn: 'SSN',
  CreditCard: 'CREDIT_CARD',
  PhoneNumber: 'PHONE_NUMBER',
  Email: 'EMAIL',
  CaSin: 'CA_SIN',
} as const
const ACTIONS = { Mask: 'MASK', Reject: 'REJECT' } as const

function translateRegex(spec: Static<typeof regex>): NonNullable<WireRequestGuard['regex']> {
  return {
    action: spec.action && ACTIONS[spec.action],
    rules: [
      ...itemsOf(spec.matches).map((pattern) => ({ regex: pattern })),
      ...itemsOf(spec.builtins).flatMap((each) => (BUILTINS[each] ? [{ builtin: BUILTINS[each] }] : [])),
    ],
  }
}

function translateWebhook(
  spec: Static<typeof webhook>,
  ctx: FeatureContext,
  path: string,
): Outcome<NonNullable<WireRequestGuard['webhook']>> {
  const at = `${path}.backendRef`
  const resolved =
    spec.backendRef === undefined ? flawed(at, 'backendRef is required') : ctx.backend(spec.backendRef, at)
  const backend = prefixed('failed to build webhook: ', resolved)
  const headers = entriesOf(spec.headers)
  return outcome(
    {
      backend: backend.value,
      failureMode: spec.failureMode === 'FailOpen' ? 'FAIL_OPEN' : 'FAIL_CLOSED',
      headers: Object.fromEntries(headers),
      forwardHeaderMatches: itemsOf(spec.forwardHeaderMatches).map(({ name, type, value }) =>
        type === 'RegularExpression' ? { name, regex: value } : { name, exact: value },
      ),
    },
    [
      ...backend.problems,
      ...headers.flatMap(([name, each]) => celFlaws(each, `${path}.headers[${name}]`, `webhook header "${name}"`)),
    ],
  )
}
