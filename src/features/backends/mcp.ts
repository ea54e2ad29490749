// One MCP server made of several. A target is a fixed host, a Service, or all Services that a selector matches; which
// ports of a Service speak MCP is decided where Services are read.
import type { Static } from 'typebox'
import type { Problem } from '../../core/problem.ts'
import {
  atLeastOneOf,
  atomicList,
  atomicMap,
  Dict,
  Doc,
  Enum,
  exactlyOneOf,
  fallback,
  items,
  List,
  mapList,
  Obj,
  Opt,
  rule,
  Str,
} from '../../schema/combinators.ts'
import type { MCPBackend, MCPTarget } from '../../wire/messages.ts'
import { backendPolicyReferences, translateBackendPolicies } from '../backend-policies/registry.ts'
import { itemsOf } from '../shared/lists.ts'
import { failureMode, longString, port, sectionName, shortString } from '../shared/refs.ts'
import { type BackendContext, backendType, type PartBackend } from './backend.ts'
import { SHORTHAND, shorthandProblem } from './mcp-shorthand.ts'
import { targetPolicies } from './policy-sets.ts'

const labelSelector = Obj(
  {
    matchLabels: Opt(Doc('Labels with these values.', Dict(Str()))),
    matchExpressions: Opt(
      Doc(
        'Further requirements; all must hold.',
        List(
          Obj({
            key: Doc('Name of the label.', Str()),
            operator: Doc('In, NotIn, Exists or DoesNotExist.', Str()),
            values: Opt(Doc('Values for In and NotIn.', List(Str(), atomicList))),
          }),
          atomicList,
        ),
      ),
    ),
  },
  atomicMap,
)

const serverRef = Obj(
  {
    name: Opt(Doc('Name of the object.', Str(fallback('')))),
    kind: Opt(Doc('Kind of the object; unset, Service.', Enum(['MCPServer', 'Service']))),
  },
  atomicMap,
)
const transport = Enum(['SSE', 'StreamableHTTP'])

const staticTarget = Obj(
  {
    host: Opt(Doc('Host name or IP address of the server.', shortString)),
    backendRef: Opt(Doc("A Service in the backend's namespace, or an MCPServer of kagent.dev.", serverRef)),
    port: Doc('Port of the server.', port),
    path: Opt(Doc('Path of the MCP endpoint; unset, `/mcp`, or `/sse` for the SSE transport.', longString)),
    protocol: Opt(Doc('Transport; unset, StreamableHTTP.', transport)),
    policies: Opt(Doc('Policies for this target; they win over those of the backend.', targetPolicies)),
  },
  rule('!has(self.backendRef) || !has(self.policies)', 'mcp target policies may not be used with backendRef'),
  exactlyOneOf('host', 'backendRef'),
)
type StaticTarget = Static<typeof staticTarget>

const isShort = SHORTHAND.map((field) => `has(self.${field})`).join(' || ')

