// Signing requests with AWS credentials: those of a Secret, of an assumed role, or of the proxy's surroundings.
import type { Static } from 'typebox'
import type { Outcome, Problem } from '../../core/problem.ts'
import { atMostOneOf, Doc, List, length, mapList, notBoth, Obj, Opt, rule, Str } from '../../schema/combinators.ts'
import type { BackendAuthPolicy } from '../../wire/messages.ts'
import type { FeatureContext } from '../shared/context.ts'
import { resolveSecret, secretText } from '../shared/credentials.ts'
import { flaw, outcome, take } from '../shared/flaws.ts'
import { itemsOf } from '../shared/lists.ts'
import { celExpression, type SecretRef, secretRef, shortString } from '../shared/refs.ts'
import { refusingAuth } from './auth-refused.ts'

const assumeRole = Obj(
  {
    roleArn: Doc('ARN of the role.', Str({ minLength: 1, pattern: '^arn:aws[a-z-]*:iam::[0-9]{12}:role/.+$' })),
    sessionName: Opt(Doc('Name of the session.', Str({ pattern: '^[\\w+=,.@-]{2,64}$' }))),
    sessionNameExpression: Opt(Doc('CEL expression of the name of the session.', celExpression)),
    tags: Opt(
      Doc(
        'Tags of the session.',
        List(
          Obj(
            {
              expression: Opt(Doc('CEL expression of the value.', celExpression)),
              key: Doc('Key of the tag.', Str(length(1, 128))),
              value: Opt(Doc('Value of the tag.', Str({ maxLength: 256 }))),
            },
            rule('has(self.value) != has(self.expression)', 'exactly one of value or expression must be set'),
          ),
          { maxItems: 50 },
          mapList('key'),
        ),
      ),
    ),
  },
  atMostOneOf('sessionName', 'sessionNameExpression'),
)

/** `aws`: sign requests. */
export const awsAuth = Obj(
  {
    assumeRole: Opt(Doc('A role to take on first.', assumeRole)),
    region: Opt(Doc('Region of the service; unset, that of the backend.', shortString)),
    secretRef: Opt(Doc('Secret with `accessKey`, `secretKey` and optionally `sessionToken`.', secretRef)),
    serviceName: Opt(Doc('Name of the service in signatures; unset, that of the backend.', shortString)),
  },
  notBoth('secretRef', 'assumeRole', 'secretRef and assumeRole are mutually exclusive'),
)

type Aws = NonNullable<BackendAuthPolicy['aws']>

/** AWS authentication on the wire. */
export function translateAws(
  spec: Static<typeof awsAuth>,
  ctx: FeatureContext,
  path: string,
): Outcome<BackendAuthPolicy> {
  const problems: Problem[] = []
  const aws: Aws = { serviceName: spec.serviceName, region: spec.region }
  if (spec.secretRef === undefined) aws.implicit = {}
  else aws.explicitConfig = take(explicitConfig(spec.secretRef, ctx, `${path}.secretRef`), problems)
  if (spec.assumeRole !== undefined) {
    const { roleArn, sessionName, sessionNameExpression, tags } = spec.assumeRole
    const refused = [
      ...(spec.secretRef === undefined ? [] : [flaw(path, 'secretRef and assumeRole are mutually exclusive')]),
      ...sessionFlaws(spec.assumeRole, `${path}.assumeRole`),
    ]
    // As another identity, or with fewer tags, a request might be allowed what it should not be.
    if (refused.length > 0) return outcome(refusingAuth(refused), [...problems, ...refused])
    aws.assumeRole = {
      roleArn,
      sessionName,
      sessionNameExpression,
      tags: itemsOf(tags).map(({ key, value, expression }) => ({ key, value, expression })),
    }
  }
  return outcome({ aws }, problems)
}

const TAG = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u

// What the token service of AWS takes, which proxies hold a policy against.
function sessionFlaws(role: Static<typeof assumeRole>, path: string): readonly Problem[] {
  const problems: Problem[] = []
  if (role.sessionName !== undefined && role.sessionNameExpression !== undefined) {
    problems.push(flaw(path, 'sessionName and sessionNameExpression are mutually exclusive'))
  }
  const seen = new Set<string>()
  const tags = itemsOf(role.tags)
  if (tags.length > 50) problems.push(flaw(`${path}.tags`, 'a session has at most 50 tags'))
  for (const [i, { key, value, expression }] of tags.entries()) {
    const complain = (text: string) => problems.push(flaw(`${path}.tags[${i}]`, `session tag "${key}" ${text}`))
    const name = String(key ?? '').toLowerCase()
    if (name === '' || name.length > 128 || !TAG.test(name)) complain('has a key that AWS does not allow')
    if (name.startsWith('aws:')) complain('has a key that begins with aws:, which AWS keeps for itself')
    if (seen.has(name)) complain('is there twice; upper and lower case are the same to AWS')
    seen.add(name)
    if ((value === undefined) === (expression === undefined)) complain('needs either a value or an expression')
    if (value !== undefined && (value.length > 256 || !TAG.test(value))) complain('has a value that AWS does not allow')
  }
  return problems
}

function explicitConfig(
  ref: SecretRef,
  ctx: FeatureContext,
  path: string,
): Outcome<NonNullable<Aws['explicitConfig']>> {
  const { value: secret, problems } = resolveSecret(ref, ctx, path)
  if (secret === undefined) return outcome({}, problems)
  const accessKeyId = secretText(secret, 'accessKey')
  const secretAccessKey = secretText(secret, 'secretKey')
  const flaws: Problem[] = []
  if (accessKeyId === undefined) flaws.push(flaw(path, 'accessKey is missing or not a valid string'))
  if (secretAccessKey === undefined) flaws.push(flaw(path, 'secretKey is missing or not a valid string'))
  return outcome({ accessKeyId, secretAccessKey, sessionToken: secretText(secret, 'sessionToken') }, flaws)
}
