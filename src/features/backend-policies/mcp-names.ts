// Rules about MCP tools that can never match. Clients see `target_tool` where several targets are one server, but rules
// are asked with the name that the server itself gave, and the target's name beside it. Which targets there are is the
// caller's to know.
import type { Problem } from '../../core/problem.ts'
import { itemsOf } from '../shared/lists.ts'
import type { AuthorizationRules } from '../shared/rules.ts'

const KINDS = ['tool', 'prompt'] as const
const TEXT = String.raw`"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'`

/** The rules of a set of policies about MCP, as far as they are read here. */
interface McpRules {
  readonly mcp?: { readonly authorization?: AuthorizationRules }
}

/** The same for a set of backend policies at `path`, where it has such rules. */
export function misnamedTools(
  policies: object | undefined,
  path: string,
  targets: readonly string[],
): readonly Problem[] {
  // Any object can be asked for the field; unchecked rules are read with care below.
  const { mcp }: McpRules = policies ?? {}
  return prefixedNames(mcp?.authorization, targets, `${path}.mcp.authorization`)
}

/** Warnings about names that carry the name of a target; `path` is where the rules stand. */
export function prefixedNames(
  rules: AuthorizationRules | undefined,
  targets: readonly string[],
  path: string,
): readonly Problem[] {
  if (targets.length === 0) return []
  return itemsOf(rules?.policy?.matchExpressions).flatMap((expression, i) => {
    if (typeof expression !== 'string') return []
    const found = KINDS.flatMap((kind) => comparedNames(expression, kind).map((name) => ({ kind, ...name })))
    return found.flatMap(({ kind, name, isStart }): readonly Problem[] => {
      const target = targets.filter((each) => name.startsWith(`${each}_`)).toSorted((a, b) => b.length - a.length)[0]
      if (target === undefined) return []
      const own = name.slice(target.length + 1)
      const named = isStart ? `.startsWith(${JSON.stringify(own)})` : ` == ${JSON.stringify(own)}`
      const write = `mcp.${kind}.target == ${JSON.stringify(target)}${own === '' ? '' : ` && mcp.${kind}.name${named}`}`
      return [
        {
          reason: 'PartiallyValid',
          path: `${path}.policy.matchExpressions[${i}]`,
          message: `${JSON.stringify(name)} never matches: mcp.${kind}.name is the name without that of its target; write ${write}`,
          severity: 'warning',
        },
      ]
    })
  })
}

interface ComparedName {
  readonly name: string
  /** The name is only the start of what would match. */
  readonly isStart: boolean
}

// The texts that `mcp.tool.name` is compared with, where a glance can tell.
function comparedNames(expression: string, kind: (typeof KINDS)[number]): readonly ComparedName[] {
  const field = String.raw`\bmcp\.${kind}\.name\b`
  const all = (pattern: string): readonly string[] =>
    [...expression.matchAll(new RegExp(pattern, 'g'))].flatMap((match) => match[1] ?? [])
  const equal = [...all(`${field}\\s*==\\s*(${TEXT})`), ...all(`(${TEXT})\\s*==\\s*${field}`)]
  const listed = all(`${field}\\s+in\\s*\\[([^\\]]*)\\]`).flatMap((list) => list.match(new RegExp(TEXT, 'g')) ?? [])
  const started = all(`${field}\\s*\\.\\s*startsWith\\(\\s*(${TEXT})\\s*\\)`)
  return [
    ...[...equal, ...listed].map((text) => ({ name: text.slice(1, -1), isStart: false })),
    ...started.map((text) => ({ name: text.slice(1, -1), isStart: true })),
  ]
}
