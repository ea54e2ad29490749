import { expect, it } from 'vitest'
import { closest } from './closest.ts'

const kinds = ['HTTPRoute', 'GRPCRoute', 'TCPRoute', 'TLSRoute', 'Gateway', 'GatewayClass']

it.each([
  ['HTTPRoutes', 'HTTPRoute'],
  ['Httproute', 'HTTPRoute'],
  ['HTTPRuote', 'HTTPRoute'],
  ['TCPRout', 'TCPRoute'],
  ['gateways', 'Gateway'],
  ['Deployment', undefined],
  ['', undefined],
])('takes %j to mean %j', (name, meant) => {
  expect(closest(name, kinds)).toBe(meant)
})
