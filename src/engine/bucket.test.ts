import { describe, expect, it } from 'vitest'
import { Bucket } from './bucket.ts'

/** A bucket over a map, so that a test says only what changes. */
function bucketOver(values: Map<string, number>) {
  const bucket = new Bucket<number>()
  return {
    bucket,
    set(key: string, value: number) {
      const isNew = !values.has(key)
      values.set(key, value)
      bucket.put(key, isNew)
    },
    delete(key: string) {
      values.delete(key)
      bucket.remove(key)
    },
    read: () => bucket.read((key) => values.get(key)),
    expected: () => [...values].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value),
  }
}

describe('a bucket', () => {
  it.each([5, 17, 40, 500])('answers in key order after any edits, with %i members', (size) => {
    const world = bucketOver(new Map())
    for (let i = 0; i < size; i++) world.set(`k${(i * 7919) % size}`, i)
    expect(world.read()).toEqual(world.expected())
    for (const edits of [1, 3, 16, 17, 60]) {
      for (let i = 0; i < edits; i++) {
        world.set(`k${(i * 31) % size}`, -i)
        world.set(`n${edits}-${i}`, i)
        if (i % 3 === 0) world.delete(`n${edits}-${i}`)
      }
      expect(world.read()).toEqual(world.expected())
      expect(world.bucket.size).toBe(world.expected().length)
    }
  })

  it('never changes an answer that it gave', () => {
    const world = bucketOver(new Map())
    for (let i = 100; i < 200; i++) world.set(`k${i}`, i)
    const first = world.read()
    const copy = [...first]
    world.set('k150', 0)
    world.delete('k100')
    world.set('k1505', 1)
    expect(world.read()).not.toBe(first)
    expect(first).toEqual(copy)
  })

  it('gives the same array while nothing changes', () => {
    const world = bucketOver(new Map())
    world.set('a', 1)
    expect(world.read()).toBe(world.read())
  })
})
