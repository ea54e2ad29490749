// Which files of some folders are manifests, and whether they changed since the last look. What is in them is not
// looked at here.
import { readdirSync, realpathSync, type Stats, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { ReportedProblem } from '../source.ts'

/** A manifest on disk. */
export interface FoundFile {
  /** As the user would write it: the path given, and the way from there. */
  readonly path: string
  /** Different when the file was replaced or written. */
  readonly stamp: string
  readonly size: number
  readonly modifiedMs: number
}

/** What a look at the disk found. */
export interface Listing {
  /** By path, in order of names: manifests, and what could not be looked at. */
  readonly entries: ReadonlyMap<string, FoundFile | ReportedProblem>
  /** Folders in which an event may mean a change. */
  readonly folders: ReadonlySet<string>
}

interface Findings {
  readonly entries: Map<string, FoundFile | ReportedProblem>
  readonly folders: Set<string>
}

/** Finds `*.yaml`, `*.yml` and `*.json` in a folder and all that is below it; a single file may have any name. */
export function listManifests(path: string): Listing {
  const findings: Findings = { entries: new Map(), folders: new Set() }
  const stats = look(path, findings)
  if (stats?.isDirectory()) listFolder(path, findings, new Set())
  else {
    // A file is replaced by renaming another onto it, or by turning a link: its folder tells, the file does not.
    findings.folders.add(dirname(path))
    if (stats !== undefined) findings.entries.set(path, found(path, stats))
  }
  return findings
}

/** A problem of a file as a whole. */
export function fileProblem(file: string, reason: string, message: string): ReportedProblem {
  return { severity: 'error', object: '', file, line: 1, column: 1, path: '', reason, message }
}

/** What kept a file from being read, in words. */
export function unreadable(file: string, error: unknown): ReportedProblem {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code === 'ENOENT') return fileProblem(file, 'NotFound', `there is no file or folder ${file}`)
  const known: Readonly<Record<string, string>> = {
    EACCES: 'permission to read it is missing',
    EPERM: 'permission to read it is missing',
    EISDIR: 'it is a folder',
    ELOOP: 'its symbolic links go round in a circle',
  }
  const cause = known[code] ?? (error instanceof Error ? error.message : String(error))
  return fileProblem(file, 'Unreadable', `${file} cannot be read: ${cause}`)
}

const manifestName = /\.(ya?ml|json)$/i

/** Hidden files and folders are left alone: with them the traces of editors, of version control and of mounts. */
function listFolder(path: string, findings: Findings, above: ReadonlySet<string>): void {
  try {
    const real = realpathSync(path)
    if (above.has(real)) return
    findings.folders.add(path)
    for (const entry of readdirSync(path, { withFileTypes: true }).sort(byName)) {
      const inner = join(path, entry.name)
      if (entry.name.startsWith('.')) continue
      const isManifest = manifestName.test(entry.name)
      // Nothing but links and manifests needs a look at the disk to know what it is.
      if (entry.isFile() && !isManifest) continue
      const stats = entry.isDirectory() ? undefined : look(inner, isManifest ? findings : undefined)
      if (entry.isDirectory() || stats?.isDirectory()) listFolder(inner, findings, new Set([...above, real]))
      else if (stats?.isFile() && isManifest) findings.entries.set(inner, found(inner, stats))
    }
  } catch (error) {
    findings.entries.set(path, unreadable(path, error))
  }
}

function look(path: string, findings: Findings | undefined): Stats | undefined {
  try {
    return statSync(path)
  } catch (error) {
    findings?.entries.set(path, unreadable(path, error))
    return undefined
  }
}

function found(path: string, stats: Stats): FoundFile {
  const { ino, size, mtimeMs, ctimeMs } = stats
  return { path, stamp: `${ino} ${size} ${mtimeMs} ${ctimeMs}`, size, modifiedMs: mtimeMs }
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : 1
}
