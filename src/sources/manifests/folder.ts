// Files and folders of manifests as a source: read once, or watched. When a look at the disk is taken, and when what it
// shows is believed, is decided here; what the files mean is decided in manifests.ts.
import { type FSWatcher, readFileSync, watch } from 'node:fs'
import { join } from 'node:path'
import { text as textOf } from 'node:stream/consumers'
import { Observable, type Subscriber } from 'rxjs'
import type { TypedRef } from '../../core/keys.ts'
import type { KubeObject } from '../../kube/object.ts'
import { type WatchedKind, watchedKinds } from '../kubernetes/kinds.ts'
import type { Batch, ObjectSource, ReportedProblem } from '../source.ts'
import { type Admit, admission, alreadyAdmitted } from './defaults.ts'
import { type FoundFile, fileProblem, type Listing, listManifests, unreadable } from './files.ts'
import {
  changeBatches,
  combine,
  definitionOf,
  emptyWorld,
  type JudgedFile,
  judge,
  type ManifestPlace,
  placeOf,
  vanished,
  type World,
  wholeBatches,
} from './manifests.ts'
import { type ForeignDocument, maxBytes, parseManifests } from './parse.ts'

/** Which manifests to read, and how. */
export interface ManifestOptions {
  /** Files, folders, or `-` for standard input. */
  readonly paths: readonly string[]
  readonly kinds?: readonly WatchedKind[]
  /** The API server's part; `alreadyAdmitted` takes objects as they are. */
  readonly admit?: Admit
  /** How long after an event the disk is looked at, and how long a disappearance must last. */
  readonly debounceMs?: number
  /** How often the disk is looked at without an event, for file systems that send none. */
  readonly rescanMs?: number
  readonly stdin?: () => Promise<string>
}

/** Answers where a field of an object stands. */
export type Locate = (object: TypedRef, path: string) => ManifestPlace | undefined

/** What manifests say at one moment. */
export interface Manifests {
  /** Objects by collection and key, live statuses included; every collection of every kind is there. */
  readonly collections: ReadonlyMap<string, ReadonlyMap<string, KubeObject>>
  readonly problems: readonly ReportedProblem[]
  /** Documents of kinds that are not watched. */
  readonly foreign: readonly ForeignDocument[]
  readonly locate: Locate
}

/** A source that knows where its objects stand. */
export interface ManifestSource extends ObjectSource {
  readonly locate: Locate
  /** How often all manifests have been looked at; whatever a look finds is emitted right after it is counted. */
  readonly looks: () => number
}

const isNamespace = (kind: WatchedKind): boolean => kind.kind === 'Namespace' && kind.group === ''

const stdinPath = '-'
const stdinName = 'standard input'
/** The stamp of what is there but cannot be read; no file has it. */
const unread = 'unread'
/** A change is not believed for good in the first moments: the clocks of files are coarse. */
const freshMs = 50
/** How often in a row a disappearance may put off everything else. */
const maxDoubts = 5

/** Reads manifests once, without watching. */
export async function readManifests(options: ManifestOptions): Promise<Manifests> {
  const reader = new Reader(options, await readStdin(options))
  const world = reader.look()
  const collections = wholeBatches(world, reader.kinds).flatMap((batch) =>
    'replace' in batch ? [[batch.replace, batch.objects] as const] : [],
  )
  return {
    collections: new Map(collections),
    problems: [...world.problems.values()].flat(),
    foreign: reader.foreign(),
    locate: locateIn(() => world, reader.kinds),
  }
}

/** Manifests that are watched: an edit is live a moment after it was saved. */
export function manifestSource(options: ManifestOptions): ManifestSource {
  const { kinds = watchedKinds } = options
  let current: Pick<FolderWatch, 'world' | 'looks'> = { world: emptyWorld, looks: 0 }
  return {
    name: `manifests in ${options.paths.join(', ')}`,
    required: kinds.map((kind) => kind.collection),
    batches: () =>
      new Observable((subscriber) => {
        const stop = new AbortController()
        void readStdin(options).then((stdin) => {
          if (stop.signal.aborted) return
          const folderWatch = new FolderWatch(new Reader(options, stdin), options, subscriber)
          current = folderWatch
          stop.signal.addEventListener('abort', () => folderWatch.stop())
          folderWatch.start()
        })
        return () => stop.abort()
      }),
    locate: locateIn(() => current.world, kinds),
    looks: () => current.looks,
  }
}

