#!/usr/bin/env node
// argv → command. Each command's code is loaded only when it is the one asked for, so that the offline ones start fast.
// The only place that ends the process.
import { readFileSync } from 'node:fs'
import { Command, CommanderError, Option } from 'commander'
import type { ConvertFlags } from './cli/convert.ts'
import type { DiffFlags } from './cli/diff.ts'
import type { ExplainFlags } from './cli/explain.ts'
import type { TranslateFlags } from './cli/translate.ts'
import type { ValidateFlags } from './cli/validate.ts'
import type { WaitFlags } from './cli/wait.ts'
import { settingFlags } from './settings.ts'

const collect = (value: string, values: readonly string[] = []): readonly string[] => [...values, value]

function files(command: Command): Command {
  return command.requiredOption(
    '-f, --filename <path>',
    'file, folder (recursive: *.yaml, *.yml, *.json) or - ; repeatable',
    collect,
  )
}

function output(command: Command, ...formats: readonly string[]): Command {
  return command.addOption(new Option('-o, --output <format>', 'how to print').choices(formats).default(formats[0]))
}

/** The values of the flags that stand for `AGW_*` variables, by flag name. */
function settingOverrides(command: Command): Readonly<Record<string, string>> {
  const overrides: Record<string, string> = {}
  for (const { flag } of settingFlags()) {
    const value: unknown = command.getOptionValue(
      flag.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase()),
    )
    if (typeof value === 'string') overrides[flag] = value
  }
  return overrides
}

function version(): string {
  // Beside the sources, or beside the bundle's folder.
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8')
  // Our own package.json.
  return (JSON.parse(text) as { readonly version: string }).version
}

