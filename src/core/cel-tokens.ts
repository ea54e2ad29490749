// CEL text → tokens, and what people probably meant where there is none. Which tokens may follow one another: cel.ts.

type TokenKind = 'int' | 'float' | 'string' | 'bytes' | 'word' | 'quoted' | 'keyword' | 'op' | 'end'

/** A word of the language. */
export interface Token {
  readonly kind: TokenKind
  readonly text: string
  readonly offset: number
}

/** The text is not CEL from here on. */
export class SyntaxProblem extends Error {
  readonly offset: number
  readonly hint: string | undefined
  constructor(message: string, offset: number, hint?: string) {
    super(message)
    this.offset = offset
    this.hint = hint
  }
}

const MAX_INT = 2n ** 63n - 1n
const MAX_UINT = 2n ** 64n - 1n

const keywords = new Set(['true', 'false', 'null', 'in'])
const BLANK = /(?:[\t \r\n\f]|\/\/[^\n]*)+/y
const WORD = /[A-Za-z_][A-Za-z0-9_]*/y
const FLOAT = /(?:\d+\.\d+(?:[eE][+-]?\d+)?|\d+[eE][+-]?\d+|\.\d+(?:[eE][+-]?\d+)?)/y
const INT = /(?:0x[0-9a-fA-F]+|\d+)[uU]?/y
const QUOTED = /`[A-Za-z0-9_./ -]+`/y
const OPERATOR = /==|!=|<=|>=|&&|\|\||[-+*/%<>!?:.,()[\]{}]/y
const STRING_START = /[bB]?[rR]?(?:"""|'''|"|')/y
const ESCAPE = /\\(?:[abfnrtv"'\\?`]|[xX][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0-3][0-7]{2})/y

function at(pattern: RegExp, text: string, offset: number): string | undefined {
  pattern.lastIndex = offset
  return pattern.exec(text)?.[0]
}

/** Said about templates. */
export const braceHint =
  'templates are not CEL: write the expression without braces and join text with +, as in "a-" + request.path'

// What people write from the habit of other languages, at the character where CEL stops understanding.
function characterHint(text: string, offset: number): string | undefined {
  const rest = text.slice(offset, offset + 3)
  const before = text[offset - 1] ?? ''
  if (rest.startsWith('='))
    return '==!<>'.includes(before) && before !== '' ? `write ${before === '!' ? '!=' : '=='}` : 'write == to compare'
  if (rest.startsWith('&')) return 'write && for "and"'
  if (rest.startsWith('|')) return 'write || for "or"'
  if (rest.startsWith('$')) return braceHint
  if (/^[“”‘’«»]/.test(rest)) return 'write plain quotes: " or \''
  if (rest.startsWith(';')) return 'an expression does not end with a semicolon'
  if (rest.startsWith('~')) return "write text.matches('pattern') for a regular expression"
  return undefined
}

function stringToken(text: string, start: number, opening: string): Token {
  const raw = /r/i.test(opening)
  const bytes = /b/i.test(opening)
  const quote = opening.slice(opening.search(/["']/))
  const long = quote.length === 3
  let offset = start + opening.length
  for (;;) {
    const character = text[offset]
    if (character === undefined || (!long && (character === '\n' || character === '\r'))) {
      throw new SyntaxProblem('this string is not closed', start, `close it with ${quote}`)
    }
    if (text.startsWith(quote, offset)) break
    if (raw || character !== '\\') {
      offset += 1
      continue
    }
    const sequence = at(ESCAPE, text, offset)
    const code = sequence !== undefined && /^\\u/i.test(sequence) ? Number.parseInt(sequence.slice(2), 16) : 0
    const isScalar = code <= 0x10ffff && (code < 0xd800 || code > 0xdfff)
    if (sequence === undefined || !isScalar || (bytes && /^\\u/i.test(sequence))) {
      const shown = sequence ?? text.slice(offset, offset + 2)
      throw new SyntaxProblem(
        `${shown} is not an escape sequence${bytes ? ' of bytes' : ''}`,
        offset,
        'write \\\\ for a backslash, or put r before the quote',
      )
    }
    offset += sequence.length
  }
  return { kind: bytes ? 'bytes' : 'string', text: text.slice(start, offset + quote.length), offset: start }
}

function numberToken(text: string, offset: number): Token | undefined {
  const float = at(FLOAT, text, offset)
  if (float !== undefined) return { kind: 'float', text: float, offset }
  const int = at(INT, text, offset)
  if (int === undefined) return undefined
  const unsigned = /u$/i.test(int)
  // The sign is not part of the token, so the most negative number is let through here for any sign.
  if (BigInt(unsigned ? int.slice(0, -1) : int) > (unsigned ? MAX_UINT : MAX_INT + 1n)) {
    throw new SyntaxProblem(`${int} does not fit into 64 bits`, offset)
  }
  return { kind: 'int', text: int, offset }
}

/** The token after blanks and comments from an index on; throws SyntaxProblem when there is none. */
export function nextToken(text: string, from: number): Token {
  const offset = from + (at(BLANK, text, from)?.length ?? 0)
  if (offset >= text.length) return { kind: 'end', text: '', offset }
  const opening = at(STRING_START, text, offset)
  if (opening !== undefined) return stringToken(text, offset, opening)
  const word = at(WORD, text, offset)
  if (word !== undefined) return { kind: keywords.has(word) ? 'keyword' : 'word', text: word, offset }
  const number = numberToken(text, offset)
  if (number !== undefined) return number
  const quoted = at(QUOTED, text, offset)
  if (quoted !== undefined) return { kind: 'quoted', text: quoted, offset }
  const operator = at(OPERATOR, text, offset)
  if (operator !== undefined) return { kind: 'op', text: operator, offset }
  const character = String.fromCodePoint(text.codePointAt(offset) ?? 0)
  throw new SyntaxProblem(`unexpected ${character}`, offset, characterHint(text, offset))
}
