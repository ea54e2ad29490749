// Whether the text of a user's CEL expression is CEL: the language's grammar, its standard macros and nothing about
// types, names or functions, which only the proxy knows. Refusing what the proxy accepts would be an outage, so this
// follows the grammar to the letter (`.5`, raw and triple-quoted strings, optional selection) and says where it breaks.
import { braceHint, nextToken, SyntaxProblem, type Token } from './cel-tokens.ts'

/** What is wrong with an expression, where, and what the writer probably meant. */
export interface CelProblem {
  readonly message: string
  /** Index into the expression, in UTF-16 code units. */
  readonly offset: number
  /** 1-based. */
  readonly line: number
  /** 1-based. */
  readonly column: number
  readonly hint?: string
}

const MAX_DEPTH = 250
const reserved = new Set(
  'as break const continue else for function if import let loop package namespace return var void while'.split(' '),
)
const comprehensions = new Map([
  ['all', [2]],
  ['exists', [2]],
  ['exists_one', [2]],
  ['map', [2, 3]],
  ['filter', [2]],
])

/** What the macros need to know of an argument. */
type Shape = 'name' | 'selection' | 'other'

class Recognizer {
  readonly #text: string
  readonly #open: Token[] = []
  #token: Token
  #end: number
  #depth = 0

  constructor(text: string) {
    this.#text = text
    this.#token = nextToken(text, 0)
    this.#end = this.#token.offset + this.#token.text.length
  }

  run(): void {
    this.#expression()
    if (this.#token.kind !== 'end') this.#unexpected()
  }

  #advance(): Token {
    const token = this.#token
    this.#token = nextToken(this.#text, this.#end)
    this.#end = this.#token.offset + this.#token.text.length
    return token
  }

