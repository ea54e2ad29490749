import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { shortenedName } from './names.ts'

const hashOf = (name: string): string => createHash('sha256').update(name).digest('hex').slice(0, 12)

test('leaves names of up to 63 characters alone', () => {
  expect(shortenedName('gw')).toBe('gw')
  expect(shortenedName('a'.repeat(63))).toBe('a'.repeat(63))
})

test('keeps the first fifty characters of a longer name and tells it apart by a hash', () => {
  const name = 'b'.repeat(64)
  expect(shortenedName(name)).toBe(`${'b'.repeat(50)}-${hashOf(name)}`)
})

test('drops exactly one dash at the cut', () => {
  const one = `${'c'.repeat(49)}-${'d'.repeat(30)}`
  const two = `${'c'.repeat(48)}--${'d'.repeat(30)}`
  expect(shortenedName(one)).toBe(`${'c'.repeat(49)}-${hashOf(one)}`)
  expect(shortenedName(two)).toBe(`${'c'.repeat(48)}--${hashOf(two)}`)
})

test('does not change what it once shortened', () => {
  const short = shortenedName('e'.repeat(200))
  expect(short).toHaveLength(63)
  expect(shortenedName(short)).toBe(short)
})
