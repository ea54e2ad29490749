// Who may pass by user name and password. Without usable users nobody may.
import { isUtf8 } from 'node:buffer'
import type { Outcome } from '../../core/problem.ts'
import { Doc, Enum, exactlyOneOf, fallback, items, List, Obj, Opt, Str } from '../../schema/combinators.ts'
import type { FeatureContext } from '../shared/context.ts'
import { resolveSecret, secretBytes } from '../shared/credentials.ts'
import { trafficFeature } from '../shared/feature.ts'
import { flawed, outcome } from '../shared/flaws.ts'
import { itemsOf } from '../shared/lists.ts'
import { locationFlaws, wireLocation } from '../shared/locations.ts'
import { extractLocation, type SecretKeyRef, secretKeyRef } from '../shared/refs.ts'

/** `basicAuthentication`: check user name and password. */
export const basicAuthentication = trafficFeature({
  field: 'basicAuthentication',
  suffix: 'basicauth',
  isPhased: true,
  schema: Obj(
    {
      location: Opt(Doc('Where the credentials are read; the Authorization header by default.', extractLocation)),
      mode: Opt(
        Doc(
          'Strict: a valid password is needed. Optional: a password must be valid if there is one.',
          Enum(['Optional', 'Strict'], fallback('Strict')),
        ),
      ),
      realm: Opt(Doc('Realm that browsers show; `Restricted` by default.', Str())),
      secretRef: Opt(Doc('Secret with lines as in `users`, under `.htaccess` by default.', secretKeyRef)),
      users: Opt(Doc('Users and hashes of their passwords, as lines of an htpasswd file.', List(Str(), items(1, 256)))),
    },
    exactlyOneOf('users', 'secretRef'),
  ),
  translate: (spec, ctx, path) => {
    const users = itemsOf(spec.users)
    const { value, problems } =
      users.length > 0 || spec.secretRef === undefined
        ? outcome(users.join('\n'), [])
        : secretUsers(spec.secretRef, ctx, `${path}.secretRef`)
    return outcome(
      {
        basicAuth: {
          htpasswdContent: value ?? '',
          realm: spec.realm,
          mode: spec.mode === 'Optional' ? 'OPTIONAL' : 'STRICT',
          authorizationLocation: wireLocation(spec.location),
        },
      },
      [...problems, ...locationFlaws(spec.location, `${path}.location`, 'basicAuthentication location')],
    )
  },
})

function secretUsers(ref: SecretKeyRef, ctx: FeatureContext, path: string): Outcome<string> {
  const { value: secret, problems } = resolveSecret(ref, ctx, path)
  if (secret === undefined) return { value: undefined, problems }
  const key = ref.key || '.htaccess'
  const bytes = secretBytes(secret, key)
  return bytes === undefined || !isUtf8(bytes)
    ? flawed(path, `basic authentication secret ${ref.name} found, but doesn't contain "${key}" key`)
    : outcome(bytes.toString('utf8'), [])
}
