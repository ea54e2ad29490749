// The order of names: by code unit, so that it is the same in every language and on every machine.

/** Compares two strings, for sorting. */
export function compareStrings(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
