import { expect, test } from 'vitest'
import { ServedLooks } from './looks.ts'

test('a look is served when the commit of what it found has ended', async () => {
  let taken = 0
  const looks = new ServedLooks(() => taken)
  taken = 1
  const first = Promise.withResolvers<number>()
  const committing = looks.during(() => first.promise)
  expect(looks.read()).toEqual({ taken: 1, served: 0 })
  // Found while the commit runs, so not part of it.
  taken = 2
  const second = Promise.withResolvers<number>()
  const next = looks.during(() => second.promise)
  first.resolve(1)
  await committing
  expect(looks.read()).toEqual({ taken: 2, served: 1 })
  second.resolve(2)
  await next
  expect(looks.read()).toEqual({ taken: 2, served: 2 })
})

test('a look that found nothing is served unless a commit runs', async () => {
  let taken = 1
  const looks = new ServedLooks(() => taken)
  const running = Promise.withResolvers<number>()
  const committing = looks.during(() => running.promise)
  taken = 2
  expect(looks.read()).toEqual({ taken: 2, served: 0 })
  running.resolve(1)
  await committing
  expect(looks.read()).toEqual({ taken: 2, served: 2 })
})
