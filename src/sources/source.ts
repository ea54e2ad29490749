// What every source of objects must provide: batches of edits, collection by collection. How a source finds out what
// changed is its own affair; when edits become visible is settle.ts.
import type { Observable } from 'rxjs'
import type { KubeObject } from '../kube/object.ts'

/** Something wrong with an input, located where a user can mend it. */
export interface ReportedProblem {
  readonly severity: 'error' | 'warning'
  /** `Kind namespace/name`, as far as it is known; empty for a file as a whole. */
  readonly object: string
  readonly file: string
  readonly line: number
  readonly column?: number
  /** Field path, such as `spec.rules[0].matches`; empty for an object as a whole. */
  readonly path: string
  readonly reason: string
  readonly message: string
}

/** One object of a collection set, or deleted when it has no value. */
export interface Edit {
  readonly collection: string
  readonly key: string
  readonly object: KubeObject | undefined
}

/** A step in what a source knows. */
export type Batch =
  /** The whole content of a collection: what is not in it is gone. */
  | { readonly replace: string; readonly objects: ReadonlyMap<string, KubeObject> }
  /** Single edits. */
  | { readonly apply: readonly Edit[] }
  /** All that is wrong with one origin, such as a file; an empty list when it has been mended. */
  | { readonly report: string; readonly problems: readonly ReportedProblem[] }

/** A source of objects. No two sources fill the same collection: what one replaces the other would lose. */
export interface ObjectSource {
  /** For logs: where the objects come from. */
  readonly name: string
  /** Collections that must have been replaced once before anything is committed. */
  readonly required: readonly string[]
  /** Starts the source; unsubscribing stops it. Batches of one emission are committed together. It never errors. */
  batches(): Observable<readonly Batch[]>
}
