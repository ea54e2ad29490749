import { describe, expect, it } from 'vitest'
import type { HttpRouteRule, WeightedBackendRef } from '../kube/route-types.ts'
import {
  isModelServing,
  matchesEveryPath,
  modelRouterKey,
  modelServingProblem,
  rootConflictMessage,
} from './model-serving.ts'

const models = { group: 'agentgateway.dev', kind: 'AgentgatewayModel', name: '*' }
const service = { name: 'web', port: 80 }
const rule = (ref: Partial<WeightedBackendRef>, more: HttpRouteRule = {}): HttpRouteRule => ({
  backendRefs: [{ ...models, ...ref }],
  ...more,
})

describe('model-serving rules', () => {
  it('are those with any backend of kind AgentgatewayModel', () => {
    expect(isModelServing({ backendRefs: [service, models] })).toBe(true)
    expect(isModelServing({ backendRefs: [service] })).toBe(false)
    expect(isModelServing({ backendRefs: [{ ...models, group: 'example.com' }] })).toBe(false)
    expect(isModelServing({})).toBe(false)
  })

  it('serve when they name nothing but all models of the route namespace', () => {
    expect(modelServingProblem(rule({}), 'ns')).toBeUndefined()
    expect(modelServingProblem(rule({ namespace: 'ns', weight: 1 }), 'ns')).toBeUndefined()
    expect(
      modelServingProblem(rule({}, { matches: [{ path: { type: 'PathPrefix', value: '/llm' } }] }), 'ns'),
    ).toBeUndefined()
  })

  it.each<[string, HttpRouteRule]>([
    [
      'rule must have exactly one AgentgatewayModel backendRef and no other backends',
      { backendRefs: [models, service] },
    ],
    ['rule path matches must use PathPrefix', rule({}, { matches: [{ path: { type: 'Exact', value: '/a' } }] })],
    ['rule does not support URLRewrite or RequestRedirect filters', rule({}, { filters: [{ type: 'URLRewrite' }] })],
    ['backendRef name must be "*"', rule({ name: 'gpt' })],
    ['backendRef must use the route namespace', rule({ namespace: 'other' })],
    ['backendRef must not specify port', rule({ port: 80 })],
    ['backendRef weight must be 1', rule({ weight: 2 })],
    ['backendRef must not have filters', rule({ filters: [{ type: 'RequestMirror' }] })],
  ])('are refused because the %s', (text, broken) => {
    expect(modelServingProblem(broken, 'ns')).toBe(`model-serving HTTPRoute ${text}`)
  })

  it('take every path without a match, with a match that names no path, and with the prefix /', () => {
    expect(matchesEveryPath({})).toBe(true)
    expect(matchesEveryPath({ matches: [{ method: 'GET' }] })).toBe(true)
    expect(matchesEveryPath({ matches: [{ path: { value: '/llm' } }, { path: { value: '/' } }] })).toBe(true)
    expect(matchesEveryPath({ matches: [{ path: { value: '/llm' } }] })).toBe(false)
  })

  it('are told apart by their name, or else by their place in the route', () => {
    const route = { namespace: 'default', name: 'llm' }
    expect(modelRouterKey(route, { name: 'chat' }, 3)).toBe('/llm:router:httproute:default:llm:chat')
    expect(modelRouterKey(route, {}, 3)).toBe('/llm:router:httproute:default:llm:3')
  })

  it('name the listeners of a conflict once each and in order', () => {
    expect(rootConflictMessage(['b/gw.http', 'a/gw.http', 'b/gw.http'])).toBe(
      'root model-serving HTTPRoute conflicts with directly attached models on listeners: a/gw.http, b/gw.http',
    )
  })
})
