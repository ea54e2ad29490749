import { expect, test } from 'vitest'
import { traffic } from '../../../test/policy-features.ts'

const keySet = '{"keys":[{"kty":"oct","k":"AQAB"}]}'
const url = 'https://idp/keys'
const jwt = (spec: object, keySets = {}) => traffic({ jwtAuthentication: spec }, { keySets })
const inline = { issuer: 'a', audiences: ['x'], jwks: { inline: keySet } }
const remote = { issuer: 'b', jwks: { remote: { url } } }
const sentInline = { issuer: 'a', audiences: ['x'], inline: keySet }

test('sends key sets as they are written and as they were fetched', () => {
  expect(jwt({ mode: 'Strict', providers: [inline, remote] }, { [url]: '{}' })).toEqual({
    sent: { jwt: { jwt: { mode: 'STRICT', providers: [sentInline, { issuer: 'b', inline: '{}' }] } } },
    said: [],
  })
})

test('leaves out a provider whose keys are not known, and keeps the others', () => {
  expect(jwt({ mode: 'Strict', providers: [remote, inline] })).toEqual({
    sent: { jwt: { jwt: { mode: 'STRICT', providers: [sentInline] } } },
    said: [`spec.traffic.jwtAuthentication.providers[0].jwks.remote: no keys from ${url}`],
  })
})

test('reports a key set that proxies will drop', () => {
  const bad = { issuer: 'a', jwks: { inline: '{"keys":[{"kty":"x"}]}' } }
  expect(jwt({ providers: [bad] }).said).toEqual([
    'spec.traffic.jwtAuthentication.providers[0].jwks.inline: provider 0 (issuer "a"): invalid inline JWKS',
  ])
})

const mcp = { provider: 'Keycloak', clientId: 'c', resourceMetadata: { scopes: ['read'], n: null } }

test('tells MCP clients where tokens come from', () => {
  expect(jwt({ mode: 'Strict', providers: [inline], mcp }).sent).toEqual({
    jwt: {
      jwt: {
        mode: 'STRICT',
        providers: [sentInline],
        mcp: { provider: 'KEYCLOAK', clientId: 'c', resourceMetadata: { extra: { scopes: ['read'] } } },
      },
    },
  })
  expect(jwt({ providers: [inline], mcp: {} }).sent).toMatchObject({ jwt: { jwt: { mcp: { resourceMetadata: {} } } } })
})

test('refuses every request, instead of being refused by the proxy, while the one provider of MCP has no keys', () => {
  expect(jwt({ mode: 'Strict', providers: [remote], mcp }).sent).toEqual({ jwt: { jwt: { mode: 'STRICT' } } })
})

test('MCP needs exactly one provider', () => {
  const { sent, said } = jwt({ mode: 'Strict', providers: [inline, inline], mcp })
  expect(sent).toEqual({ jwt: { jwt: { mode: 'STRICT', providers: [sentInline, sentInline] } } })
  expect(said).toEqual([
    'spec.traffic.jwtAuthentication.mcp: jwtAuthentication.mcp requires exactly one provider, found 2',
  ])
})
