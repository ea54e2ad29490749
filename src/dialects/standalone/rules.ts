// CEL rules about tools as guides print them: a single `=` where `==` is meant, and tool names with the prefix that only
// clients see. Rules see the names that the MCP servers themselves use.
import { checkCel } from '../../core/cel.ts'

/** A rule as it should be written. */
export interface MendedRule {
  readonly expression: string
  /** What was wrong, one sentence each. */
  readonly notes: readonly string[]
}

/** Writes `==` for each single `=` outside of strings, where that makes an expression of it. */
export function mendEquals(expression: string): string | undefined {
  const mended = expression.replace(/("(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')|([=!<>]=)|=/g, (whole, text, operator) =>
    text !== undefined || operator !== undefined ? whole : '==',
  )
  return mended !== expression && checkCel(mended) === undefined ? mended : undefined
}

const STRINGS = /"((?:\\.|[^"\\])*)"|'((?:\\.|[^'\\])*)'/g
const LISTED = /mcp\.tool\.name\s+in\s+\[([^\]]*)\]/g
const EQUAL = /mcp\.tool\.name\s*==\s*("(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')/g

/** Names of tools that begin with a target's name, which no server gives to a tool: with the rule that is meant. */
export function mendPrefixes(expression: string, targets: readonly string[]): MendedRule | undefined {
  const notes: string[] = []
  const split = (name: string): string | undefined => {
    const target = targets.find((each) => name.startsWith(`${each}_`))
    if (target === undefined) return undefined
    const own = name.slice(target.length + 1)
    notes.push(
      `no tool is called ${JSON.stringify(name)}: rules see the server's own name, ${JSON.stringify(own)}, and the target's beside it`,
    )
    return `mcp.tool.target == ${JSON.stringify(target)} && mcp.tool.name == ${JSON.stringify(own)}`
  }
  const mended = expression
    .replace(LISTED, (whole, inside: string) => {
      const names = [...inside.matchAll(STRINGS)].map(([, a, b]) => a ?? b ?? '')
      const parts = names.map((name) => split(name))
      if (parts.every((part) => part === undefined)) return whole
      const plain = names.filter((_, i) => parts[i] === undefined)
      const kept =
        plain.length === 0 ? [] : [`mcp.tool.name in [${plain.map((name) => JSON.stringify(name)).join(', ')}]`]
      const said = parts.flatMap((part) => (part === undefined ? [] : [`(${part})`]))
      return [...kept, ...said].join(' || ')
    })
    .replace(EQUAL, (whole, text: string) => {
      const part = split(text.slice(1, -1))
      return part === undefined ? whole : `(${part})`
    })
  return notes.length === 0 ? undefined : { expression: mended, notes }
}
