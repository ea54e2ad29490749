// Reads what a proxy says when it rejects resources. What follows from it is decided in subscription.ts.

/** What a proxy said about one resource of a response. */
export interface Diagnostic {
  readonly name: string
  /** A warning was applied all the same. */
  readonly severity: 'error' | 'warning'
  readonly message: string
}

const MAX_MESSAGE_LENGTH = 4096

/** One diagnostic per resource; undefined when the text is not the list that it should be. */
export function parseDiagnostics(text: string): readonly Diagnostic[] | undefined {
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    return undefined
  }
  if (!Array.isArray(parsed) || parsed.length === 0) return undefined
  const diagnostics = new Map<string, Diagnostic>()
  for (const item of parsed) {
    const diagnostic = parseItem(item)
    if (diagnostic === undefined) return undefined
    const earlier = diagnostics.get(diagnostic.name)
    diagnostics.set(diagnostic.name, earlier === undefined ? diagnostic : together(earlier, diagnostic))
  }
  return [...diagnostics.values()]
}

/** Text from a proxy, short enough to keep. */
export function shortText(text: string): string {
  return text.length > MAX_MESSAGE_LENGTH ? `${text.slice(0, MAX_MESSAGE_LENGTH)}…` : text
}

function parseItem(item: unknown): Diagnostic | undefined {
  // Checked member by member below.
  const { key, error, warn } = Object(item) as {
    readonly key?: unknown
    readonly error?: unknown
    readonly warn?: unknown
  }
  const message = error ?? warn
  if (typeof key !== 'string' || key === '' || typeof message !== 'string') return undefined
  const severity = typeof error === 'string' ? 'error' : 'warning'
  return { name: key, severity, message: shortText(message) }
}

/** An error outweighs a warning about the same resource; of equal weight, both are told. */
function together(a: Diagnostic, b: Diagnostic): Diagnostic {
  if (a.severity !== b.severity) return a.severity === 'error' ? a : b
  return a.message === b.message ? a : { ...a, message: shortText(`${a.message}; ${b.message}`) }
}
