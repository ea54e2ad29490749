// How the texts of settings are read: each parser gives a value, or throws what is to be said of the text. Which setting takes
// which: settings.ts.

/** A setting's value from its text; throws when the text is none. */
export type Parse = (text: string) => unknown

/** Where AgentgatewayParameters of a class come from when the class itself does not say. */
export interface ClassParameters {
  readonly name: string
  readonly namespace: string
  readonly group: string
  readonly kind: string
}

const TRUE = new Set(['1', 't', 'T', 'TRUE', 'true', 'True'])
const FALSE = new Set(['0', 'f', 'F', 'FALSE', 'false', 'False'])

/** Any text. */
export const text: Parse = (value) => value

/** True or false, as Go writes them. */
export const flag: Parse = (value) => {
  if (TRUE.has(value)) return true
  if (FALSE.has(value)) return false
  throw new Error('must be true or false')
}

/** A port. */
export const port: Parse = (value) => {
  const number = Number(value)
  if (!/^\d+$/.test(value) || number > 65535) throw new Error('must be a port, 0 to 65535')
  return number
}

/** A number of things, at least one. */
export const count: Parse = (value) => {
  const number = Number(value)
  if (!/^\d{1,9}$/.test(value) || number < 1) throw new Error('must be a number, 1 or more')
  return number
}

/** Items with commas between them. */
export const list: Parse = (value) =>
  value
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '')

/** One of some words, in any case. */
export const oneOf =
  (...names: readonly string[]): Parse =>
  (value) => {
    const name = value.toLowerCase()
    if (!names.includes(name)) throw new Error(`must be one of ${names.join(', ')}`)
    return name
  }

/** How the xDS port is protected; `true` and `false` mean tls and plaintext. */
export const xdsMode: Parse = (value) => {
  const word = value.toLowerCase()
  return word === 'true' ? 'tls' : word === 'false' ? 'plaintext' : oneOf('plaintext', 'tls', 'either')(value)
}

/** Label selectors as JSON, which stay text. */
export const selectors: Parse = (value) => {
  const parsed: unknown = JSON.parse(value === '' ? '[]' : value)
  if (!Array.isArray(parsed)) throw new Error('must be a JSON list of label selectors')
  return value
}

/** Parameters by class, as JSON. */
export const classParameters: Parse = (value) => {
  const parsed: unknown = JSON.parse(value === '' ? '{}' : value)
  if (parsed === null || typeof parsed !== 'object' || Array.isArray(parsed)) throw new Error('must be a JSON object')
  return Object.fromEntries(
    Object.entries(parsed).map(([className, ref]: [string, Partial<ClassParameters>]) => {
      for (const field of ['name', 'namespace'] as const) {
        if (!ref?.[field]) throw new Error(`class ${className}: ${field} is required`)
      }
      return [className, { group: 'agentgateway.dev', kind: 'AgentgatewayParameters', ...ref }]
    }),
  )
}
