// HTML that cannot be broken by what is put into it: text is escaped unless it is HTML already.

/** A piece of HTML. */
export interface Html {
  readonly html: string
}

/** What may stand in a template. */
export type Part = Html | string | number | readonly Part[]

/** A piece of HTML from a template literal. */
export function html(pieces: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return { html: pieces.reduce((text, piece, i) => `${text}${rendered(parts[i - 1] ?? '')}${piece}`) }
}

function rendered(part: Part): string {
  if (typeof part === 'string' || typeof part === 'number') return escaped(String(part))
  return 'html' in part ? part.html : part.map(rendered).join('')
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? character)
}
