// The features of a kind that the reference shows by an example: the fields of its spec, and of those sections of it that
// only group others. One example each, in a file named by the path.
import { join } from 'node:path'
import type { Crd, StructuralSchema } from '../../src/schema/crd.ts'

/** Folder of the examples; one folder per kind in it. */
export const EXAMPLES = join(import.meta.dirname, '..', '..', 'examples', 'reference')

/** A feature: the steps to its field from the object's root, the path below `spec`, and the file of its example. */
export interface Feature {
  readonly steps: readonly string[]
  readonly path: string
  readonly file: string
}

/** Sections that only group features, by kind. */
const SECTIONS: Readonly<Record<string, readonly string[]>> = {
  AgentgatewayBackend: ['ai', 'ai.provider', 'policies', 'policies.auth', 'policies.mcp'],
  AgentgatewayModel: ['policies', 'virtualModel'],
  AgentgatewayParameters: [],
  AgentgatewayPolicy: ['backend', 'backend.mcp', 'frontend', 'traffic'],
}

/** Fields of sections that are parts of other features. */
const PARTS: ReadonlySet<string> = new Set(
  ['host', 'port', 'path', 'pathPrefix'].map((field) => `ai.provider.${field}`),
)

/** The features of a kind, by path. */
export function featuresOf({ spec }: Crd): readonly Feature[] {
  const sections = SECTIONS[spec.names.kind] ?? []
  const fields = (schema: StructuralSchema, above: readonly string[]): readonly Feature[] =>
    Object.entries(schema.properties ?? {}).flatMap(([name, inner]) => {
      const steps = [...above, name]
      const path = steps.slice(1).join('.')
      if (sections.includes(path)) return fields(inner, steps)
      return PARTS.has(path) ? [] : [{ steps, path, file: `${path}.yaml` }]
    })
  const root = spec.versions[0]?.schema.openAPIV3Schema.properties?.spec ?? {}
  return fields(root, ['spec'])
}
