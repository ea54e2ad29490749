// Reading an object of another project field by field, so that nothing of it goes by unnoticed: whatever nobody asked for
// is named in the end, and so is what has the wrong type. What a field means is decided by whoever reads it.
import type { Problem, Reason } from '../core/problem.ts'
import { isJsonList, isJsonObject, type Json, type JsonObject } from '../kube/json.ts'

/** The fields of one object, with their paths. Each question marks the field as read. */
export interface Fields {
  readonly path: string
  at(name: string): string
  has(name: string): boolean
  text(name: string): string | undefined
  whole(name: string): number | undefined
  flag(name: string): boolean | undefined
  fields(name: string): Fields | undefined
  /** The objects of a list. */
  list(name: string): readonly Fields[]
  texts(name: string): readonly string[]
  /** The value as it is, with everything in it. */
  json(name: string): Json | undefined
  /** The field has a meaning that needs nothing from us. */
  ignore(...names: readonly string[]): void
  /** Something is wrong with this object or one of its fields. */
  tell(message: string, about?: Telling): void
  /** A field of this object cannot be carried over. */
  drop(name: string, why: string): void
  /** Fields that nobody has asked for, as paths; those of objects inside as well. */
  unread(): readonly string[]
}

/** What else there is to say of a problem. */
export interface Telling {
  readonly field?: string
  readonly reason?: Reason
  readonly severity?: 'error' | 'warning'
}

/** Reason of problems that say what was not carried over. */
export const NOT_CARRIED: Reason = 'UnsupportedValue'

/** Whether a problem says that something of the object has no effect. */
export function isLoss({ reason, severity }: Problem): boolean {
  return reason === NOT_CARRIED && severity === 'warning'
}

/** Opens a value; what is wrong with it, on whatever level, is added to `problems`. */
export function readFields(value: unknown, path: string, problems: Problem[]): Fields {
  const object: JsonObject = isJsonObject(value) ? value : {}
  const seen = new Set<string>()
  const children = new Map<string, Fields>()
  const at = (name: string): string => (path === '' ? name : `${path}.${name}`)
  const ask = (name: string): Json | undefined => {
    seen.add(name)
    // To an API server, null is as good as absent.
    return object[name] ?? undefined
  }
  const wrong = (name: string, expected: string): undefined => {
    problems.push({ reason: 'Invalid', path: at(name), message: `${at(name)} must be ${expected}` })
    return undefined
  }
  // Whoever asks twice sees the same fields, so that what was read stays read.
  const child = (content: Json, where: string): Fields => {
    const opened = children.get(where) ?? readFields(content, where, problems)
    children.set(where, opened)
    return opened
  }
  return {
    path,
    at,
    has: (name) => ask(name) !== undefined,
    text: (name) => {
      const found = ask(name)
      return found === undefined || typeof found === 'string' ? found : wrong(name, 'a string')
    },
    whole: (name) => {
      const found = ask(name)
      return found === undefined || Number.isInteger(found) ? numberOf(found) : wrong(name, 'an integer')
    },
    flag: (name) => {
      const found = ask(name)
      return found === undefined || typeof found === 'boolean' ? found : wrong(name, 'true or false')
    },
    fields: (name) => {
      const found = ask(name)
      if (found === undefined) return undefined
      return isJsonObject(found) ? child(found, at(name)) : wrong(name, 'a mapping')
    },
    list: (name) => {
      const found = ask(name)
      if (found === undefined) return []
      if (!isJsonList(found)) return wrong(name, 'a list') ?? []
      return found.flatMap((each, i) => {
        if (isJsonObject(each)) return [child(each, `${at(name)}[${i}]`)]
        return wrong(`${name}[${i}]`, 'a mapping') ?? []
      })
    },
    texts: (name) => {
      const found = ask(name)
      if (found === undefined) return []
      if (!isJsonList(found)) return wrong(name, 'a list') ?? []
      return found.flatMap((each, i) =>
        typeof each === 'string' ? [each] : (wrong(`${name}[${i}]`, 'a string') ?? []),
      )
    },
    json: ask,
    ignore: (...names) => {
      for (const name of names) seen.add(name)
    },
    tell: (message, { field, reason = 'Invalid', severity } = {}) => {
      if (field !== undefined) seen.add(field)
      const about = { reason, path: field === undefined ? path : at(field), message }
      problems.push(severity === undefined ? about : { ...about, severity })
    },
    drop: (name, why) => {
      if (ask(name) === undefined) return
      problems.push({
        reason: NOT_CARRIED,
        path: at(name),
        message: `${at(name)} has no effect: ${why}`,
        severity: 'warning',
      })
    },
    unread: () => [
      ...Object.keys(object)
        .filter((name) => !seen.has(name) && (object[name] ?? undefined) !== undefined)
        .map(at),
      ...[...children.values()].flatMap((each) => each.unread()),
    ],
  }
}

/** Names every field of an object that nobody has asked for. */
export function dropUnread(fields: Fields, problems: Problem[], why: string): void {
  for (const path of fields.unread()) {
    problems.push({ reason: NOT_CARRIED, path, message: `${path} has no effect: ${why}`, severity: 'warning' })
  }
}

function numberOf(value: Json | undefined): number | undefined {
  return typeof value === 'number' ? value : undefined
}
