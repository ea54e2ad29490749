// Where in a file a field stands. Only asked for problems that are about to be reported, so that only their documents pay
// for a syntax tree.
import { isMap, isNode, isScalar, isSeq, LineCounter, type Node, parseAllDocuments } from 'yaml'

/** A place in a file; both count from one. */
export interface Place {
  readonly line: number
  readonly column: number
}

/** Steps into a value: names of fields, positions in lists. */
export type FieldPath = readonly (string | number)[]

/** Reads a path such as `spec.rules[0].name` or `metadata.labels[example.com/x]`. */
export function parseFieldPath(path: string): FieldPath {
  const steps: (string | number)[] = []
  for (const [, bracketed, name] of path.matchAll(/\[([^\]]*)\]|([^.[\]]+)/g)) {
    if (bracketed === undefined) steps.push(name ?? '')
    else if (/^\d+$/.test(bracketed)) steps.push(Number(bracketed))
    else steps.push(bracketed.replace(/^(["'])(.*)\1$/, '$2'))
  }
  return steps
}

/** Where a field of a YAML or JSON text stands, or what is nearest above it when it is absent. */
export function locateField(text: string, path: FieldPath): Place | undefined {
  const lines = new LineCounter()
  const [document] = parseAllDocuments(text, { lineCounter: lines, logLevel: 'silent', keepSourceTokens: false })
  if (document === undefined || !('contents' in document)) return undefined
  let node: unknown = document.contents
  let offset = offsetOf(node)
  for (const [depth, step] of path.entries()) {
    if (isMap(node)) {
      const { found, rest } = findPair(node.items, path.slice(depth))
      if (found === undefined) break
      offset = offsetOf(found.key) ?? offset
      // A name with dots in it takes up several steps.
      if (rest < path.length - depth - 1) return locateFrom(found.value, path.slice(path.length - rest), offset, lines)
      node = found.value
    } else if (isSeq(node) && typeof step === 'number') {
      node = node.items[step]
      if (node === undefined) break
      offset = offsetOf(node) ?? offset
    } else break
  }
  return offset === undefined ? undefined : place(lines, offset)
}

function locateFrom(node: unknown, path: FieldPath, above: number | undefined, lines: LineCounter): Place | undefined {
  let offset = above
  for (const step of path) {
    const next: unknown = isMap(node) ? node.items.find((pair) => keyText(pair.key) === String(step)) : undefined
    if (next === undefined || typeof next !== 'object' || next === null || !('value' in next)) break
    offset = 'key' in next ? (offsetOf(next.key) ?? offset) : offset
    node = next.value
  }
  return offset === undefined ? undefined : place(lines, offset)
}

interface PairLike {
  readonly key: unknown
  readonly value: unknown
}

/** The pair whose key is the first step, or the first few joined by dots; `rest` counts the steps after it. */
function findPair(items: readonly PairLike[], path: FieldPath): { found: PairLike | undefined; rest: number } {
  for (let used = 1; used <= path.length; used++) {
    const name = path.slice(0, used).join('.')
    const found = items.find((pair) => keyText(pair.key) === name)
    if (found !== undefined) return { found, rest: path.length - used }
  }
  return { found: undefined, rest: path.length }
}

function keyText(key: unknown): string {
  return isScalar(key) ? String(key.value) : String(key)
}

function offsetOf(node: unknown): number | undefined {
  return isNode(node) ? (node satisfies Node).range?.[0] : undefined
}

function place(lines: LineCounter, offset: number): Place {
  const { line, col } = lines.linePos(offset)
  return { line, column: col }
}
