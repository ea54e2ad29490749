// Regular expressions as the API server reads them (RE2's syntax), run by JavaScript's engine. Covers what differs
// between the two in the patterns that schemas and rules use: inline flags, named groups, anchors, POSIX classes.

const posixClasses: Readonly<Record<string, string>> = {
  alnum: '0-9A-Za-z',
  alpha: 'A-Za-z',
  ascii: '\\x00-\\x7F',
  blank: '\\t ',
  cntrl: '\\x00-\\x1F\\x7F',
  digit: '0-9',
  graph: '!-~',
  lower: 'a-z',
  print: ' -~',
  punct: '!-\\/:-@[-`{-~',
  space: '\\t\\n\\v\\f\\r ',
  upper: 'A-Z',
  word: '0-9A-Za-z_',
  xdigit: '0-9A-Fa-f',
}

const TOKEN = /\\Q[\s\S]*?(?:\\E|$)|\\[\s\S]|\[:\^?[a-z]+:\]|\[\^?\]?|\]|\(\?[imsU-]+[):]|\(\?P<|\(|\)|\.|[\s\S]/gu

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
}

// `(?i)` holds to the end of the enclosing group, which JavaScript can only say by opening a group of its own.
function translate(source: string): string {
  let result = ''
  let isClass = false
  const opened = [0]
  for (const [token] of source.matchAll(TOKEN)) {
    if (isClass) {
      const name = /^\[:(\^?)([a-z]+):\]$/.exec(token)
      if (name !== null) result += posixClasses[name[2] ?? ''] ?? token
      else if (token === '[') result += '\\['
      else result += token
      if (token === ']') isClass = false
    } else if (token.startsWith('\\Q')) {
      result += escaped(token.slice(2).replace(/\\E$/, ''))
    } else if (token === '\\A') result += '^'
    else if (token === '\\z') result += '$'
    else if (token === '\\s') result += '[\\t\\n\\f\\r ]'
    else if (token === '\\S') result += '[^\\t\\n\\f\\r ]'
    else if (token === '(?P<') result += '(?<'
    else if (/^\(\?[imsU-]+\)$/.test(token)) {
      result += `(?${token.slice(2, -1)}:`
      opened.push((opened.pop() ?? 0) + 1)
      continue
    } else if (token.startsWith('[')) {
      result += token === '[]' ? '[\\]' : token === '[^]' ? '[^\\]' : token
      isClass = true
    } else if (token === '.') result += '[^\\n]'
    else if (token === ')') {
      result += ')'.repeat((opened.pop() ?? 0) + 1)
    } else result += token
    if (/^\(/.test(token) && !isClass) opened.push(0)
  }
  return result + ')'.repeat(opened.reduce((sum, count) => sum + count, 0))
}

function build(source: string): RegExp | undefined {
  const text = translate(source)
  // With `u` a character is a code point, as in RE2; but it refuses harmless escapes such as `\_`.
  for (const flags of ['u', '']) {
    try {
      return new RegExp(text, flags)
    } catch {
      // The next flags may do.
    }
  }
  return undefined
}

const built = new Map<string, RegExp | undefined>()

/** The JavaScript equivalent of an RE2 expression; undefined when there is none. Cached: patterns come from CRDs. */
export function goRegExp(source: string): RegExp | undefined {
  if (!built.has(source)) built.set(source, build(source))
  return built.get(source)
}
