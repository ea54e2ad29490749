// A backend without an endpoint of its own: the request says where it goes.
import { ok } from '../../core/problem.ts'
import { Empty } from '../../schema/combinators.ts'
import { backendType } from './backend.ts'

/** `dynamicForwardProxy`: the destination comes from the request. */
export const dynamicForwardProxy = backendType({
  field: 'dynamicForwardProxy',
  schema: Empty(),
  translate: () => ok({ arm: { dynamic: {} } }),
})
