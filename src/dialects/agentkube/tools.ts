// Filters of tools per upstream as the two lists of rules that one MCP backend has. A rule that allows makes everything
// else forbidden, so that one upstream's list must not hide what the others offer; prompts and resources are never filtered.
import type { Fields } from '../fields.ts'

/** What an upstream's filter says. */
export interface ToolFilter {
  readonly upstream: string
  readonly mode: 'all' | 'allow' | 'deny'
  readonly names: readonly string[]
}

/** Rules in CEL; an empty list is no rule. */
export interface ToolRules {
  readonly allow: readonly string[]
  readonly deny: readonly string[]
}

/** Reads `tools` of an upstream. */
export function readTools(from: Fields | undefined, upstream: string): ToolFilter {
  const mode = from?.text('mode') ?? (from?.has('deny') ? 'deny' : from?.has('allow') ? 'allow' : 'all')
  const allow = from?.texts('allow') ?? []
  const deny = from?.texts('deny') ?? []
  if (from === undefined || mode === 'all') {
    if (allow.length > 0 || deny.length > 0)
      from?.tell('must be allow or deny where tools are listed', { field: 'mode' })
    return { upstream, mode: 'all', names: [] }
  }
  if (mode !== 'allow' && mode !== 'deny') {
    from.tell('must be allow, deny or all', { field: 'mode' })
    // Nothing is open by mistake.
    return { upstream, mode: 'allow', names: [] }
  }
  const other = mode === 'allow' ? 'deny' : 'allow'
  if (from.has(other)) from.tell(`does not go with mode ${mode}`, { field: other })
  return { upstream, mode, names: mode === 'allow' ? allow : deny }
}

/** The rules of all filters together. */
export function toolRules(filters: readonly ToolFilter[]): ToolRules {
  const isNarrow = filters.some(({ mode }) => mode === 'allow')
  const quoted = (text: string): string => JSON.stringify(text)
  const isTarget = (upstream: string): string => `mcp.tool.target == ${quoted(upstream)}`
  const isListed = ({ upstream, names }: ToolFilter): string =>
    `${isTarget(upstream)} && mcp.tool.name in [${names.map(quoted).join(', ')}]`
  return {
    allow: isNarrow
      ? [
          ...filters.map((filter) => (filter.mode === 'allow' ? isListed(filter) : isTarget(filter.upstream))),
          'has(mcp.prompt)',
          'has(mcp.resource)',
        ]
      : [],
    deny: filters.filter(({ mode, names }) => mode === 'deny' && names.length > 0).map(isListed),
  }
}
