import { describe, expect, it } from 'vitest'
import {
  allowsNamespace,
  countAttached,
  hostnameIntersection,
  hostnamesOverlap,
  normalizeParentRef,
  parentRefStatus,
  parentRefString,
} from './parents.ts'

describe('hostnames', () => {
  it('a listener without hostname overlaps every route', () => {
    expect(hostnamesOverlap(undefined, 'a.example.com')).toBe(true)
    expect(hostnamesOverlap('', '*.example.com')).toBe(true)
    expect(hostnamesOverlap('*', 'a.example.com')).toBe(true)
  })
  it('a wildcard overlaps names with one or more labels in its place, in either direction', () => {
    expect(hostnamesOverlap('*.example.com', 'a.example.com')).toBe(true)
    expect(hostnamesOverlap('a.b.example.com', '*.example.com')).toBe(true)
    expect(hostnamesOverlap('*.b.example.com', '*.example.com')).toBe(true)
  })
  it('a wildcard does not overlap the bare domain, nor a name that merely ends alike', () => {
    expect(hostnamesOverlap('*.example.com', 'example.com')).toBe(false)
    expect(hostnamesOverlap('*.example.com', 'badexample.com')).toBe(false)
    expect(hostnamesOverlap('a.example.com', 'b.example.com')).toBe(false)
  })
  it('the intersection is the more specific pattern', () => {
    expect(hostnameIntersection('*.example.com', 'a.example.com')).toBe('a.example.com')
    expect(hostnameIntersection('*.b.example.com', '*.example.com')).toBe('*.b.example.com')
    expect(hostnameIntersection(undefined, undefined)).toBe('*')
    expect(hostnameIntersection('a.com', undefined)).toBe('a.com')
    expect(hostnameIntersection('a.com', 'b.com')).toBeUndefined()
  })
})

describe('parentRefs', () => {
  it('default to a Gateway of the own namespace', () => {
    const ref = normalizeParentRef({ name: 'gw' }, 'team')
    expect(parentRefString(ref)).toBe('gateway.networking.k8s.io/Gateway/gw//0.team')
    expect(parentRefStatus(ref)).toEqual({
      group: 'gateway.networking.k8s.io',
      kind: 'Gateway',
      namespace: 'team',
      name: 'gw',
    })
  })
  it('keep an explicitly empty group, which is the core group', () => {
    expect(normalizeParentRef({ group: '', kind: 'Service', name: 's' }, 'n').group).toBe('')
  })
})

describe('attachment', () => {
  it('counts a route once per listener', () => {
    const route = { group: 'g', kind: 'HTTPRoute', namespace: 'n', name: 'r' }
    expect(
      countAttached(
        [
          { parent: 'p', route },
          { parent: 'p', route: { ...route } },
        ],
        'p',
      ),
    ).toEqual([{ parent: 'p', routes: 1 }])
  })
  it('an empty list of namespaces allows none', () => {
    expect(allowsNamespace([], 'n')).toBe(false)
    expect(allowsNamespace(['*'], 'n')).toBe(true)
    expect(allowsNamespace(['m', 'n'], 'n')).toBe(true)
  })
})
