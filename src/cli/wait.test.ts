import { afterEach, expect, test, vi } from 'vitest'
import { startHttp } from '../admin/server.ts'
import type { ObjectExplanation } from './explanations.ts'
import { FirstSeen, type Standing, standingOf, waitCommand } from './wait.ts'

let stop = new AbortController()
afterEach(() => {
  stop.abort()
  stop = new AbortController()
  vi.restoreAllMocks()
})

const route = (more: Partial<ObjectExplanation>): ObjectExplanation => ({
  ...{ object: 'HTTPRoute ns/r', generation: 2, commit: 7, parents: [], listeners: [], conditions: [] },
  ...{ problems: [], resources: [], addresses: [], gateways: [], ...more },
})
const proxies = (...commits: readonly number[]): NonNullable<ObjectExplanation['gateways']> => [
  {
    gateway: 'ns/gw',
    proxies: commits.map((acknowledgedCommit, i) => ({ node: `proxy-${i}`, acknowledgedCommit })),
  },
]
const stands = (explanation: ObjectExplanation, generation = 0, seen = new FirstSeen()): Standing =>
  standingOf(explanation, { generation, seen })

test('an object is programmed when all proxies have acknowledged the commit it was first seen with', () => {
  const seen = new FirstSeen()
  expect(stands(route({ gateways: proxies(7, 6) }), 0, seen)).toEqual({
    state: 'waiting',
    why: '1 of 2 proxies of Gateway ns/gw have not acknowledged it: proxy-1',
  })
  // Later commits are about something else.
  expect(stands(route({ commit: 9, gateways: proxies(8, 7) }), 0, seen)).toEqual({
    state: 'programmed',
    why: 'HTTPRoute ns/r, generation 2, is acknowledged by all proxies of Gateway ns/gw (2)',
  })
})

test('a new generation has a commit of its own', () => {
  const seen = new FirstSeen()
  stands(route({ gateways: proxies(7) }), 0, seen)
  expect(stands(route({ generation: 3, commit: 9, gateways: proxies(8) }), 0, seen).state).toBe('waiting')
})

test('what stands in manifests counts once they have been read after the first answer', () => {
  const seen = new FirstSeen()
  const looked = (taken: number, served: number, commit: number, acknowledged: number) =>
    stands(route({ generation: 1, commit, looks: { taken, served }, gateways: proxies(acknowledged) }), 0, seen)
  const unread: Standing = { state: 'waiting', why: 'the manifests have not been read again yet' }
  expect(looked(5, 4, 7, 7)).toEqual(unread)
  // Perhaps mended since.
  const refusedBy = [{ node: 'proxy-0', message: 'no such thing' }]
  const resources = [{ gateway: 'ns/gw', name: 'route/ns/r.00.http', version: 'a', refusedBy }]
  expect(stands(route({ looks: { taken: 5, served: 5 }, resources, gateways: proxies(7) }), 0, seen)).toEqual(unread)
  // The look that was over when it was first asked.
  expect(looked(6, 5, 7, 7)).toEqual(unread)
  expect(looked(6, 6, 8, 7)).toMatchObject({ state: 'waiting', why: expect.stringContaining('not acknowledged') })
  expect(looked(9, 8, 9, 8).state).toBe('programmed')
  // Another process.
  expect(looked(1, 1, 1, 1)).toEqual(unread)
  expect(looked(2, 2, 1, 1).state).toBe('programmed')
})

test('a control plane that started again counts its commits again', () => {
  const seen = new FirstSeen()
  stands(route({ commit: 70, gateways: proxies(0) }), 0, seen)
  expect(stands(route({ commit: 2, gateways: proxies(2) }), 0, seen).state).toBe('programmed')
})

test('it is said what is waited for', () => {
  expect(stands(route({}), 3).why).toBe('the control plane knows only generation 2 of HTTPRoute ns/r')
  expect(stands(route({ gateways: proxies() })).why).toBe('no proxy of Gateway ns/gw is connected')
  const conditions = [{ type: 'Accepted', status: 'False', reason: 'NotAllowed', message: 'not from here' }] as const
  expect(stands(route({ parents: [{ parent: 'Gateway ns/gw', conditions }] }))).toEqual({
    state: 'waiting',
    why: 'no Gateway receives anything of HTTPRoute ns/r: not from here',
  })
})

test('a refused resource ends the wait', () => {
  const refusedBy = [{ node: 'proxy-0', message: 'no such thing' }]
  const resources = [{ gateway: 'ns/gw', name: 'route/ns/r.00.http', version: 'a', refusedBy }]
  expect(stands(route({ resources, gateways: proxies(7) }))).toEqual({
    state: 'refused',
    why: 'proxy proxy-0 refuses route/ns/r.00.http: no such thing',
  })
})

test('the command asks until it is so, or until time is up', async () => {
  const lines: string[] = []
  vi.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(line))
  vi.spyOn(console, 'error').mockImplementation((line: string) => void lines.push(line))
  const answers = [
    { status: 404, body: { error: 'there is no HTTPRoute r' } },
    { body: route({ gateways: proxies(7) }) },
  ]
  const port = await startHttp(
    [{ path: '/explain', help: '', handle: () => answers.shift() ?? { status: 400, body: { error: 'no' } } }],
    { host: '127.0.0.1', port: 0, localOnly: true, signal: stop.signal, onError: () => undefined },
  )
  const server = `localhost:${port}`
  expect(await waitCommand('httproute/r', { server, timeout: '5m' })).toBe(0)
  answers.push({ body: route({ gateways: proxies() }) })
  expect(await waitCommand('httproute/r', { server, timeout: '0s' })).toBe(1)
  expect(await waitCommand('httproute/r', { server, timeout: '1s' })).toBe(2)
  expect(await waitCommand('httproute/r', { server, timeout: 'soon' })).toBe(2)
  expect(lines).toEqual([
    '✓ HTTPRoute ns/r, generation 2, is acknowledged by all proxies of Gateway ns/gw (1)',
    '✗ not programmed after 0s: no proxy of Gateway ns/gw is connected',
    'no',
    '--timeout soon: a time is a number and ms, s, m or h, such as 30s',
  ])
})
