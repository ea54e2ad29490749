// Every condition that is written, what it means and what to do about it: the one place where that is said. Where each
// is decided is in translate/ and status/; test/docs.test.ts holds this list against what is written there.
import { FOREIGN } from './conditions-foreign.ts'
import { GATEWAY_API } from './conditions-gateway-api.ts'
import { OWN } from './conditions-own.ts'
import { code, page, slug, table } from './markdown.ts'

/** Conditions of kinds that have the same ones. */
export interface ConditionGroup {
  readonly kinds: readonly string[]
  /** Where in the status they stand. */
  readonly place: string
  readonly rows: readonly ConditionRow[]
}

/** One condition of a kind; without a remedy where nothing is wrong. */
export type ConditionRow = readonly [
  condition: `${string}=${'True' | 'False'}`,
  reason: string,
  meaning: string,
  remedy?: string,
]

/** All conditions, by kind. */
export const CONDITIONS: readonly ConditionGroup[] = [...OWN, ...GATEWAY_API, ...FOREIGN]

/** The page about conditions. */
export function conditionsPage(notice: string): string {
  const titles = CONDITIONS.map(({ kinds }) => kinds.join(', '))
  return page([
    notice,
    '# Conditions',
    '',
    'Every condition that the control plane writes. The `message` names the field or object; `agwcp validate` and `agwcp translate` print the',
    'same without a cluster. Conditions of other controllers are left alone.',
    '',
    ...[...titles, 'Events'].map((title) => `- [${title}](#${slug(title)})`),
    '',
    ...CONDITIONS.flatMap(({ place, rows }, i) => [
      `## ${titles[i]}`,
      '',
      `In ${place.replace(/^[a-z[\].]+/, code)}.`,
      '',
      ...table(
        ['condition', 'reason', 'meaning', 'what to do'],
        rows.map(([condition, reason, meaning, remedy]) => [condition, code(reason), meaning, remedy ?? '–']),
      ),
    ]),
    '## Events',
    '',
    'What a proxy refuses is also a Warning `AgentGatewayNackError`, with the words of the proxy: on its Gateway, and on the object that is to be',
    'mended. Every replica writes them for its own proxies.',
  ])
}