function locateIn(world: () => World, kinds: readonly WatchedKind[]): Locate {
  return (object, path) => {
    const definition = definitionOf(world(), kinds, object)
    return definition === undefined ? undefined : placeOf(definition, path)
  }
}

/** Standard input is read once, whole. A string is its text, a problem what kept it from being read. */
async function readStdin({ paths, stdin }: ManifestOptions): Promise<string | ReportedProblem | undefined> {
  if (!paths.includes(stdinPath)) return undefined
  try {
    return await (stdin ?? (() => textOf(process.stdin)))()
  } catch (error) {
    return unreadable(stdinName, error)
  }
}

interface ReadFile {
  readonly stamp: string
  readonly text: string
  readonly judged: JudgedFile
}

/** Looks at the disk, reading only files that changed. */
class Reader {
  readonly kinds: readonly WatchedKind[]
  /** Folders of the last look. */
  folders: ReadonlySet<string> = new Set()
  /** Whether some file changed so recently that it must be looked at again. */
  isFresh = false
  private readonly paths: readonly string[]
  private readonly admit: Admit
  private world: World | undefined
  private readonly stdin: string | ReportedProblem | undefined
  private seen: ReadonlyMap<string, ReadFile> = new Map()
  /** What the files said when it was last believed: broken files fall back to it. */
  private believed: ReadonlyMap<string, ReadFile> = new Map()

  constructor(options: ManifestOptions, stdin: string | ReportedProblem | undefined) {
    this.kinds = options.kinds ?? watchedKinds
    this.admit = options.admit ?? admission()
    this.paths = options.paths
    this.stdin = stdin
  }

  /** The world as it seems to be now; the same as before when no file changed. */
  look(): World {
    this.isFresh = false
    const folders = new Set<string>()
    const seen = new Map<string, ReadFile>()
    for (const root of this.paths) {
      if (root === stdinPath) seen.set(stdinName, this.readText(stdinName, this.stdin ?? ''))
      else this.lookAt(listManifests(root), seen, folders)
    }
    this.folders = folders
    const isSame =
      seen.size === this.seen.size && [...seen].every(([path, file]) => this.seen.get(path)?.judged === file.judged)
    this.seen = seen
    if (isSame && this.world !== undefined) return this.world
    // Objects that come from a cluster come with their namespaces.
    const implied = this.admit === alreadyAdmitted ? undefined : this.kinds.find(isNamespace)
    this.world = combine(new Map([...seen].map(([path, file]) => [path, file.judged])), implied)
    return this.world
  }

  /** Makes the last look what broken files fall back to. */
  believe(): void {
    this.believed = this.seen
  }

  foreign(): readonly ForeignDocument[] {
    return [...this.seen.values()].flatMap((file) => file.judged.foreign)
  }

  private lookAt(listing: Listing, seen: Map<string, ReadFile>, folders: Set<string>): void {
    for (const folder of listing.folders) folders.add(folder)
    for (const [path, entry] of listing.entries) {
      if (seen.has(path)) continue
      seen.set(path, 'stamp' in entry ? this.read(entry) : this.fallBack(path, entry))
      if ('stamp' in entry || entry.reason === 'NotFound') continue
      // What is below a folder that cannot be read is not gone.
      for (const below of this.believed.keys()) {
        if (below.startsWith(join(path, '/')) && !seen.has(below)) seen.set(below, this.fallBack(below, undefined))
      }
    }
  }

  private read(file: FoundFile): ReadFile {
    const known = this.seen.get(file.path)
    const age = Date.now() - file.modifiedMs
    const isFresh = age >= 0 && age < freshMs
    this.isFresh ||= isFresh
    if (known?.stamp === file.stamp) return known
    if (file.size > maxBytes) {
      const limit = `larger than ${maxBytes / 1024 / 1024} MB`
      return this.fallBack(file.path, fileProblem(file.path, 'TooLarge', `${file.path} is ${limit} and is not read`))
    }
    try {
      const text = readFileSync(file.path, 'utf8')
      const stamp = isFresh ? '' : file.stamp
      if (known?.text === text) return { ...known, stamp }
      return { ...this.readText(file.path, text), stamp }
    } catch (error) {
      return this.fallBack(file.path, unreadable(file.path, error))
    }
  }

  private readText(path: string, text: string | ReportedProblem): ReadFile {
    if (typeof text !== 'string') return this.fallBack(path, text)
    const known = this.seen.get(path)
    if (known?.text === text) return known
    const former = this.believed.get(path)?.judged
    return { stamp: '', text, judged: judge(parseManifests(path, text, this.kinds), this.admit, former) }
  }

