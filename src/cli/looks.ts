// How far the manifests are served: an edit that nobody has looked at yet is not, nor one whose commit still runs. Manifests
// have no generations by which clients could tell.

/** Looks at the manifests. */
export interface Looks {
  /** How many there were. */
  readonly taken: number
  /** Of how many everything that they found is served. */
  readonly served: number
}

/** Follows which looks are served. */
export class ServedLooks {
  readonly #taken: () => number
  #served = 0
  #commits = 0

  /** `taken` counts the looks; whatever one finds must be committed by `during` before anybody reads. */
  constructor(taken: () => number) {
    this.#taken = taken
  }

  /** Runs a commit of everything that has been found so far. */
  async during(commit: () => Promise<number>): Promise<number> {
    const taken = this.#taken()
    this.#commits++
    try {
      const number = await commit()
      this.#served = Math.max(this.#served, taken)
      return number
    } finally {
      this.#commits--
    }
  }

  /** How it stands now. */
  read(): Looks {
    const taken = this.#taken()
    // What finds nothing is not committed.
    if (this.#commits === 0) this.#served = taken
    return { taken, served: this.#served }
  }
}
