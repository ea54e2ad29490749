// Objects of our kinds as an API server would have stored them: with their defaults. For objects that no API server has seen,
// because they are made here.
import type { KubeObject } from '../kube/object.ts'
import { type StructuralSchema, structural } from '../schema/crd.ts'
import { structure } from '../schema/structure.ts'
import { kinds } from './kinds.ts'

const schemas = new Map<string, StructuralSchema>()

function schemaOf({ apiVersion, kind }: KubeObject): StructuralSchema | undefined {
  const definition = kinds.find((each) => each.kind === kind && `${each.group}/${each.version}` === apiVersion)
  if (definition === undefined) return undefined
  const known = schemas.get(kind) ?? structural(definition.spec)
  schemas.set(kind, known)
  return known
}

/** The object with the defaults of its kind; one of another kind as it is. */
export function completed<O extends KubeObject & { readonly spec?: unknown }>(object: O): O {
  const schema = object.spec === undefined ? undefined : schemaOf(object)
  return schema === undefined ? object : { ...object, spec: structure(schema, object.spec).value }
}
