// A fetched key set in the one form in which it is kept: known members in a fixed order, unknown ones left out, so that
// a server which shuffles its answer changes nothing for proxies.
import { keySetError } from '../core/key-set.ts'

const MEMBERS = 'use kty kid crv alg k x y n e d p q dp dq qi x5c x5u x5t x5t#S256'.split(' ')

/** The key set in its one form, or why it cannot be used. */
export function canonicalKeySet(text: string): { readonly text: string } | { readonly error: string } {
  const error = keySetError(text)
  if (error !== undefined) return { error }
  // keySetError has checked that this is an object, and that `keys` is a list of objects when it is there.
  const { keys } = JSON.parse(text) as { readonly keys?: readonly Readonly<Record<string, unknown>>[] | null }
  const canonical = (keys ?? []).map((key) =>
    Object.fromEntries(MEMBERS.filter((member) => isPresent(key[member])).map((member) => [member, key[member]])),
  )
  return { text: JSON.stringify({ keys: canonical }) }
}

function isPresent(value: unknown): boolean {
  return value !== undefined && value !== null && value !== ''
}
