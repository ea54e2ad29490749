// Intended differences between our CRDs and the reference CRDs. Each line names one place and one aspect, and says why;
// a line that no longer matches a difference fails the test, so this list cannot outlive what it excuses.

/** One difference that is meant. */
export interface IntendedDifference {
  readonly kind: string
  /** Path as the test prints it; `*` stands for any one step. */
  readonly path: string
  /** What differs: a schema keyword, `field` for a field that only one side has, or `rule` for one rule. */
  readonly aspect: string
  readonly reason: string
}

/** All of them. */
export const intendedDifferences: readonly IntendedDifference[] = [
  {
    kind: 'AgentgatewayBackend',
    path: 'spec.mcp.targets[].static.backendRef.kind',
    aspect: 'field',
    reason: 'an MCPServer can be a target directly',
  },
  ...['backendRef', 'port', 'path', 'protocol'].map((field) => ({
    kind: 'AgentgatewayBackend',
    path: `spec.mcp.targets[].${field}`,
    aspect: 'field',
    reason:
      'guides print these fields on the target itself; they are read as if they stood under static, with a warning',
  })),
  {
    kind: 'AgentgatewayBackend',
    path: 'spec.mcp.targets[]',
    aspect: 'rule',
    reason: 'a target may have these fields in place of static',
  },
]