  /** What a file said before it could no longer be read. */
  private fallBack(path: string, problem: ReportedProblem | undefined): ReadFile {
    const former = this.believed.get(path)?.judged
    const definitions = problem?.reason === 'NotFound' ? [] : (former?.definitions ?? [])
    const problems = problem === undefined ? [] : [problem]
    const known = this.seen.get(path)
    const text = JSON.stringify(problem)
    if (known?.stamp === unread && known.text === text) return known
    return { stamp: unread, text, judged: { definitions, foreign: [], problems } }
  }
}

/** Decides when to look, and when to believe what was seen. */
class FolderWatch {
  world: World = emptyWorld
  /** Looks that were believed. */
  looks = 0
  private readonly reader: Reader
  private readonly subscriber: Subscriber<readonly Batch[]>
  private readonly debounceMs: number
  private readonly rescanMs: number
  private readonly watchers = new Map<string, FSWatcher>()
  private timer: NodeJS.Timeout | undefined
  /** When the first event came that has not been looked at. */
  private firstEventAt: number | undefined
  private doubted: ReadonlySet<string> = new Set()
  private doubts = 0

  constructor(reader: Reader, options: ManifestOptions, subscriber: Subscriber<readonly Batch[]>) {
    this.reader = reader
    this.subscriber = subscriber
    this.debounceMs = options.debounceMs ?? 40
    this.rescanMs = options.rescanMs ?? 500
  }

  start(): void {
    this.world = this.reader.look()
    this.reader.believe()
    this.looks++
    this.subscriber.next(wholeBatches(this.world, this.reader.kinds))
    this.afterwards(0)
  }

  stop(): void {
    clearTimeout(this.timer)
    for (const watcher of this.watchers.values()) watcher.close()
    this.watchers.clear()
  }

  private scan(): void {
    const startedAt = performance.now()
    this.firstEventAt = undefined
    const next = this.reader.look()
    const missing = vanished(this.world, next)
    const isSudden = missing.some((id) => !this.doubted.has(id)) && this.doubts < maxDoubts
    if (isSudden) {
      // A file that is being renamed or written is gone, or short, for a moment. All waits with it, so that a change
      // that moves an object from one file to another is one change.
      this.doubted = new Set(missing)
      this.doubts++
      this.lookIn(this.debounceMs)
      return
    }
    this.doubted = new Set()
    this.doubts = 0
    this.reader.believe()
    const batches = changeBatches(this.world, next)
    this.world = next
    this.looks++
    if (batches.length > 0) this.subscriber.next(batches)
    this.afterwards(performance.now() - startedAt)
  }

  /** Watches the folders that there are now, and plans the next look. */
  private afterwards(tookMs: number): void {
    const isNew = this.watchFolders()
    // Between listing a folder and watching it something may have happened unseen.
    if (isNew || this.reader.isFresh) this.lookIn(Math.max(this.debounceMs, freshMs))
    else this.lookIn(Math.max(this.rescanMs, tookMs * 20))
  }

  private watchFolders(): boolean {
    const { folders } = this.reader
    for (const [folder, watcher] of this.watchers) {
      if (folders.has(folder)) continue
      watcher.close()
      this.watchers.delete(folder)
    }
    let isNew = false
    for (const folder of folders) {
      if (this.watchers.has(folder)) continue
      try {
        const watcher = watch(folder, { persistent: false }, () => this.heard())
        watcher.on('error', () => this.forget(folder))
        this.watchers.set(folder, watcher)
        isNew = true
      } catch {
        // No events from here, because it is gone or the system has no watches left: the regular look will do.
      }
    }
    return isNew
  }

  /** A folder that was replaced needs a new watch, which the next look makes. */
  private forget(folder: string): void {
    this.watchers.get(folder)?.close()
    this.watchers.delete(folder)
    this.heard()
  }

  /** Looks when the events pause, or after four times that when they do not. */
  private heard(): void {
    const now = performance.now()
    this.firstEventAt ??= now
    const latest = this.firstEventAt + 4 * this.debounceMs
    this.lookIn(Math.min(this.debounceMs, latest - now))
  }

  private lookIn(ms: number): void {
    clearTimeout(this.timer)
    this.timer = setTimeout(() => this.scan(), Math.max(0, ms))
    this.timer.unref()
  }
}
