// Writes the reference, docs/reference: our kinds field by field, conditions, settings, metrics and commands.
import { join } from 'node:path'
import { kinds } from '../src/api/kinds.ts'
import { crd } from '../src/schema/crd.ts'
import { keep } from './generated.ts'
import { conditionsPage } from './reference/conditions.ts'
import { fileOf, kindPages, NOTICE } from './reference/kind-pages.ts'
import { page, table } from './reference/markdown.ts'
import { commandsPage, metricsPage, settingsPage } from './reference/program-pages.ts'
import { unmetSince } from './reference/since.ts'

const crds = kinds.map(crd)

const index = page([
  NOTICE,
  '# Reference',
  '',
  ...table(
    ['page', 'about'],
    [
      ...crds.map((each) => [
        `[${each.spec.names.kind}](${fileOf(each)})`,
        each.spec.versions[0]?.schema.openAPIV3Schema.description ?? '',
      ]),
      ['[Shared types](types.md)', 'Objects that several kinds contain, such as references and credentials.'],
      ['[Conditions](conditions.md)', 'What statuses say, what it means and what to do.'],
      ['[Settings](settings.md)', 'Flags, environment variables and chart values.'],
      ['[Metrics](metrics.md)', 'What can be scraped.'],
      ['[Commands](cli.md)', 'What `agwcp` takes.'],
    ],
  ),
  '## How to read it',
  '',
  'The pages of kinds have a section per feature, with its fields and an example. The examples are files in',
  '[`examples/reference`](../../examples/reference): each is translated by a test, together with the objects it needs.',
  '',
  '- `a.b` is field `b` of `a`; `a[].b` is field `b` of each entry of the list `a`. Every field can be linked to:',
  '  `agentgatewaypolicy.md#spec.traffic.cors.maxAge`.',
  '- A type in capitals, such as [BackendRef](types.md#backendref), is described once. Names of kinds of text, such as duration, are explained in',
  '  [Texts](types.md#texts).',
  '- Limits are part of the type. A default is what the API server stores when the field is absent; what happens without it is in the',
  '  description.',
  '- Rules are what the API server checks beyond types: its message, and the CEL that it evaluates, where `self` is the field that the rule',
  '  belongs to. `agwcp validate -f PATH` checks all of it without a cluster.',
  '- _Since_ and _needs_ tell which fields are younger. All others work with proxies of v1.4.1.',
])

const files = new Map([
  ['README.md', index],
  ...kindPages(crds),
  ['conditions.md', conditionsPage(NOTICE)],
  ['settings.md', settingsPage(NOTICE)],
  ['metrics.md', metricsPage(NOTICE)],
  ['cli.md', commandsPage(NOTICE)],
])
const unmet = unmetSince()
if (unmet.length > 0) throw new Error(`since.ts speaks of fields that there are not: ${unmet.join(', ')}`)

keep({ folder: join(import.meta.dirname, '..', 'docs', 'reference'), files, ending: '.md' })
