// Which tests show which rows: the titles in all test files that begin with ids of rows, read from the text of the files.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Place } from './rows.ts'

/** A test that shows rows. */
export interface ShowingTest {
  readonly ids: readonly string[]
  readonly title: string
  /** Path below the root of the repository. */
  readonly file: string
  readonly place: Place
  /** Whether it never runs, or keeps others from running. */
  readonly isOff: boolean
}

const root = join(import.meta.dirname, '../..')

// A test, or the last call of a test with a table, and its title.
const TITLES = /(\b(?:test|it)[.\w]*|\))\(\s*(['"`])([KDBLEX]-\d\d(?:, [KDBLEX]-\d\d)*): ((?:(?!\2)[^\\]|\\.)*)\2/g
const OFF = /\b(?:describe|test|it)\.(?:skip|only|todo|fails)\b/

/** All of them. */
export function showingTests(): readonly ShowingTest[] {
  return ['src', 'test', 'hack']
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
    )
    .filter((file) => file.endsWith('.test.ts'))
    .toSorted()
    .flatMap((file) => testsIn(file, readFileSync(join(root, file), 'utf8')))
}

/** Those of one file. */
export function testsIn(file: string, text: string): readonly ShowingTest[] {
  const isOff = OFF.test(text)
  return [...text.matchAll(TITLES)].map(([, , , ids = '', title = '']) => ({
    ...{ ids: ids.split(', '), title, file, isOff },
    place: placeOf(file),
  }))
}

function placeOf(file: string): Place {
  if (file.startsWith(join('test', 'apiserver'))) return 'cluster'
  return file.startsWith(join('test', 'proxy')) ? 'proxy' : 'files'
}
