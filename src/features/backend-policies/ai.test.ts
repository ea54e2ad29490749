import { expect, test } from 'vitest'
import { backend } from '../../../test/policy-features.ts'

const world = { services: ['hook'], secrets: { key: { Authorization: 'k' } } }
const ai = (spec: object) => {
  const { sent, said } = backend({ ai: spec }, world)
  return { sent: Object(sent['backend/ai']).ai, said }
}
const guards = (spec: object) => {
  const { sent, said } = ai({ promptGuard: spec })
  return { sent: sent.promptGuard, said }
}
const hook = { webhook: { backendRef: { name: 'hook', port: 80 } } }
const sentHook = { webhook: { backend: { service: { namespace: 'ns', hostname: 'hook' }, port: 80 } } }
const gone = { webhook: { backendRef: { name: 'gone', port: 80 } } }

test('sends fields as JSON text, computed ones as CEL, and the rest as it is', () => {
  expect(
    ai({
      defaults: [{ field: 'a', value: { b: 1 } }],
      overrides: [
        { field: 'model', value: 'gpt' },
        { field: 'n', value: null },
      ],
      transformations: [{ field: 'x', expression: '1 +' }],
      finalTransformations: [{ field: 'y', expression: '1' }],
      modelAliases: { fast: 'm' },
      prompt: { append: [{ role: 'user', content: 'hi' }] },
      routes: { '*': 'GeminiCountTokens', '/x': 'Unheard' },
    }),
  ).toEqual({
    sent: {
      defaults: { a: '{"b":1}' },
      overrides: { model: '"gpt"', n: 'null' },
      transformations: { x: '1 +' },
      finalTransformations: { y: '1' },
      modelAliases: { fast: 'm' },
      prompts: { append: [{ role: 'user', content: 'hi' }] },
      routes: { '*': 'GEMINI_COUNT_TOKENS', '/x': 'COMPLETIONS' },
    },
    said: [
      'spec.backend.ai.transformations[0].expression: transformation "x" is not a valid CEL expression: 1 +: the expression ends too early, expected a value at 1:4',
    ],
  })
})

test.each([
  [{}, { minTokens: 0 }],
  [
    { cacheSystem: true, minTokens: 10, cacheMessageOffset: 0 },
    { cacheSystem: true, minTokens: 10 },
  ],
  [{ cacheMessageOffset: 2 }, { minTokens: 0, cacheMessageOffset: 2 }],
])('always states how long a prompt must be to be cached, and an offset only when there is one', (spec, sent) => {
  expect(ai({ promptCaching: spec }).sent).toEqual({ promptCaching: sent })
})

test('sends guards in order, own patterns before known ones, and refusals only when written', () => {
  expect(
    guards({
      streaming: 'Enabled',
      request: [
        {
          regex: { builtins: ['CaSin'], matches: ['a'], action: 'Reject' },
          scope: ['ToolInput'],
          response: { statusCode: 400 },
        },
        {
          webhook: {
            ...hook.webhook,
            headers: { a: 'b' },
            failureMode: 'FailOpen',
            forwardHeaderMatches: [
              { name: 'n', value: 'v' },
              { name: 'r', value: '.*', type: 'RegularExpression' },
            ],
          },
        },
      ],
      response: [{ googleModelArmor: { templateId: 't', projectId: 'p' }, response: { message: 'no' } }],
    }),
  ).toEqual({
    sent: {
      streaming: 'ENABLED',
      request: [
        {
          regex: { action: 'REJECT', rules: [{ regex: 'a' }, { builtin: 'CA_SIN' }] },
          scope: ['CONTENT_SCOPE_TOOL_INPUT'],
          rejection: { status: 400 },
        },
        {
          webhook: {
            ...sentHook.webhook,
            headers: { a: 'b' },
            failureMode: 'FAIL_OPEN',
            forwardHeaderMatches: [
              { name: 'n', exact: 'v' },
              { name: 'r', regex: '.*' },
            ],
          },
        },
      ],
      response: [
        { googleModelArmor: { templateId: 't', projectId: 'p', location: 'us-central1' }, rejection: { body: 'bm8=' } },
      ],
    },
    said: [],
  })
})

test('drops all guards of a direction with the first webhook that cannot be called', () => {
  expect(guards({ request: [{ regex: { matches: ['a'] } }, gone, gone], response: [hook] })).toEqual({
    sent: { response: [sentHook] },
    said: [
      'spec.backend.ai.promptGuard.request[1].webhook.backendRef: failed to build webhook: unable to find the Service ns/gone',
    ],
  })
})

test('catches everything in place of a pattern that proxies cannot read', () => {
  const { sent, said } = guards({ request: [{ regex: { action: 'Reject', matches: ['a', 'b(?!c)'] } }] })
  expect(sent).toEqual({ request: [{ regex: { action: 'REJECT', rules: [{ regex: 'a' }, { regex: '(?s).+' }] } }] })
  expect(said).toEqual([
    'spec.backend.ai.promptGuard.request[0].regex.matches[1]: invalid regular expression "b(?!c)": looking ahead or back is not supported; everything is caught until this is mended',
  ])
})

test('asks a webhook without those headers that cannot be', () => {
  const webhook = {
    ...hook.webhook,
    headers: { 'a b': '1', c: '1 +' },
    forwardHeaderMatches: [
      { name: 'n', value: 'v\n' },
      { name: 'r', value: '(', type: 'RegularExpression' },
      { name: 'k', value: 'v' },
    ],
  }
  const path = 'spec.backend.ai.promptGuard.request[0].webhook'
  const { sent, said } = guards({ request: [{ webhook }] })
  expect(sent).toMatchObject({
    request: [{ webhook: { headers: { c: '1 +' }, forwardHeaderMatches: [{ name: 'k', exact: 'v' }] } }],
  })
  expect(said).toEqual([
    `${path}.headers[a b]: "a b" is not the name of a header and is left out`,
    expect.stringContaining(`${path}.headers[c]: webhook header "c" is not a valid CEL expression`),
    `${path}.forwardHeaderMatches[0].value: no header has a value with control characters; this is left out`,
    `${path}.forwardHeaderMatches[1].value: invalid regular expression "(": its parentheses do not match; this is left out`,
  ])
})

test('sends a guard without any policies of its upstream when one of them cannot be resolved', () => {
  const guard = (name: string) => ({
    openAIModeration: { model: 'm', policies: { tls: {}, auth: { secretRef: { name } } } },
  })
  expect(guards({ request: [guard('key'), guard('gone')] })).toEqual({
    sent: {
      request: [
        { openaiModeration: { model: 'm', inlinePolicies: [{ backendTls: {} }, { auth: { key: { secret: 'k' } } }] } },
        { openaiModeration: { model: 'm' } },
      ],
    },
    said: ['spec.backend.ai.promptGuard.request[1].openAIModeration.policies.auth.secretRef: secret ns/gone not found'],
  })
})