  #is(...operators: readonly string[]): boolean {
    return this.#token.kind === 'op' && operators.includes(this.#token.text)
  }

  #accept(...operators: readonly string[]): boolean {
    if (!this.#is(...operators)) return false
    this.#advance()
    return true
  }

  #openBracket(): void {
    this.#open.push(this.#advance())
  }

  #close(bracket: string): void {
    if (!this.#is(bracket)) this.#unexpected(`"${bracket}"`)
    this.#open.pop()
    this.#advance()
  }

  #unexpected(expected?: string): never {
    const { kind, text, offset } = this.#token
    const open = this.#open.at(-1)
    const what = kind === 'end' ? 'the expression ends too early' : `unexpected ${text}`
    throw new SyntaxProblem(
      expected === undefined ? what : `${what}, expected ${expected}`,
      offset,
      this.#hint() ??
        (kind === 'end' && open !== undefined ? `"${open.text}" at ${open.offset + 1} is not closed` : undefined),
    )
  }

  #hint(): string | undefined {
    const { kind, text, offset } = this.#token
    const before = this.#text.slice(0, offset).trimEnd()
    if (text === '{' && before.endsWith('{')) return braceHint
    if (kind === 'word' && text.toLowerCase() === 'and') return 'write && for "and"'
    if (kind === 'word' && text.toLowerCase() === 'or') return 'write || for "or"'
    if (kind === 'word' && /\bnot$/i.test(before)) return 'write ! for "not"'
    if (text === '?' && before.endsWith('?')) return 'write a.?b.orValue(c), or has(a.b) ? a.b : c'
    if ((text === '>' || text === '=') && before.endsWith('=')) return 'write == to compare'
    if (kind === 'word' && /["']$/.test(before)) return 'a quote within a string is written with a backslash before it'
    return undefined
  }

  #expression(): Shape {
    this.#depth += 1
    if (this.#depth > MAX_DEPTH) throw new SyntaxProblem('nested too deeply', this.#token.offset)
    let shape = this.#binary()
    if (this.#accept('?')) {
      this.#binary()
      if (!this.#accept(':')) this.#unexpected('":" and the other branch of the condition')
      this.#expression()
      shape = 'other'
    }
    this.#depth -= 1
    return shape
  }

  // Precedence does not matter to whether a text is well formed; only that operands and operators alternate.
  #binary(): Shape {
    let shape = this.#unary()
    while (
      this.#is('||', '&&', '==', '!=', '<', '<=', '>', '>=', '+', '-', '*', '/', '%') ||
      (this.#token.kind === 'keyword' && this.#token.text === 'in')
    ) {
      this.#advance()
      this.#unary()
      shape = 'other'
    }
    return shape
  }

  #unary(): Shape {
    if (this.#is('!')) {
      while (this.#accept('!'));
      if (this.#is('-')) this.#negativeLiteral()
      this.#member()
      return 'other'
    }
    if (this.#is('-')) {
      while (this.#accept('-'));
      this.#member()
      return 'other'
    }
    return this.#member()
  }

  #negativeLiteral(): void {
    this.#advance()
    if (this.#token.kind !== 'int' && this.#token.kind !== 'float') this.#unexpected('a number')
  }

  #member(): Shape {
    const first = this.#token
    let shape = this.#primary()
    // A message such as `a.b{c: 1}` can only follow a plain path of names.
    let isPath = first.kind === 'word' && shape === 'name'
    for (;;) {
      if (this.#accept('.')) {
        const isOptional = this.#accept('?')
        const { kind, text } = this.#token
        if (kind !== 'word' && !(kind === 'quoted')) this.#unexpected('the name of a field')
        this.#advance()
        if (kind === 'word' && !isOptional && this.#is('(')) {
          this.#macro(text, this.#arguments())
          shape = 'other'
          isPath = false
        } else {
          shape = isOptional ? 'other' : 'selection'
          isPath &&= kind === 'word' && !isOptional
        }
      } else if (this.#is('[')) {
        this.#openBracket()
        this.#accept('?')
        this.#expression()
        this.#close(']')
        shape = 'other'
        isPath = false
      } else if (isPath && this.#is('{')) {
        this.#entries(() => this.#fieldName())
        shape = 'other'
        isPath = false
      } else {
        return shape
      }
    }
  }

  #fieldName(): void {
    this.#accept('?')
    if (this.#token.kind !== 'word' && this.#token.kind !== 'quoted') this.#unexpected('the name of a field')
    this.#advance()
  }

  #primary(): Shape {
    const { kind, text, offset } = this.#token
    if (kind === 'op') return this.#bracketed(text)
    if (kind === 'end' || kind === 'quoted' || text === 'in') this.#unexpected('a value')
    this.#advance()
    if (kind !== 'word') return 'other'
    if (reserved.has(text)) {
      const hint = text === 'if' || text === 'else' ? 'write condition ? a : b' : undefined
      throw new SyntaxProblem(`${text} is a reserved word`, offset, hint)
    }
    if (!this.#is('(')) return 'name'
    const shapes = this.#arguments()
    if (text === 'has' && shapes.length === 1 && shapes[0] !== 'selection') {
      throw new SyntaxProblem('has() takes the path of a field', offset, 'write has(a.b); has(a["b"]) is "b" in a')
    }
    return 'other'
  }

  #bracketed(text: string): Shape {
    switch (text) {
      case '(': {
        this.#openBracket()
        const shape = this.#expression()
        this.#close(')')
        return shape
      }
      case '[':
        this.#list()
        return 'other'
      case '{':
        this.#entries(() => {
          this.#accept('?')
          this.#expression()
        })
        return 'other'
      case '.':
        this.#advance()
        if (this.#token.kind !== 'word') this.#unexpected('a name')
        return this.#primary()
      default:
        return this.#unexpected('a value')
    }
  }

  #list(): void {
    this.#openBracket()
    while (!this.#is(']', ',')) {
      this.#accept('?')
      this.#expression()
      if (!this.#accept(',') || this.#is(']')) break
    }
    if (this.#is(',')) this.#advance()
    this.#close(']')
  }

  #entries(key: () => void): void {
    this.#openBracket()
    while (!this.#is('}', ',')) {
      key()
      if (!this.#accept(':')) this.#unexpected('":" and a value')
      this.#expression()
      if (!this.#accept(',') || this.#is('}')) break
    }
    if (this.#is(',')) this.#advance()
    this.#close('}')
  }

  #arguments(): readonly Shape[] {
    const shapes: Shape[] = []
    this.#openBracket()
    if (!this.#is(')')) {
      do shapes.push(this.#expression())
      while (this.#accept(','))
    }
    this.#close(')')
    return shapes
  }

  #macro(name: string, shapes: readonly Shape[]): void {
    if (comprehensions.get(name)?.includes(shapes.length) && shapes[0] !== 'name') {
      throw new SyntaxProblem(
        `the first argument of ${name}() is the name of a variable`,
        this.#token.offset,
        `write list.${name}(x, …x…)`,
      )
    }
  }
}

/** Says what is wrong with the syntax of an expression; nothing when it is well formed. */
export function checkCel(expression: string): CelProblem | undefined {
  try {
    new Recognizer(expression).run()
    return undefined
  } catch (error) {
    if (!(error instanceof SyntaxProblem)) throw error
    const { message, offset, hint } = error
    const lines = expression.slice(0, offset).split('\n')
    const position = { offset, line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 }
    return hint === undefined ? { message, ...position } : { message, ...position, hint }
  }
}

/** The problem as one sentence, with its position and what to write instead. */
export function describeCelProblem({ message, line, column, hint }: CelProblem): string {
  return `${message} at ${line}:${column}${hint === undefined ? '' : ` (${hint})`}`
}
