// Where the manifests of the founding documents are: as printed, in the folder that SEEDS_DIR names, or else our own that say
// the same.
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

const own = join(import.meta.dirname, 'manifests')

/** The folder. */
export const seedsFolder = process.env.SEEDS_DIR === undefined ? own : resolve(process.env.SEEDS_DIR)

/** Files of Kubernetes objects. */
export const objectSeeds = ['K-kubelb', 'D-dynamic-mcp', 'B-chapter4', 'B-chapter5', 'L-blog', 'E-agentkube'] as const

/** Files of a proxy itself. */
export const standaloneSeeds = ['B-standalone', 'L-blog-standalone'] as const

/** A file's path. */
export function seedPath(name: string): string {
  return join(seedsFolder, `${name}.yaml`)
}

/** A file of JSON. */
export function seedJson(name: string): unknown {
  return JSON.parse(readFileSync(join(seedsFolder, `${name}.json`), 'utf8'))
}

/** A file's text. */
export function seed(name: string): string {
  return readFileSync(seedPath(name), 'utf8')
}
