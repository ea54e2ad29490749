// Which host name a backend is asked for.
import { ok } from '../../core/problem.ts'
import { Doc, Enum, Obj } from '../../schema/combinators.ts'
import { trafficFeature } from '../shared/feature.ts'

/** `hostRewrite`: keep the host of the request, or use that of the backend. */
export const hostRewrite = trafficFeature({
  field: 'hostRewrite',
  suffix: 'hostname-rewrite',
  schema: Obj({
    mode: Doc('Auto: the host of the backend, if it has one. None: the host of the request.', Enum(['Auto', 'None'])),
  }),
  translate: ({ mode }) => ok({ hostRewrite: { mode: mode === 'Auto' ? 'AUTO' : 'NONE' } }),
})
