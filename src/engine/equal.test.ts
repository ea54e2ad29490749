import { describe, expect, it } from 'vitest'
import { structurallyEqual } from './equal.ts'

describe('structural equality', () => {
  const same: [string, unknown, unknown][] = [
    ['nested values', { a: [1, { b: 'x' }] }, { a: [1, { b: 'x' }] }],
    ['undefined and an absent field', { a: 1, b: undefined }, { a: 1 }],
    ['an absent field and undefined', { a: 1 }, { b: undefined, a: 1 }],
    ['fields in another order', { a: 1, b: 2 }, { b: 2, a: 1 }],
    ['bytes', Uint8Array.of(1, 2), Uint8Array.of(1, 2)],
    ['maps', new Map([['a', { x: 1 }]]), new Map([['a', { x: 1 }]])],
    ['sets', new Set(['a', 'b']), new Set(['b', 'a'])],
    ['dates', new Date(5), new Date(5)],
    ['not-a-number', { a: Number.NaN }, { a: Number.NaN }],
    ['an object without prototype and a plain one', Object.assign(Object.create(null), { a: 1 }), { a: 1 }],
  ]
  it.each(same)('sees %s as equal', (_, a, b) => {
    expect(structurallyEqual(a, b)).toBe(true)
    expect(structurallyEqual(b, a)).toBe(true)
  })

  const different: [string, unknown, unknown][] = [
    ['null and undefined', { a: null }, { a: undefined }],
    ['null and absence', { a: null }, {}],
    ['an array and an object', [], {}],
    ['arrays of different length', [1], [1, undefined]],
    ['a number and its text', { a: 1 }, { a: '1' }],
    ['an extra field', { a: 1, b: 2 }, { a: 1 }],
    ['a field that an object inherits', { constructor: 'x' }, {}],
    ['other bytes', Uint8Array.of(1, 2), Uint8Array.of(1, 3)],
    ['more bytes', Uint8Array.of(1, 2), Uint8Array.of(1, 2, 3)],
    ['other map values', new Map([['a', 1]]), new Map([['a', 2]])],
    ['other map keys', new Map([['a', undefined]]), new Map([['b', undefined]])],
    ['other sets', new Set(['a']), new Set(['b'])],
    ['a map and a set', new Map(), new Set()],
    ['dates', new Date(5), new Date(6)],
  ]
  it.each(different)('tells %s apart', (_, a, b) => {
    expect(structurallyEqual(a, b)).toBe(false)
    expect(structurallyEqual(b, a)).toBe(false)
  })
})
