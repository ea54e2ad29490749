// Keeps generated files as they should be: writes those that differ, or with `--check` only says which do and fails. What is
// in them is the generators'.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Files of a folder. */
export interface Generated {
  readonly folder: string
  /** Content by path within the folder. */
  readonly files: ReadonlyMap<string, string>
  /** Other files with this ending do not belong there. */
  readonly ending?: string
}

/** Writes the files, or checks them when the command line says `--check`. */
export function keep({ folder, files, ending }: Generated): void {
  const stale = [...files].filter(([name, text]) => contentOf(join(folder, name)) !== text)
  const foreign = ending === undefined ? [] : present(folder, ending).filter((name) => !files.has(name))
  if (process.argv.includes('--check')) {
    const wrong = [...stale.map(([name]) => name), ...foreign]
    for (const name of wrong) console.error(`out of date: ${join(folder, name)}`)
    if (wrong.length === 0) return
    console.error('run `npm run gen`')
    process.exitCode = 1
    return
  }
  for (const [name, text] of stale) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  for (const name of foreign) rmSync(join(folder, name))
}

function contentOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

function present(folder: string, ending: string): readonly string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith(ending))
  } catch {
    return []
  }
}
