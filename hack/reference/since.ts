// Which fields are younger than the rest: since which release of agentgateway the API has them, and which of them
// proxies of v1.4.1 do not know yet. Only what is known for certain stands here; all else works with v1.4.1.

interface Since {
  /** The end of the path of the field, without marks for lists. */
  readonly at: RegExp
  readonly text: string
}

const newer = (at: RegExp, effect: string): Since => ({
  at,
  text: `Needs a proxy newer than v1.4.1; older ones ${effect}.`,
})
const release = (at: RegExp, version: string): Since => ({ at, text: `Since v${version}.` })

const SINCE: readonly Since[] = [
  release(/\.mcp\.targets\.static\.backendRef$/, '1.1'),
  release(/\.mcp\.failureMode$/, '1.1'),
  release(/\.ai\.(provider|groups\.providers)\.pathPrefix$/, '1.1'),
  release(/Backend\.spec\.static\.unixPath$/, '1.2'),
  release(/\.ai\.(provider|groups\.providers)\.azure$/, '1.2'),
  release(/Backend\.spec\.a2a$/, '1.3'),
  release(/\.ai\.(provider|groups\.providers)\.custom$/, '1.3'),
  release(/\.mcp\.prefixMode$/, '1.4'),
  newer(/\.(extAuth|extProc|global|tracing|otlp|processors\.remote|tunnel)\.url$/, 'cannot call a service by URL'),
  newer(/\.(oauthTokenExchange|identityProvider|resourceAuthorizationServer)\.url$/, 'cannot call a service by URL'),
  newer(/\.auth\.jwtSign$/, 'refuse the policy'),
  newer(/\.accessTokenScopes$/, 'ask for `scopes`'),
  newer(/\.ai\.routes$/, 'take `GenerateContent` and `GeminiCountTokens` for `Completions`'),
  newer(/\.finalTransformations$/, 'ignore it'),
  newer(/\.promptGuard\.request\.scope$/, 'ignore it'),
  newer(/\.openai\.moderation$/, 'ignore it'),
  newer(/\.tls\.certificateSource$/, 'show no certificate with `SPIFFE`'),
  {
    at: /Model\.spec\.parentRefs$/,
    text: 'An HTTPRoute as parent needs a proxy newer than v1.4.1; older ones serve the model on the whole listener.',
  },
  newer(/\.rateLimit\.local$/, 'apply the first entry only'),
]

const met = new Set<Since>()

/** What there is to say about the age of a field, or nothing. */
export function sinceOf(path: string): string {
  const found = SINCE.find(({ at }) => at.test(path.replaceAll('[]', '').replaceAll('.KEY', '')))
  if (found !== undefined) met.add(found)
  return found?.text ?? ''
}

/** Entries that no field had a use for: their field was renamed. */
export function unmetSince(): readonly string[] {
  return SINCE.filter((each) => !met.has(each)).map(({ at }) => String(at))
}
