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
import { flaw, flawed, outcome, prefixed, take } from '../shared/flaws.ts'
import { headerEntriesOf, headerNameFlaw, isHeaderName, isHeaderValue } from '../shared/header-names.ts'
import { itemsOf } from '../shared/lists.ts'
import { backendRef, celMap, failureMode, headerName, longString, shortString } from '../shared/refs.ts'
import { regexProblem } from '../shared/rust-regex.ts'
import { authFields } from './auth.ts'
import { connectionFields, connectionReferences, translateConnection } from './connection.ts'

type Ai = NonNullable<BackendPolicySpec['ai']>
type WirePromptGuard = NonNullable<Ai['promptGuard']>
type WireRequestGuard = NonNullable<WirePromptGuard['request']>[number]
type WireResponseGuard = NonNullable<WirePromptGuard['response']>[number]

const upstream = ['auth', 'http', 'tcp', 'tls', 'tunnel'] as const
const { aws, gcp, key, location, secretRef } = authFields

const regex = Obj({
  action: Opt(
    Doc(
      'Mask: what matches is covered. Reject: the whole message is refused.',
      Enum(['Mask', 'Reject'], fallback('Mask')),
    ),
  ),
  builtins: Opt(
    Doc(
      'Patterns that the proxy knows; CaSin and Ssn are social insurance numbers of Canada and the US.',
      List(Enum(['CaSin', 'CreditCard', 'Email', 'PhoneNumber', 'Ssn'])),
    ),
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
  model: Opt(Doc('Model that moderates; `omni-moderation-latest` by default.', Str())),
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
  const problems: Problem[] = []
  const value: (WireRequestGuard & WireResponseGuard)[] = []
  for (const [i, guard] of guards.entries()) {
    const one = translateGuard(guard, ctx, `${path}[${i}]`)
    // A webhook that cannot be called ends the direction; those behind it are not looked at.
    if (one.value === undefined) return { value: undefined, problems: one.problems }
    problems.push(...one.problems)
    value.push(one.value)
  }
  return outcome(value, problems)
}

const isError = ({ severity }: Problem): boolean => severity !== 'warning'

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
    return theirs.some(isError) ? [] : specs.map(({ spec }) => spec)
  }
  const value: WireRequestGuard & WireResponseGuard = {}
  if (guard.response !== undefined) {
    value.rejection = { body: Buffer.from(guard.response.message ?? ''), status: guard.response.statusCode ?? 0 }
  }
  if (guard.scope !== undefined) value.scope = itemsOf(guard.scope).flatMap((each) => SCOPES[each] ?? [])
  if (guard.webhook) {
    value.webhook = take(translateWebhook(guard.webhook, ctx, `${path}.webhook`), problems)
    if (value.webhook === undefined) return { value: undefined, problems }
  } else if (guard.regex) {
    value.regex = take(translateRegex(guard.regex, `${path}.regex`), problems)
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

// Proxies drop a pattern that they cannot read, and what it was to catch passes. So everything is caught.
const ANYTHING = '(?s).+'

function translateRegex(spec: Static<typeof regex>, path: string): Outcome<NonNullable<WireRequestGuard['regex']>> {
  const problems: Problem[] = []
  const patterns = itemsOf(spec.matches).map((pattern, i) => {
    const problem = regexProblem(pattern)
    if (problem === undefined) return { regex: pattern }
    const text = `invalid regular expression "${pattern}": ${problem}; everything is caught until this is mended`
    problems.push(flaw(`${path}.matches[${i}]`, text))
    return { regex: ANYTHING }
  })
  const builtins = itemsOf(spec.builtins).flatMap((each) => (BUILTINS[each] ? [{ builtin: BUILTINS[each] }] : []))
  return outcome({ action: spec.action && ACTIONS[spec.action], rules: [...patterns, ...builtins] }, problems)
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
  if (backend.value === undefined) return { value: undefined, problems: backend.problems }
  const { value: headers = [], problems: badNames } = headerEntriesOf(spec.headers, `${path}.headers`)
  const forwarded = translateForwarded(spec.forwardHeaderMatches, `${path}.forwardHeaderMatches`)
  return outcome(
    {
      backend: backend.value,
      failureMode: spec.failureMode === 'FailOpen' ? 'FAIL_OPEN' : 'FAIL_CLOSED',
      headers: Object.fromEntries(headers),
      forwardHeaderMatches: [...(forwarded.value ?? [])],
    },
    [
      ...backend.problems,
      ...badNames,
      ...headers.flatMap(([name, each]) => celFlaws(each, `${path}.headers[${name}]`, `webhook header "${name}"`)),
      ...forwarded.problems,
    ],
  )
}

type HeaderMatch = NonNullable<NonNullable<WireRequestGuard['webhook']>['forwardHeaderMatches']>[number]

// With one that proxies cannot read they refuse all guards, so it is left out and its header not forwarded.
function translateForwarded(
  matches: Static<typeof webhook>['forwardHeaderMatches'],
  path: string,
): Outcome<readonly HeaderMatch[]> {
  const problems: Problem[] = []
  const value = itemsOf(matches).flatMap(({ name, type, value }, i): HeaderMatch[] => {
    const at = `${path}[${i}]`
    const problem = !isHeaderName(name)
      ? headerNameFlaw(name, `${at}.name`)
      : type === 'RegularExpression'
        ? patternFlaw(value, `${at}.value`)
        : isHeaderValue(value)
          ? undefined
          : flaw(`${at}.value`, 'no header has a value with control characters; this is left out')
    if (problem === undefined) return [type === 'RegularExpression' ? { name, regex: value } : { name, exact: value }]
    problems.push(problem)
    return []
  })
  return outcome(value, problems)
}

function patternFlaw(pattern: string, path: string): Problem | undefined {
  const problem = regexProblem(pattern)
  if (problem === undefined) return undefined
  return flaw(path, `invalid regular expression "${pattern}": ${problem}; this is left out`)
}
