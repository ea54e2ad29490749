import { describe, expect, it } from 'vitest'
import { type Outcome, ok } from '../../core/problem.ts'
import type { BackendReference } from '../../wire/messages.ts'
import { translateNamedProvider } from './presets.ts'
import { type ProviderSpec, providerReferences, translateProvider } from './registry.ts'

const ctx = { providerBackend: (): Outcome<BackendReference> => ok({ backend: 'ns/target' }) }
const translate = (spec: ProviderSpec) => translateProvider(spec, ctx, 'p')
const azureOf = (endpoint: string) => translate({ azureopenai: { endpoint, deploymentName: 'd' } }).value?.azure

describe('providers of a backend', () => {
  it('take the resource name of Azure OpenAI from its endpoint, scheme and all', () => {
    expect(azureOf('res.openai.azure.com')).toMatchObject({ resourceName: 'res', resourceType: 'OPEN_AI', model: 'd' })
    expect(azureOf('res-resource.services.ai.azure.com')).toMatchObject({
      resourceName: 'res-resource',
      resourceType: 'FOUNDRY',
    })
    expect(azureOf('https://res.openai.azure.com')?.resourceName).toBe('https://res')
    expect(azureOf('llm.example.com')).toMatchObject({ resourceName: 'llm.example.com', resourceType: 'OPEN_AI' })
  })

  it('listen on 443 at another host unless told otherwise', () => {
    expect(translate({ openai: {}, host: 'h' }).value?.hostOverride).toEqual({ host: 'h', port: 443 })
    expect(translate({ openai: {}, host: 'h', port: 80 }).value?.hostOverride).toEqual({ host: 'h', port: 80 })
    expect(translate({ openai: {}, port: 80 }).value?.hostOverride).toBeUndefined()
  })

  it('may override the path or its prefix', () => {
    expect(translate({ gemini: {}, path: '/p' }).value?.pathOverride).toBe('/p')
    expect(translate({ gemini: {}, host: 'h', pathPrefix: '/v2' }).value?.pathPrefix).toBe('/v2')
  })

  it('moderate with the default model, and only in known ways', () => {
    expect(translate({ openai: { moderation: {} } }).value?.openai?.moderation).toMatchObject({
      model: 'omni-moderation-latest',
    })
    // An object that no schema has seen.
    const odd = { openai: { moderation: { policy: { input: { mode: 'Warn' } } } } } as unknown as ProviderSpec
    expect(translate(odd).problems[0]).toMatchObject({
      path: 'p.openai.moderation.policy.input.mode',
      message: 'unknown OpenAI inline moderation mode "Warn"',
    })
  })

  it('speak known formats only', () => {
    // An object that no schema has seen.
    const odd = { custom: { formats: [{ type: 'Completions' }, { type: 'Telepathy' }] } } as unknown as ProviderSpec
    expect(translate(odd).problems[0]).toMatchObject({
      path: 'p.custom.formats[1].type',
      message: 'unsupported custom provider format "Telepathy"',
    })
  })

  it('refer to what custom providers run on', () => {
    const custom = { formats: [], backendRef: { name: 'llm', port: 80 } }
    expect(providerReferences({ custom }, 'p')).toEqual([{ ref: custom.backendRef, path: 'p.custom.backendRef' }])
    expect(translate({ custom }).value?.providerBackend).toEqual({ backend: 'ns/target' })
    expect(providerReferences({ openai: {} }, 'p')).toEqual([])
  })

  it('are refused when there is none', () => {
    expect(translate({}).problems).toHaveLength(1)
  })
})

describe('providers of a model', () => {
  it('leave the model to the request unless one is asked for', () => {
    expect(translateNamedProvider({ provider: 'OpenAI' }, undefined, ctx).value).toEqual({ openai: {} })
    expect(translateNamedProvider({ provider: 'OpenAI' }, 'gpt-5', ctx).value).toEqual({ openai: { model: 'gpt-5' } })
    expect(translateNamedProvider({ provider: 'Mistral' }, 'large', ctx).value).toEqual({
      providerPreset: 'PROVIDER_PRESET_MISTRAL',
      modelOverride: 'large',
    })
  })
})