function program(): Command {
  const agwcp = new Command('agwcp')
    .description('Control plane for agentgateway proxies: Kubernetes objects in, delta xDS out.')
    .version(version(), '-v, --version')
    .option('--no-color', 'print without colour')
    .showHelpAfterError('(agwcp --help, or agwcp COMMAND --help, says what there is)')
    .exitOverride()

  const serve = agwcp
    .command('serve')
    .description('serve proxies: from a folder of manifests, which is watched, or from a cluster')
    .option('--manifests <path>', 'folder or file to serve from; repeatable', collect, [])
    .option('--cluster', 'serve from the cluster that KUBECONFIG or the pod says; the default in a pod')
    .option('--proxy <path>', 'also run one agentgateway proxy per Gateway, from this binary')
    .option(
      '--bind <address>',
      'address that xDS, metrics and health listen on; by default 127.0.0.1 with manifests, all with a cluster',
    )
    .addHelpText(
      'after',
      '\nExample:\n  agwcp serve --manifests examples/quickstart --proxy /usr/local/bin/agentgateway',
    )
    .action(async (options: { manifests: string[]; cluster?: boolean; proxy?: string; bind?: string }) => {
      const { serveCommand } = await import('./cli/serve.ts')
      process.exitCode = await serveCommand({ ...options, version: version(), overrides: settingOverrides(serve) })
    })
  for (const { flag, variable, help } of settingFlags()) serve.option(`--${flag} <value>`, `${help} (${variable})`)

  const translate = files(agwcp.command('translate'))
  output(translate, 'table', 'json', 'yaml')
    .description('print what manifests become: resources per gateway, addresses, statuses, problems')
    .option('--gateway <namespace/name>', 'only what this gateway receives')
    .option(
      '--set <key=value>',
      'a setting: an AGW_ variable without the prefix, in lower case with dashes; repeatable',
      collect,
      [],
    )
    .option('--admitted', 'objects are as an API server stored them: no validation, no defaults')
    .option('--deployments', "also print the Kubernetes objects that run each Gateway's proxies")
    .option('--redact', 'replace secret values by a hash')
    .option('--now <time>', 'RFC 3339 time of new conditions instead of the present')
    .option('--crds <path>', 'CRDs to validate foreign kinds with; repeatable', collect, [])
    .addHelpText('after', '\nExample:\n  agwcp translate -f examples/quickstart -o json')
    .action(async (options: TranslateFlags) => {
      const { translateCommand } = await import('./cli/translate.ts')
      process.exitCode = await translateCommand(options, version())
    })

  output(files(agwcp.command('validate')), 'table', 'json', 'yaml')
    .description('judge manifests as an API server would, and say what translation finds')
    .option('--crds <path>', 'CRDs of foreign kinds; repeatable', collect, [])
    .addHelpText('after', '\nExample:\n  agwcp validate -f examples/quickstart')
    .action(async (options: ValidateFlags) => {
      const [{ validateCommand }, { findProblems }] = await Promise.all([
        import('./cli/validate.ts'),
        import('./cli/translate.ts'),
      ])
      process.exitCode = await validateCommand(options, findProblems)
    })

  output(files(agwcp.command('convert')), 'yaml', 'json')
    .description('print other dialects and files of a proxy itself as objects of agentgateway.dev and the Gateway API')
    .addHelpText(
      'after',
      '\nWhat cannot be carried over is listed on standard error and in comments.\n\nExample:\n  agwcp convert -f kgateway.yaml | kubectl apply -f -',
    )
    .action(async (options: ConvertFlags) => {
      const { convertCommand } = await import('./cli/convert.ts')
      process.exitCode = await convertCommand(options)
    })

  output(files(agwcp.command('diff')), 'table', 'json', 'yaml')
    .description('say what a change does to the configuration of each gateway, resource by resource')
    .option('--f2, --filename2 <path>', 'the new manifests, when -f names the old ones; repeatable', collect, [])
    .option('--server <address>', 'compare what the control plane at this admin address serves with -f, the new ones')
    .option('--gateway <namespace/name>', 'only what this gateway receives')
    .option('--set <key=value>', 'a setting, as for translate; repeatable', collect, [])
    .option('--crds <path>', 'CRDs to validate foreign kinds with; repeatable', collect, [])
    .addHelpText(
      'after',
      '\n-f2 is short for --filename2. Secrets are compared, but only hashes of them are shown. With --server, addresses are\nnot compared: those come from its cluster. Ends with 0 without changes, 1 with changes, 2 in trouble, and 3 when the\nserver cannot be reached.\n\nExamples:\n  agwcp diff -f old/ -f2 new/\n  agwcp diff -f new/ --server localhost:9095 --gateway quickstart/ai-gateway',
    )
    .action(async (options: DiffFlags) => {
      const { diffCommand } = await import('./cli/diff.ts')
      process.exitCode = await diffCommand(options)
    })

  output(agwcp.command('explain'), 'table', 'json', 'yaml')
    .description('say why an object is as it is, or which listener, rule and backend a request meets and why no other')
    .argument('[kind/name]', 'an object, such as httproute/web')
    .option('-n, --namespace <name>', 'namespace of the object; needed only where several have its name')
    .option('--url <url>', 'explain a request for this URL; tcp:// and tls:// mean bare connections')
    .option('--gateway <namespace/name>', 'the Gateway that it arrives at; needed only where there are several')
    .option('--method <method>', "the request's method", 'GET')
    .option('--header <name: value>', 'a header of the request; repeatable', collect, [])
    .option('-f, --filename <path>', 'explain manifests, without a server; repeatable', collect, [])
    .option('--server <address>', "the control plane's admin address", 'localhost:9095')
    .option('--set <key=value>', 'with -f: a setting, as for translate; repeatable', collect, [])
    .option('--crds <path>', 'with -f: CRDs to validate foreign kinds with; repeatable', collect, [])
    .addHelpText(
      'after',
      '\nEnds with 1 when a request reaches no backend.\n\nExamples:\n  agwcp explain gateway/ai-gateway -f examples/quickstart\n  agwcp explain --url http://localhost:8080/v1/chat/completions --method POST --gateway quickstart/ai-gateway',
    )
    .action(async (object: string | undefined, options: ExplainFlags) => {
      const { explainCommand } = await import('./cli/explain.ts')
      process.exitCode = await explainCommand(object, options)
    })

  output(agwcp.command('proxies'), 'table', 'json', 'yaml')
    .description('list connected proxies and what they hold')
    .option('--server <address>', "the control plane's admin address", 'localhost:9095')
    .addHelpText('after', '\nExample:\n  agwcp proxies -o json')
    .action(async (options: { server: string; output: string }) => {
      const { proxiesCommand } = await import('./cli/proxies.ts')
      process.exitCode = await proxiesCommand(options)
    })

  agwcp
    .command('wait')
    .description('wait until every proxy of its gateways has acknowledged what an object says now')
    .argument('<kind/name>', 'the object, such as httproute/web')
    .addOption(new Option('--for <state>', 'what to wait for').choices(['programmed']).default('programmed'))
    .option('-n, --namespace <name>', 'namespace of the object; needed only where several have its name')
    .option('--generation <number>', 'not before the control plane has seen this generation of the object')
    .option('--timeout <time>', 'how long to wait', '30s')
    .option('--server <address>', "the control plane's admin address", 'localhost:9095')
    .addHelpText(
      'after',
      '\nEnds with 1, and says why, when time is up or a proxy refuses a resource; with 3 when the server was never reached.\nOnly proxies of the replica that is asked count. With manifests, which have no generations, it waits for what stands in the files when it is called.\n\nExample:\n  agwcp wait --for=programmed httproute/openai -n quickstart --timeout 10s',
    )
    .action(async (object: string, options: WaitFlags) => {
      const { waitCommand } = await import('./cli/wait.ts')
      process.exitCode = await waitCommand(object, options)
    })

  output(agwcp.command('watch'), 'text', 'json')
    .description('connect as a proxy would and print what changes, one line per resource')
    .requiredOption('--gateway <namespace/name>', 'the Gateway to watch')
    .option('--server <address>', "the control plane's xDS address", 'localhost:9978')
    .option('--once', 'end after the first complete configuration')
    .addHelpText('after', '\nExample:\n  agwcp watch --gateway quickstart/ai-gateway')
    .action(async (options: { gateway: string; server: string; output: string; once?: boolean }) => {
      const { watchCommand } = await import('./cli/watch.ts')
      process.exitCode = await watchCommand(options)
    })
  return agwcp
}

const streams = [process.stdout, process.stderr]
// Whoever closes a pipe early, as `head` does, has seen enough.
for (const stream of streams) stream.on('error', () => process.exit())

// A short flag has one letter to the parser, which would take this one for -f with the value 2.
const command = process.argv.slice(2).find((argument) => !argument.startsWith('-'))
const argv = process.argv.map((argument) => (argument === '-f2' && command === 'diff' ? '--filename2' : argument))

try {
  await program().parseAsync(argv)
} catch (error) {
  if (!(error instanceof CommanderError)) throw error
  process.exitCode = error.exitCode === 0 ? 0 : 2
}
// Node writes pipes in its own time: what was printed must have left before the process ends. A forgotten timer must not
// keep a finished command alive.
for (const stream of streams) await new Promise((left) => stream.write('', left))
process.exit()
