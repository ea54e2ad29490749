import { expect, it } from 'vitest'
import { ABSENT_MS, Attendance, BEHIND_MS } from './attendance.ts'

interface Session {
  readonly id: number
  readonly gateway: string
  readonly acknowledgedCommit: number
}

function world() {
  const state = { now: 0, commit: 1, sessions: [] as Session[], gateways: ['ns/a'] }
  const attendance = new Attendance({
    ...{ sessions: () => state.sessions, gateways: () => state.gateways, replica: 'pod-1' },
    ...{ commit: () => state.commit, now: () => state.now },
  })
  const messages = () => Object.fromEntries([...attendance.look()].map(([gateway, { message }]) => [gateway, message]))
  return { state, attendance, messages }
}

it('a Gateway may be without proxies for a while, and again after each start', () => {
  const { state, attendance, messages } = world()
  expect(messages()).toEqual({})
  state.now = ABSENT_MS - 1
  expect(messages()).toEqual({})
  state.now = ABSENT_MS
  const absent = { 'ns/a': 'no proxy is connected to pod-1' }
  expect(messages()).toEqual(absent)
  attendance.restart()
  expect(messages()).toEqual({})
  state.now += ABSENT_MS
  expect(messages()).toEqual(absent)
  state.sessions = [{ id: 1, gateway: 'ns/a', acknowledgedCommit: 1 }]
  expect(messages()).toEqual({})
  state.sessions = []
  expect(messages()).toEqual({})
  state.gateways = []
  state.now += ABSENT_MS
  expect(messages()).toEqual({})
})

it('a proxy is behind when it stands still, not while it works its way through many changes', () => {
  const { state, messages } = world()
  const connected = (...commits: readonly number[]) =>
    commits.map((acknowledgedCommit, id) => ({ id, gateway: 'ns/a', acknowledgedCommit }))
  for (let i = 0; i < 10; i++) {
    state.now += BEHIND_MS
    state.commit++
    state.sessions = connected(state.commit - 1, state.commit)
    expect(messages()).toEqual({})
  }
  state.now += BEHIND_MS
  expect(messages()).toEqual({ 'ns/a': '1 of 2 proxies connected to pod-1 have acknowledged the configuration' })
  state.sessions = connected(state.commit, state.commit)
  expect(messages()).toEqual({})
})
