// Reads golden fixtures: the input documents before the marker, the expected output after it, and the suite's
// defaults. What is compared, and how, is decided in golden.test.ts.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { load } from 'js-yaml'
import type { KubeObject } from '../../src/kube/object.ts'

/** One fixture: the objects in the order they are written, and what they must give. */
export interface GoldenCase {
  readonly name: string
  readonly objects: readonly KubeObject[]
  readonly output: readonly unknown[]
  readonly status: readonly unknown[]
}

const MARKER = '---\n# Output'

function documents(text: string): readonly KubeObject[] {
  return (
    text
      .split('\n---\n')
      .map((chunk) => chunk.replace(/^---\n/, '').replace(/(^|\n)---\s*$/, ''))
      .filter((chunk) => chunk.trim() !== '')
      // Dates stay text, as in the API server's JSON.
      .map((chunk) => parsed(chunk.startsWith('---') ? chunk.slice(3) : chunk))
      // A fixture of Kubernetes objects holds nothing else; an empty document is only a comment.
      .filter((object) => object !== null && object !== undefined) as KubeObject[]
  )
}

const END = '(end)'

// A block of text that a document ends with has a line break at its end only if it is written; js-yaml always adds one.
// Text put behind the document lands in that block, and so tells which one it is.
function parsed(chunk: string): unknown {
  const value = load(chunk)
  if (chunk.endsWith('\n')) return value
  try {
    return endingAsWritten(value, load(chunk + END))
  } catch {
    return value
  }
}

function endingAsWritten(value: unknown, marked: unknown): unknown {
  if (typeof marked === 'string') return marked.endsWith(`${END}\n`) ? marked.slice(0, -END.length - 1) : value
  if (Array.isArray(value) && Array.isArray(marked)) return value.map((item, i) => endingAsWritten(item, marked[i]))
  if (typeof value !== 'object' || value === null || typeof marked !== 'object' || marked === null) return value
  const fields = new Map(Object.entries(marked))
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, endingAsWritten(each, fields.get(key))]))
}

/** Later duplicates of an object replace earlier ones, as in an API server. */
function lastWins(objects: readonly KubeObject[]): readonly KubeObject[] {
  const byName = new Map<string, KubeObject>()
  for (const object of objects) {
    const key = `${object.kind}/${object.metadata.namespace ?? ''}/${object.metadata.name}`
    byName.delete(key)
    byName.set(key, object)
  }
  return [...byName.values()]
}

/** All cases of a suite's folder; none when the folder does not exist. */
export function goldenCases(folder: string): readonly GoldenCase[] {
  if (!existsSync(folder)) return []
  const files = readdirSync(folder)
    .filter((file) => file.endsWith('.yaml'))
    .sort()
  const read = (file: string): string => readFileSync(join(folder, file), 'utf8')
  const defaults = files.includes('_defaults.yaml') ? documents(read('_defaults.yaml')) : []
  return files
    .filter((file) => file !== '_defaults.yaml')
    .map((file) => {
      const text = read(file)
      const split = text.indexOf(MARKER)
      const input = split < 0 ? text : text.slice(0, Math.max(0, split - 1))
      // The part after the marker is one mapping with these two keys.
      const expected = (split < 0 ? {} : load(text.slice(split + MARKER.length))) as {
        readonly output?: readonly unknown[]
        readonly status?: readonly unknown[]
      }
      return {
        name: file.replace(/\.yaml$/, ''),
        objects: lastWins([...defaults, ...documents(input)]),
        output: expected.output ?? [],
        status: expected.status ?? [],
      }
    })
}
