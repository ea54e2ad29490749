// Reads the guides: which files each shows, which files it has its readers write, and which commands with which output.
// Every fenced block is one of these; a block of any other kind is an error, so that nothing is printed that nobody runs.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The repository. */
export const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url))
const GUIDES = join(REPOSITORY, 'docs/guides')

/** One thing that a guide shows or has its reader do. */
export type Step =
  /** A file of `examples/guides`, in full. */
  | { readonly does: 'show'; readonly line: number; readonly text: string }
  /** A file that the reader writes. */
  | { readonly does: 'write'; readonly line: number; readonly file: string; readonly text: string }
  /** A command, and what it prints. */
  | { readonly does: 'run'; readonly line: number; readonly command: string; readonly expected: string }

/** A guide. */
export interface Guide {
  /** File name without extension. */
  readonly name: string
  readonly text: string
  readonly steps: readonly Step[]
}

/** All guides, the index first. */
export function readGuides(): readonly Guide[] {
  const files = readdirSync(GUIDES).filter((file) => file.endsWith('.md'))
  return files
    .toSorted()
    .map((file) => ({ name: file.slice(0, -'.md'.length), text: readFileSync(join(GUIDES, file), 'utf8') }))
    .map(({ name, text }) => ({ name, text, steps: stepsOf(text, name) }))
}

/** The steps of a guide's text; a block of a kind that nobody runs is an error. */
export function stepsOf(text: string, name: string): readonly Step[] {
  const steps: Step[] = []
  let block: { readonly info: string; readonly line: number; readonly lines: string[] } | undefined
  for (const [i, line] of text.split('\n').entries()) {
    if (!line.startsWith('```')) block?.lines.push(line)
    else if (block === undefined) block = { info: line.slice(3).trim(), line: i + 1, lines: [] }
    else {
      steps.push(...stepsOfBlock(block, name))
      block = undefined
    }
  }
  if (block !== undefined) throw new Error(`${name}.md:${block.line}: the block does not end`)
  return steps
}

function stepsOfBlock(
  { info, line, lines }: { readonly info: string; readonly line: number; readonly lines: readonly string[] },
  name: string,
): readonly Step[] {
  const text = `${lines.join('\n')}\n`
  const [language, ...words] = info.split(' ')
  const file = words.find((word) => word.startsWith('file='))?.slice('file='.length)
  if (language === 'yaml' && words.length === 0) return [{ does: 'show', line, text }]
  if (language === 'yaml' && file !== undefined && words.length === 1) return [{ does: 'write', line, file, text }]
  if (language === 'console' && words.length === 0) return commandsOf(lines, line, name)
  throw new Error(`${name}.md:${line}: no test knows what to do with a block of \`${info}\``)
}

function commandsOf(lines: readonly string[], line: number, name: string): readonly Step[] {
  const runs: { does: 'run'; line: number; command: string; expected: string }[] = []
  let isContinued = false
  for (const [i, each] of lines.entries()) {
    const last = runs.at(-1)
    if (isContinued && last !== undefined) last.command += `\n${each}`
    else if (each.startsWith('$ ')) runs.push({ does: 'run', line: line + 1 + i, command: each.slice(2), expected: '' })
    else if (last !== undefined) last.expected += `${each}\n`
    else throw new Error(`${name}.md:${line}: a console begins with a command`)
    isContinued = (isContinued || each.startsWith('$ ')) && each.endsWith('\\')
  }
  return runs
}

/** Where a command is run. */
export type Place =
  /** Changes files of the reader, or the reader's shell: run wherever the guide is followed. */
  | 'shell'
  /** Needs nothing but the files. */
  | 'offline'
  /** `agwcp serve`, which goes on. */
  | 'serve'
  /** Asks the running control plane. */
  | 'server'
  /** A server beside it, which goes on. */
  | 'beside'
  /** Goes through a proxy, or asks what stands beside it. */
  | 'proxy'
  /** Talks to a cluster. */
  | 'cluster'

const PLACES: readonly (readonly [RegExp, Place])[] = [
  [/^agwcp (validate|translate|convert) /, 'offline'],
  [/^agwcp serve /, 'serve'],
  [/^agwcp proxies\b/, 'server'],
  [/^curl [^|]*localhost:909[0-9]/, 'server'],
  [/^(PORT=\d+ npx mcp-server-everything|\.\/agentgateway -f) /, 'beside'],
  [/^([A-Z]+=\$\()?curl /, 'proxy'],
  [/^npx @modelcontextprotocol\/inspector /, 'proxy'],
  [/^(kubectl|helm) /, 'cluster'],
  [/^(cp|rm|mv|sed -i) |^sed [^|]* > /, 'shell'],
]

/** Where a command is run; a command that no test can run is an error. */
export function placeOf(command: string): Place {
  const found = PLACES.find(([pattern]) => pattern.test(command))
  if (found === undefined) throw new Error(`no test knows how to run: ${command}`)
  return found[1]
}

/** Whether something was printed as it is expected: `…` stands for anything, and how much space there is does not count. */
export function isPrinted(printed: string, expected: string): boolean {
  const pattern = normal(expected)
    .split('…')
    .map((part) => literally(part.trim()))
    .join('[\\s\\S]*?')
  return new RegExp(`^${pattern}$`).test(normal(printed))
}

/** A text as a pattern that only it matches. */
export function literally(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}

function normal(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}
