// Who may pass by showing a key. Where the keys are; one entry's text is read in api-keys.ts.

import type { Static } from 'typebox'
import type { Outcome, Problem } from '../../core/problem.ts'
import { Doc, Enum, exactlyOneOf, fallback, Obj, Opt } from '../../schema/combinators.ts'
import { jsonStruct } from '../../wire/messages.ts'
import type { FeatureContext } from '../shared/context.ts'
import { resolveSecret, secretBytes } from '../shared/credentials.ts'
import { trafficFeature } from '../shared/feature.ts'
import { flaw, outcome } from '../shared/flaws.ts'
import { entriesOf } from '../shared/lists.ts'
import { locationFlaws, wireLocation } from '../shared/locations.ts'
import { extractLocation, matchLabels, secretRef } from '../shared/refs.ts'
import { type ApiKey, type KeySource, parseApiKey } from './api-keys.ts'

const selector = Obj({ matchLabels: Doc('Labels that the object must carry.', matchLabels) })

const schema = Obj(
  {
    configMapSelector: Opt(
      Doc(
        'ConfigMaps in the namespace of the policy with hashes of keys; whoever may read them learns no key.',
        selector,
      ),
    ),
    location: Opt(Doc('Where the key is read; the bearer token by default.', extractLocation)),
    mode: Opt(
      Doc(
        'Strict: a known key is needed. Optional: a key must be known if there is one. Permissive: keys are only read.',
        Enum(['Optional', 'Permissive', 'Strict'], fallback('Strict')),
      ),
    ),
    secretRef: Opt(Doc('Secret whose entries are keys, each plain or in JSON with its metadata.', secretRef)),
    secretSelector: Opt(Doc('Secrets in the namespace of the policy whose entries are keys.', selector)),
  },
  exactlyOneOf('secretRef', 'secretSelector', 'configMapSelector'),
)

const MODES = { Optional: 'OPTIONAL', Permissive: 'PERMISSIVE', Strict: 'STRICT' } as const

/** An object's entries. An entry that is not text has no value. */
interface Source {
  readonly kind: KeySource
  readonly name: string
  readonly entries: readonly (readonly [string, Buffer])[]
}

/** `apiKeyAuthentication`: check keys. Keys that cannot be read are left out; without any, nobody may pass. */
export const apiKeyAuthentication = trafficFeature({
  field: 'apiKeyAuthentication',
  suffix: 'apikeyauth',
  isPhased: true,
  schema,
  translate: (spec, ctx, path) => {
    const { value: sources = [], problems: unresolved } = resolveSources(spec, ctx, path)
    const problems: Problem[] = [...unresolved]
    const keys: ApiKey[] = []
    for (const { kind, name, entries } of sources) {
      for (const [entry, bytes] of entries) {
        const parsed = parseApiKey(bytes, kind)
        if ('error' in parsed)
          problems.push(flaw(path, `${kind} ${name} contains invalid key ${entry}: ${parsed.error}`))
        else keys.push(parsed)
      }
    }
    problems.push(...locationFlaws(spec.location, `${path}.location`, 'apiKeyAuthentication location'))
    const apiKeys = keys.toSorted(byKey).map(({ key, keyHash, metadata }) => ({
      ...(keyHash === '' ? { key } : { keyHash }),
      metadata: jsonStruct(metadata),
    }))
    const mode = MODES[spec.mode ?? 'Strict']
    return outcome({ apiKeyAuth: { apiKeys, mode, authorizationLocation: wireLocation(spec.location) } }, problems)
  },
})

function byKey(a: ApiKey, b: ApiKey): number {
  return compare(a.key, b.key) || compare(a.keyHash, b.keyHash)
}

function compare(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b))
}

// Where an unchecked policy names several sources, the last one counts.
function resolveSources(spec: Static<typeof schema>, ctx: FeatureContext, path: string): Outcome<readonly Source[]> {
  if (spec.configMapSelector !== undefined) {
    const configMaps = ctx.configMapsWith(spec.configMapSelector.matchLabels ?? {})
    return outcome(
      configMaps.map((each) => ({
        kind: 'configMap' as const,
        name: each.metadata.name,
        entries: entriesOf(each.data).map(([key, text]) => [key, Buffer.from(String(text))] as const),
      })),
      [],
    )
  }
  const selected = spec.secretSelector
  const { value: secrets, problems } =
    selected !== undefined
      ? outcome(ctx.secretsWith(selected.matchLabels ?? {}), [])
      : spec.secretRef !== undefined
        ? onlySecret(spec.secretRef, ctx, `${path}.secretRef`)
        : outcome([], [])
  return outcome(
    secrets?.map((each) => ({
      kind: 'secret' as const,
      name: each.metadata.name,
      entries: entriesOf(each.data).flatMap(([key]) => {
        const bytes = secretBytes(each, key)
        return bytes === undefined ? [] : [[key, bytes] as const]
      }),
    })),
    problems,
  )
}

function onlySecret(ref: Static<typeof secretRef>, ctx: FeatureContext, path: string) {
  const { value, problems } = resolveSecret(ref, ctx, path)
  return outcome(value && [value], problems)
}