/** `mcp`: several MCP servers as one. */
export const mcp = backendType({
  field: 'mcp',
  schema: Obj({
    targets: Doc(
      'The MCP servers.',
      List(
        Obj(
          {
            name: Doc('Name of the target; tools are told apart by it.', sectionName),
            selector: Opt(
              Doc(
                'Every port that speaks MCP, of every Service that matches.',
                Obj(
                  {
                    namespaces: Opt(Doc("Namespaces to look in; unset, the backend's own.", labelSelector)),
                    services: Opt(Doc('Labels of the Services.', labelSelector)),
                  },
                  atLeastOneOf('namespaces', 'services'),
                ),
              ),
            ),
            static: Opt(Doc('One server.', staticTarget)),
            backendRef: Opt(Doc('Shorthand for `static.backendRef`; write that instead.', serverRef)),
            port: Opt(Doc('Shorthand for `static.port`; write that instead.', port)),
            path: Opt(Doc('Shorthand for `static.path`; write that instead.', longString)),
            protocol: Opt(Doc('Shorthand for `static.protocol`; write that instead.', transport)),
          },
          rule(
            `${isShort} ? true : [has(self.selector),has(self.static)].filter(x,x==true).size() == 1`,
            'exactly one of the fields in [selector static] must be set',
          ),
          rule(
            `${isShort} ? has(self.backendRef) && has(self.port) && !has(self.selector) && !has(self.static) : true`,
            'write backendRef, port, path and protocol of a target under static',
          ),
        ),
        items(1, 128),
        mapList('name'),
      ),
    ),
    sessionRouting: Opt(
      Doc(
        'Stateful, the default, keeps a session at the servers it began with; Stateless does not keep sessions.',
        Enum(['Stateful', 'Stateless']),
      ),
    ),
    failureMode: Opt(
      Doc(
        'FailClosed, the default, fails a session when a target fails; FailOpen leaves that target out.',
        failureMode,
      ),
    ),
    prefixMode: Opt(
      Doc(
        'Whether tool names carry the name of their target: Always, Never, or Conditional, the default: if there are several targets.',
        Enum(['Always', 'Conditional', 'Never']),
      ),
    ),
  }),
  references: ({ targets }, path) =>
    itemsOf(targets).flatMap((target, t) =>
      backendPolicyReferences(target.static?.policies ?? {}, `${path}.targets[${t}].static.policies`),
    ),
  translate: ({ targets, sessionRouting, failureMode, prefixMode }, ctx, path) => {
    const found: MCPTarget[] = []
    const parts: PartBackend[] = []
    const problems: Problem[] = []
    const shorthand: Problem[] = []
    for (const [t, target] of itemsOf(targets).entries()) {
      const { name, selector } = target
      const targetPath = `${path}.targets[${t}]`
      const short = shorthandProblem(target, targetPath)
      if (short !== undefined) shorthand.push(short)
      const fixed = target.static ?? (short && { ...target, port: target.port ?? 0 })
      const at = target.static === undefined && short !== undefined ? targetPath : `${targetPath}.static`
      if (selector) {
        const ports = ctx.mcpPorts(selector, `${targetPath}.selector`)
        if (ports.value === undefined) return { value: undefined, problems: [...shorthand, ...ports.problems] }
        for (const { reference, ...target } of ports.value) found.push({ ...target, backend: reference })
      } else if (fixed?.backendRef?.kind === 'MCPServer') {
        const server = ctx.mcpServer(fixed.backendRef.name ?? '', fixed.port, at)
        if (server.value === undefined) return { value: undefined, problems: [...shorthand, ...server.problems] }
        const { reference, path: itsPath } = server.value
        found.push({ name, backend: reference, path: fixed.path ?? itsPath, protocol: protocolOf(fixed) })
      } else if (fixed?.backendRef) {
        const reference = ctx.mcpService(fixed.backendRef.name ?? '', fixed.port, `${at}.backendRef`)
        if (reference.value === undefined) return { value: undefined, problems: [...shorthand, ...reference.problems] }
        found.push({ name, backend: reference.value, path: fixed.path, protocol: protocolOf(fixed) })
      } else if (fixed) {
        const part = hostPart(name, fixed, ctx, at)
        parts.push(part.value)
        problems.push(...part.problems)
        const backend = { backend: `${ctx.owner.namespace}/${ctx.owner.name}/${name}` }
        found.push({ name, backend, path: fixed.path, protocol: protocolOf(fixed) })
      }
    }
    const backend: MCPBackend = {
      targets: found,
      statefulMode: sessionRouting === 'Stateless' ? 'STATELESS' : 'STATEFUL',
      failureMode: failureMode === 'FailOpen' ? 'FAIL_OPEN' : 'FAIL_CLOSED',
      prefixMode: prefixMode === 'Always' ? 'ALWAYS' : prefixMode === 'Never' ? 'NEVER' : 'CONDITIONAL',
    }
    const hasSelector = itemsOf(targets).some(({ selector }) => selector)
    const remark = hasSelector ? { remark: foundBySelectors(found, backend.prefixMode) } : {}
    const hints = shorthand.map((problem) => `${problem.path}: ${problem.message}`)
    const hint = hints.length === 0 ? {} : { hint: hints.join('; ') }
    return { value: { arm: { mcp: backend }, parts, ...remark, ...hint }, problems: [...shorthand, ...problems] }
  },
})

// Names of tools change with the number of targets, which is worth knowing where a label adds one.
function foundBySelectors(found: readonly MCPTarget[], prefixMode: MCPBackend['prefixMode']): string {
  if (found.length === 0) {
    return 'no targets: no port of a selected Service has appProtocol agentgateway.dev/mcp or kgateway.dev/mcp'
  }
  const isPrefixed = prefixMode === 'ALWAYS' || (prefixMode === 'CONDITIONAL' && found.length > 1)
  const names = found.map(({ name }) => name).join(', ')
  const tools = isPrefixed ? "names of tools begin with their target's" : 'tools keep their names'
  return `${found.length} target${found.length === 1 ? '' : 's'}: ${names}; ${tools}`
}

function hostPart(name: string, target: StaticTarget, ctx: BackendContext, path: string) {
  const { policies, problems } = translateBackendPolicies(target.policies ?? {}, ctx, `${path}.policies`)
  const value: PartBackend = {
    part: name,
    arm: { static: { host: target.host, port: target.port } },
    inlinePolicies: policies.map(({ spec }) => spec),
  }
  return { value, problems }
}

function protocolOf({ protocol }: StaticTarget): MCPTarget['protocol'] {
  if (protocol === 'SSE') return 'SSE'
  return protocol === 'StreamableHTTP' ? 'STREAMABLE_HTTP' : undefined
}
