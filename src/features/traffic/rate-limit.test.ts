import { expect, test } from 'vitest'
import { traffic } from '../../../test/policy-features.ts'

const rule = { maxTokens: '10', tokensPerFill: '10', fillInterval: '3600s' }
const world = { services: ['rl'] }
const global = { backendRef: { name: 'rl', port: 1 }, domain: 'd' }

test('adds the burst to what may pass at once only, and repeats the first rule for older proxies', () => {
  const local = [
    { requests: 10, unit: 'Hours' },
    { tokens: 5, burst: 2, unit: 'Seconds' },
  ]
  expect(traffic({ rateLimit: { local } }).sent).toEqual({
    'rl-local': {
      localRateLimit: {
        ...rule,
        rules: [rule, { maxTokens: '7', tokensPerFill: '5', fillInterval: '1s', type: 'TOKEN' }],
      },
    },
  })
})

test.each([[{ unit: 'Hours' }], [{ requests: 0, unit: 'Hours' }], [{ requests: 1 }]])(
  'leaves out a limit that proxies would refuse: %j',
  (bad) => {
    expect(traffic({ rateLimit: { local: [bad, { requests: 10, unit: 'Hours' }] } })).toEqual({
      sent: { 'rl-local': { localRateLimit: { ...rule, rules: [rule] } } },
      said: ['spec.traffic.rateLimit.local[0]: a local rate limit needs a unit and a number of requests or tokens'],
    })
  },
)

test('asks a service, which lets nothing pass while it cannot be asked unless told so', () => {
  const descriptors = [
    { entries: [{ name: 'user', expression: 'jwt.sub' }], unit: 'Tokens', cost: '1' },
    { entries: [{ name: 'a b', expression: 'a b' }], limitOverride: '{' },
  ]
  const { sent, said } = traffic({ rateLimit: { global: { ...global, failureMode: 'FailOpen', descriptors } } }, world)
  expect(sent).toEqual({
    'rl-global': {
      remoteRateLimit: {
        domain: 'd',
        target: { service: { namespace: 'ns', hostname: 'rl' }, port: 1 },
        failureMode: 'FAIL_OPEN',
        descriptors: [
          { entries: [{ key: 'user', value: 'jwt.sub' }], type: 'TOKENS', cost: '1' },
          { entries: [{ key: 'a b', value: 'a b' }], limitOverride: '{' },
        ],
      },
    },
  })
  expect(said.map((each) => each.split(':').slice(0, 2).join(':'))).toEqual([
    'spec.traffic.rateLimit.global.descriptors[1].entries[0].expression: rate limit descriptor entry "a b" is not a valid CEL expression',
    'spec.traffic.rateLimit.global.descriptors[1].limitOverride: rate limit descriptor limit override is not a valid CEL expression',
  ])
  expect(traffic({ rateLimit: { global } })).toEqual({
    sent: { 'rl-global': { remoteRateLimit: { domain: 'd' } } },
    said: [
      'spec.traffic.rateLimit.global.backendRef: failed to build global rate limit: unable to find the Service ns/rl',
    ],
  })
})

test('makes two lists of conditions, each of the entries that have something for it', () => {
  const local = [{ requests: 10, unit: 'Hours' }]
  const conditional = [
    { condition: 'a', policy: { global } },
    { condition: 'b', policy: { local, global } },
    { policy: { local } },
  ]
  const wireLocal = { localRateLimit: { ...rule, rules: [rule] } }
  const wireGlobal = {
    remoteRateLimit: { domain: 'd', target: { service: { namespace: 'ns', hostname: 'rl' }, port: 1 } },
  }
  expect(traffic({ rateLimit: { conditional } }, world).sent).toEqual({
    'rl-local': { policies: [{ condition: 'b', traffic: wireLocal }, { traffic: wireLocal }] },
    'rl-global': {
      policies: [
        { condition: 'a', traffic: wireGlobal },
        { condition: 'b', traffic: wireGlobal },
      ],
    },
  })
})
