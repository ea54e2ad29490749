// An MCP server on standard input and output, in place of the image that a guide runs; it needs a token as that one does.
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js'
import { toolServer } from './stand-ins.ts'

if (process.env.GITHUB_PERSONAL_ACCESS_TOKEN === undefined) throw new Error('GITHUB_PERSONAL_ACCESS_TOKEN is not set')
const tools = ['get_file_contents', 'list_pull_requests', 'search_code', 'delete_repository', 'create_branch']
await toolServer(tools).connect(new StdioServerTransport())
