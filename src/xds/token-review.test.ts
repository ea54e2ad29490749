import { describe, expect, test } from 'vitest'
import { type TokenReview, type TokenReviewOptions, tokenReviewer } from './token-review.ts'

const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }
const START = Date.parse('2026-01-01T00:00:00Z')

function jwt(claims: object, mark = ''): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
  return `${part({ alg: 'RS256' })}.${part(claims)}.signature${mark}`
}

const valid: TokenReview = {
  ...{ isAuthenticated: true, username: 'system:serviceaccount:ns:gw', error: '' },
  ...{ groups: ['system:authenticated', 'system:serviceaccounts', 'system:serviceaccounts:ns'] },
  audiences: ['agentgateway'],
}
const token = jwt({ exp: START / 1000 + 600 })

function world(answer: Partial<TokenReview> | Error = {}, options: Partial<TokenReviewOptions> = {}) {
  const state = { now: START, asked: [] as string[], answer }
  const reviewer = tokenReviewer({
    review: async (asked, audiences) => {
      state.asked.push(`${asked} ${audiences.join()}`)
      if (state.answer instanceof Error) throw state.answer
      return { ...valid, ...state.answer }
    },
    ...{ log: silent, now: () => state.now, acceptedForMs: 60_000, refusedForMs: 5_000, ...options },
  })
  const authenticate = (authorization: string | undefined = `Bearer ${token}`) =>
    reviewer.authenticate({ peer: 'peer', authorization })
  return { state, authenticate }
}

describe('a token', () => {
  test('names a ServiceAccount until it expires', async () => {
    const { state, authenticate } = world()
    expect(await authenticate()).toEqual({
      kind: 'identified',
      identity: { namespace: 'ns', serviceAccount: 'gw' },
      expiresAt: START + 600_000,
    })
    expect(state.asked).toEqual([`${token} agentgateway`])
  })

  test('that says nothing of its end has none', async () => {
    expect(await world().authenticate('bearer opaque')).toEqual({
      kind: 'identified',
      identity: { namespace: 'ns', serviceAccount: 'gw' },
    })
  })

  test.each([undefined, '', 'Bearer ', 'Basic abc', token, `Bearer ${'x'.repeat(20_000)}`])(
    'is demanded, and nobody is asked about %.20s',
    async (authorization) => {
      const { state, authenticate } = world()
      const answer = await authenticate(authorization ?? '')
      expect(answer).toMatchObject({ kind: 'refused', refusal: { code: 'UNAUTHENTICATED' } })
      expect(state.asked).toEqual([])
    },
  )

  test.each<[string, Partial<TokenReview>, string, string]>([
    ['nobody vouches for', { isAuthenticated: false }, 'UNAUTHENTICATED', 'not valid for the audience agentgateway'],
    ['is for somebody else', { audiences: ['other'] }, 'UNAUTHENTICATED', 'not for the audience agentgateway'],
    ['is for no one in particular', { audiences: [] }, 'UNAUTHENTICATED', 'not for the audience agentgateway'],
    ['is a user’s', { username: 'admin' }, 'PERMISSION_DENIED', 'not that of a ServiceAccount'],
    ['has a name too long', { username: 'system:serviceaccount:a:b:c' }, 'PERMISSION_DENIED', 'ServiceAccount'],
    ['has no namespace', { username: 'system:serviceaccount::b' }, 'PERMISSION_DENIED', 'ServiceAccount'],
    ['is in no group of accounts', { groups: ['system:authenticated'] }, 'PERMISSION_DENIED', 'ServiceAccount'],
  ])('that %s is refused', async (_, answer, code, message) => {
    expect(await world(answer).authenticate()).toMatchObject({
      kind: 'refused',
      refusal: { code, message: expect.stringContaining(message) },
    })
  })

  test('that has expired is said to be', async () => {
    const old = `Bearer ${jwt({ exp: START / 1000 - 1 })}`
    const { refusal } = Object(await world({ isAuthenticated: false }).authenticate(old))
    expect(refusal).toEqual({ code: 'UNAUTHENTICATED', message: 'the token has expired; connect again with a new one' })
  })
})

describe('answers', () => {
  test('are remembered for a while, refusals more briefly', async () => {
    const good = world()
    for (const at of [0, 59_000, 61_000]) {
      good.state.now = START + at
      await good.authenticate()
    }
    expect(good.state.asked).toHaveLength(2)
    const bad = world({ isAuthenticated: false })
    for (const at of [0, 4_000, 6_000]) {
      bad.state.now = START + at
      await bad.authenticate()
    }
    expect(bad.state.asked).toHaveLength(2)
  })

  test('are never remembered for longer than the token lives', async () => {
    const { state, authenticate } = world()
    state.now = START + 595_000
    await authenticate()
    state.now = START + 601_000
    state.answer = { isAuthenticated: false }
    expect(await authenticate()).toMatchObject({ kind: 'refused' })
  })

  test('that are awaited are shared, and those that never came are asked for again', async () => {
    const { state, authenticate } = world()
    await Promise.all([authenticate(), authenticate(), authenticate()])
    expect(state.asked).toHaveLength(1)
    const away = world(new Error('connection refused'))
    await expect(away.authenticate()).rejects.toThrow('connection refused')
    away.state.answer = {}
    expect(await away.authenticate()).toMatchObject({ kind: 'identified' })
  })

  test('are remembered for so many tokens only, the oldest go first', async () => {
    const { state, authenticate } = world({}, { maxRemembered: 2 })
    const tokens = ['a', 'b', 'c'].map((mark) => `Bearer ${jwt({ exp: START / 1000 + 600 }, mark)}`)
    for (const each of tokens) await authenticate(each)
    for (const each of tokens.slice(1)) await authenticate(each)
    expect(state.asked).toHaveLength(3)
    await authenticate(tokens[0])
    expect(state.asked).toHaveLength(4)
  })
})
