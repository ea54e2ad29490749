// Lists of allowed tools through a real proxy: the book's policy on a server with fifty, and agentkube's MCP whose upstreams
// have lists and credentials of their own.
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { issueServing, newAuthority } from '../../src/cluster/certificate-authority.ts'
import { freePorts } from '../ports.ts'
import { seed } from '../seeds/seeds.ts'
import { endAll, PROXY_BINARY, serve, startProxy, synced, temporaryFolder, until, warnIfSkipped } from './lab.ts'
import { call, connected, type McpServer, mcpServer, toolNames, toolsOf, withValues } from './mcp-lab.ts'

warnIfSkipped('lists of MCP tools')

describe.runIf(PROXY_BINARY !== undefined)('on a real proxy', () => {
  afterAll(endAll)

  describe("the book's list of tools", () => {
    const allowed = [
      ...['search_code', 'get_file_contents', 'get_pull_request', 'create_or_update_file'],
      ...['create_branch', 'list_pull_requests', 'create_pull_request'],
    ]
    const all = [...allowed, ...Array.from({ length: 43 }, (_, i) => `tool_${i}`)].toSorted()
    const isPolicy = (document: string): boolean => document.includes('kind: TrafficPolicy')
    let folder: string
    let policy: string
    let port = 0
    let server: McpServer

    beforeAll(async () => {
      const [listener = 0] = await freePorts(1)
      port = listener
      server = await mcpServer(all)
      folder = temporaryFolder()
      const documents = withValues(seed('B-chapter5'), [
        ['Gateway', 'spec.listeners.0.port', port],
        ['Backend', 'spec.mcp.targets.0.static.host', '127.0.0.1'],
        ['Backend', 'spec.mcp.targets.0.static.port', server.port],
      ]).split('---\n')
      policy = documents.filter(isPolicy).join('')
      writeFileSync(join(folder, 'printed.yaml'), documents.filter((each) => !isPolicy(each)).join('---\n'))
      writeFileSync(join(folder, 'policy.yaml'), policy)
      const controlPlane = await serve(folder)
      await startProxy('mcp/agentgateway', controlPlane.ports.xds)
      await synced(controlPlane, 'mcp/agentgateway')
    })

    test('B-16: exactly the seven are listed, by their own names', async () => {
      const names = await until('the tools are listed', () => toolNames(port))
      expect(names.toSorted()).toEqual(allowed.toSorted())
    })

    test('B-17: an eighth is an unknown tool, and the server hears nothing of it', async () => {
      await expect(call(port, 'tool_7')).rejects.toThrow('"code":-32602,"message":"Unknown tool: tool_7"')
      expect(server.calls).toEqual([])
      await call(port, 'search_code')
      expect(server.calls.map(({ tool }) => tool)).toEqual(['search_code'])
    })

    test('B-18: a list that changes or goes is seen by clients that are connected', async () => {
      await connected(port, async (client) => {
        expect(await toolsOf(client)).toHaveLength(7)
        writeFileSync(join(folder, 'policy.yaml'), policy.replace('"search_code"', '"tool_7", "search_code"'))
        const eight = await until('an eighth is listed', async () => {
          const names = await toolsOf(client)
          return names.length === 8 ? names : undefined
        })
        expect(eight).toContain('tool_7')
        writeFileSync(join(folder, 'policy.yaml'), '')
        const names = await until('all are listed', async () => {
          const names = await toolsOf(client)
          return names.length === 50 ? names : undefined
        })
        expect(names.toSorted()).toEqual(all)
        await client.callTool({ name: 'tool_42', arguments: {} })
        expect(server.calls.at(-1)?.tool).toBe('tool_42')
      })
    })

    test('B-19: a client that names no path is served as well', async () => {
      expect(await toolNames(port, { path: '/' })).toHaveLength(50)
    })
  })

  describe('MCP of agentkube', () => {
    const HOUR = 3_600_000
    let printedPort = 0
    let port = 0
    let printed: McpServer
    let github: McpServer
    let other: McpServer
    let free: McpServer

    beforeAll(async () => {
      const [first = 0, second = 0] = await freePorts(2)
      printedPort = first
      port = second
      const folder = temporaryFolder()
      const period = { notBefore: new Date(Date.now() - HOUR), notAfter: new Date(Date.now() + HOUR) }
      const { certificate, privateKey } = newAuthority({ commonName: 'public' }, period)
      const signer = { certificate: new X509Certificate(certificate), privateKey: createPrivateKey(privateKey) }
      const pair = issueServing(signer, { commonName: 'mcp', hosts: ['localhost'] }, period)
      const authorities = join(folder, 'authorities.crt')
      writeFileSync(authorities, certificate)
      printed = await mcpServer(['create_issue', 'list_issues', 'add_comment', 'delete_repository'], pair)
      github = await mcpServer(['create_issue', 'list_issues', 'delete_repository'])
      other = await mcpServer(['echo', 'reset'])
      free = await mcpServer(['search', 'delete_repository'])
      writeFileSync(
        join(folder, 'printed.yaml'),
        withValues(seed('E-agentkube'), [
          ['MCP', 'spec.port', printedPort],
          ['MCP', 'spec.upstreams.0.endpoint', `https://localhost:${printed.port}`],
        ]),
      )
      writeFileSync(
        join(folder, 'several.yaml'),
        `
apiVersion: v1
kind: Secret
metadata: {name: pat, namespace: team-a}
stringData: {token: ghp_1, worded: Bearer other_1}
---
apiVersion: agentkube.io/v1alpha1
kind: MCP
metadata: {name: several, namespace: team-a}
spec:
  port: ${port}
  upstreams:
    - name: github
      kind: http
      endpoint: http://127.0.0.1:${github.port}
      auth: {mode: bearer, secretRef: {name: pat, key: token}}
      tools: {mode: allow, allow: [create_issue, list_issues]}
    - name: other
      kind: http
      endpoint: http://127.0.0.1:${other.port}/mcp
      auth: {mode: bearer, secretRef: {name: pat, key: worded}}
      tools: {mode: deny, deny: [reset]}
    - {name: free, kind: http, endpoint: "http://127.0.0.1:${free.port}"}
`,
      )
      const controlPlane = await serve(folder)
      // The proxy's own list of authorities, as an image has it.
      await startProxy('team-a/github-tools', controlPlane.ports.xds, { SSL_CERT_FILE: authorities })
      await startProxy('team-a/several', controlPlane.ports.xds)
      await synced(controlPlane, 'team-a/github-tools')
      await synced(controlPlane, 'team-a/several')
    })

    test('E-02: only the three are listed, others are refused, and the token goes by TLS', async () => {
      const names = await until('the tools are listed', () => toolNames(printedPort))
      expect(names.toSorted()).toEqual(['add_comment', 'create_issue', 'list_issues'])
      await expect(call(printedPort, 'delete_repository')).rejects.toThrow('Unknown tool')
      expect(printed.calls).toEqual([])
      await call(printedPort, 'add_comment')
      expect(printed.calls).toEqual([{ tool: 'add_comment', authorization: expect.stringMatching(/^Bearer ghp_\w+$/) }])
    })

    test('E-06: each upstream has what its own list leaves it; one without a list has all', async () => {
      const names = await until('the tools are listed', () => toolNames(port))
      expect(names.toSorted()).toEqual(
        ['free_delete_repository', 'free_search', 'github_create_issue', 'github_list_issues', 'other_echo'].toSorted(),
      )
      await expect(call(port, 'github_delete_repository')).rejects.toThrow('Unknown tool')
      await expect(call(port, 'other_reset')).rejects.toThrow('Unknown tool')
      expect([...github.calls, ...other.calls]).toEqual([])
    })

    test("E-06: each gets its own credential, with Bearer once, and never another's", async () => {
      for (const name of ['github_create_issue', 'other_echo', 'free_search']) await call(port, name, { token: 'mine' })
      expect(github.calls.at(-1)).toEqual({ tool: 'create_issue', authorization: 'Bearer ghp_1' })
      expect(other.calls.at(-1)).toEqual({ tool: 'echo', authorization: 'Bearer other_1' })
      // Without a credential of its own an upstream hears what the client says.
      expect(free.calls.at(-1)).toEqual({ tool: 'search', authorization: 'Bearer mine' })
    })
  })
})
