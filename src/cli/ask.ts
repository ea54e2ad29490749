// Questions to the admin server of a running control plane, and what is said when nobody answers them.
import { errorText } from '../core/log.ts'

/** An answer, or the sentence to print when there is none. */
export type Asked = { readonly status: number; readonly body: unknown } | { readonly failure: string }

/** Asks for a path. */
export async function ask(server: string, path: string): Promise<Asked> {
  try {
    const response = await fetch(`http://${server}${path}`)
    return { status: response.status, body: await response.json() }
  } catch (error) {
    const cause = error instanceof Error && error.cause !== undefined ? error.cause : error
    return {
      failure: `cannot ask the control plane at ${server}: ${errorText(cause)}; is \`agwcp serve\` running there?`,
    }
  }
}

/** A path with its parameters; those that are undefined are left out. */
export function pathWith(path: string, parameters: readonly (readonly [string, string | undefined])[]): string {
  const query = new URLSearchParams(
    parameters.flatMap(([name, value]): [string, string][] => (value === undefined ? [] : [[name, value]])),
  )
  return `${path}?${query}`
}

/** The sentence of an answer that is an error. */
export function errorIn(body: unknown): string {
  // Errors of the admin server are objects with one sentence.
  const { error } = Object(body) as { readonly error?: unknown }
  return typeof error === 'string' ? error : 'it answered something else than was asked for'
}
