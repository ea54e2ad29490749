// `agwcp explain`: why an object is as it is, or what a request meets; from files without a network, or as a running
// control plane sees it. The answers are made in explanations.ts.
import { isServed } from '../admin/explain/explanation.ts'
import { ask, errorIn, pathWith } from './ask.ts'
import { objectText, requestText } from './explain-text.ts'
import type { ObjectExplanation, RequestAnswer } from './explanations.ts'
import { print } from './print.ts'

/** The command's flags. */
export interface ExplainFlags {
  readonly filename: readonly string[]
  readonly server: string
  readonly namespace?: string
  readonly url?: string
  readonly gateway?: string
  readonly method?: string
  readonly header: readonly string[]
  readonly set: readonly string[]
  readonly crds: readonly string[]
  readonly output: string
}

/** Runs the command. 0: explained, and a request reaches a backend; 1: not; 2: wrong usage; 3: no server. */
export async function explainCommand(object: string | undefined, flags: ExplainFlags): Promise<number> {
  if ((object === undefined) === (flags.url === undefined)) {
    console.error('say what to explain: agwcp explain KIND/NAME, or agwcp explain --url URL --gateway NAMESPACE/NAME')
    return 2
  }
  const parameters: readonly (readonly [string, string | undefined])[] = [
    ['object', object],
    ['namespace', flags.namespace],
    ['url', flags.url],
    ['gateway', flags.gateway],
    ['method', flags.method],
    ...flags.header.map((header) => ['header', header] as const),
  ]
  const path = pathWith('/explain', parameters)
  const answer =
    flags.filename.length > 0
      ? // Only these need the whole of translation.
        await (await import('./explain-files.ts')).fromFiles(path, flags)
      : await ask(flags.server, path)
  if ('code' in answer) return answer.code
  if ('failure' in answer) {
    console.error(answer.failure)
    return 3
  }
  if (answer.status !== 200) {
    console.error(errorIn(answer.body))
    return answer.status === 404 ? 1 : 2
  }
  if (object !== undefined) {
    // The admin server is ours, and so is what is made here.
    const explanation = answer.body as ObjectExplanation
    if (flags.output === 'table') console.log(objectText(explanation))
    else print(explanation, flags.output)
    return 0
  }
  const explanation = answer.body as RequestAnswer
  if (flags.output === 'table') console.log(requestText(explanation))
  else print(explanation, flags.output)
  return isServed(explanation) ? 0 : 1
}
