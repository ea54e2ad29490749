// Explanations as people read them on a terminal. Everything that they leave out is in the JSON.
import { type ExplainedListener, isServed, type MetRule, otherRulesOf, percent } from '../admin/explain/explanation.ts'
import type { AttachedPolicy } from '../admin/explain/policies.ts'
import { isGood } from '../core/condition.ts'
import type { ConditionDraft } from '../translate/model.ts'
import type { ExplainedResource, ObjectExplanation, RequestAnswer } from './explanations.ts'
import { problemLine, table } from './print.ts'

const MOST_OTHERS = 20

/** What becomes of a request. */
export function requestText(answer: RequestAnswer): string {
  const { request, gateway, summary, listener, rule, policies, problems } = answer
  return [
    `${request.method} ${request.url} at Gateway ${gateway}`,
    `${isServed(answer) ? '✓' : '✗'} ${summary}`,
    ...(listener === undefined ? [] : ['', `listener  ${listenerText(listener)}`]),
    ...policyLines(policies, '  '),
    ...(rule === undefined ? [] : ruleLines(rule, '')),
    ...problems.map(problemLine),
    ...others(
      'why no other rule:',
      otherRulesOf(answer).map((other) => [other.rule, other.reason]),
    ),
    ...others(
      'why no other listener:',
      answer.otherListeners.map((each) => [listenerText(each), each.reason]),
    ),
    ...others(
      'routes that are not attached:',
      answer.notAttached.map(({ object, reason }) => [object, reason]),
    ),
  ].join('\n')
}

function listenerText({ name, of, protocol, hostname }: ExplainedListener): string {
  return `${name} of ${of} (${protocol}${hostname === undefined ? '' : `, ${hostname}`})`
}

function ruleLines(met: MetRule, indent: string): readonly string[] {
  const { rule, match, hostnames, policies, rewritten, backends } = met
  const host = hostnames.length === 0 ? '' : `${hostnames.join(', ')}: `
  return [
    `${indent}rule      ${rule} (${host}${match})`,
    ...policyLines(policies, `${indent}  `),
    ...(rewritten === undefined ? [] : [`${indent}rewritten ${rewritten.host}${rewritten.path}`]),
    ...backends.flatMap(({ to, share, problem, policies: own, rule: inner }) => [
      `${indent}to        ${to}, ${percent(share)}${problem === undefined ? '' : `: ✗ ${problem}`}`,
      ...policyLines(own, `${indent}  `),
      ...(inner === undefined ? [] : ruleLines(inner, `${indent}  `)),
    ]),
  ]
}

function policyLines(policies: readonly AttachedPolicy[], indent: string): readonly string[] {
  return policies.map(({ from, kind, on, yieldsTo, isConditional }) => {
    const place = on === 'itself' ? '' : ` on ${on}`
    const when = isConditional ? ', for some requests' : ''
    return `${indent}policy  ${kind} of ${from}${place}${when}${yieldsTo === undefined ? '' : `; yields to ${yieldsTo}`}`
  })
}

function others(title: string, rows: readonly (readonly string[])[]): readonly string[] {
  if (rows.length === 0) return []
  const width = Math.max(...rows.slice(0, MOST_OTHERS).map(([name = '']) => name.length))
  return [
    '',
    title,
    ...rows.slice(0, MOST_OTHERS).map(([name = '', reason = '']) => `  ${name.padEnd(width)}  ${reason}`),
    ...(rows.length > MOST_OTHERS ? [`  … and ${rows.length - MOST_OTHERS} more (-o json)`] : []),
  ]
}

/** What has become of an object. */
export function objectText(explanation: ObjectExplanation): string {
  const { object, file, line, generation, parents, listeners, conditions, problems } = explanation
  const { resources, addresses, gateways, remark } = explanation
  const place = file === undefined ? '' : ` (${file}:${line})`
  return [
    `${object}${place}${generation === undefined ? '' : `, generation ${generation}`}`,
    ...(remark === undefined ? [] : [remark]),
    ...(parents.length === 0 ? [] : ['', 'parents:']),
    ...parents.flatMap(({ parent, conditions: own }) => [`  ${parent}`, ...own.map(conditionLine('    '))]),
    ...(conditions.length === 0 ? [] : ['', 'conditions:', ...conditions.map(conditionLine('  '))]),
    ...listeners.flatMap(({ name, attachedRoutes, conditions: own }) => [
      `  listener ${name}, ${attachedRoutes} ${attachedRoutes === 1 ? 'route' : 'routes'}`,
      ...own.map(conditionLine('    ')),
    ]),
    ...(problems.length === 0 ? [] : ['', 'problems:', ...problems.map((problem) => `  ${problemLine(problem)}`)]),
    '',
    ...resourceLines(resources, addresses, gateways),
  ].join('\n')
}

function conditionLine(indent: string): (condition: ConditionDraft) => string {
  return (condition) => {
    const { type, status, reason, message } = condition
    return `${indent}${isGood(condition) ? '✓' : '✗'} ${type}=${status} ${reason}${message === '' ? '' : `: ${message.replaceAll('\n', `\n${indent}  `)}`}`
  }
}

function resourceLines(
  resources: readonly ExplainedResource[],
  addresses: ObjectExplanation['addresses'],
  gateways: ObjectExplanation['gateways'],
): readonly string[] {
  const rows = [...resources, ...addresses.map((address) => ({ ...address, gateway: 'every' }))]
  if (rows.length === 0) return ['no proxy receives anything of it']
  const isLive = gateways !== undefined
  return [
    table(
      ['GATEWAY', 'RESOURCE', 'VERSION', ...(isLive ? ['HELD BY'] : [])],
      rows.map((row) => [row.gateway, row.name, row.version, ...(isLive ? [holders(row, gateways)] : [])]),
    ),
    ...rows.flatMap(({ name, refusedBy = [] }) =>
      refusedBy.map(({ node, message }) => `✗ proxy ${node} refuses ${name}: ${message}`),
    ),
  ]
}

function holders(
  { gateway, heldBy = [] }: ExplainedResource,
  gateways: NonNullable<ObjectExplanation['gateways']>,
): string {
  const connected = gateways
    .filter((each) => gateway === 'every' || each.gateway === gateway)
    .reduce((sum, { proxies }) => sum + proxies.length, 0)
  if (connected === 0) return 'no proxy is connected'
  const mark = heldBy.length === connected ? '✓' : '…'
  return `${mark} ${heldBy.length} of ${connected}${heldBy.length === 0 || heldBy.length > 3 ? '' : `: ${heldBy.join(', ')}`}`
}
