// Which other origins a browser lets use this one.
import type { Problem } from '../../core/problem.ts'
import {
  Bool,
  Doc,
  Enum,
  fallback,
  Int32,
  List,
  length,
  Obj,
  Opt,
  preserveUnknown,
  range,
  rule,
  Str,
  setList,
} from '../../schema/combinators.ts'
import { trafficFeature } from '../shared/feature.ts'
import { outcome, take } from '../shared/flaws.ts'
import { headerNamesOf } from '../shared/header-names.ts'
import { itemsOf } from '../shared/lists.ts'
import { headerName } from '../shared/refs.ts'

const ORIGIN = '(^\\*$)|(^(http(s)?):\\/\\/(((\\*\\.)?([a-zA-Z0-9\\-]+\\.)*[a-zA-Z0-9-]+|\\*)(:([0-9]{1,5}))?)$)'

function starAlone(message: string) {
  return rule("!('*' in self && self.size() > 1)", message)
}

/** `cors`: answer preflight requests and mark responses. */
export const cors = trafficFeature({
  field: 'cors',
  suffix: 'cors',
  isPhased: true,
  schema: Obj(
    {
      allowCredentials: Opt(Doc('Whether requests may carry cookies and credentials.', Bool())),
      allowHeaders: Opt(
        Doc(
          'Headers that requests may carry; `*` alone means any.',
          List(
            headerName,
            { maxItems: 64 },
            setList,
            starAlone("AllowHeaders cannot contain '*' alongside other methods"),
          ),
        ),
      ),
      allowMethods: Opt(
        Doc(
          'Methods that requests may have; `*` alone means any.',
          List(
            Enum(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'PATCH', '*']),
            { maxItems: 9 },
            setList,
            starAlone("AllowMethods cannot contain '*' alongside other methods"),
          ),
        ),
      ),
      allowOrigins: Opt(
        Doc(
          'Origins that may send requests; `*` alone means any, `https://*.example.com` any below a domain.',
          List(
            Str(length(1, 253), { pattern: ORIGIN }),
            { maxItems: 64 },
            setList,
            starAlone("AllowOrigins cannot contain '*' alongside other origins"),
          ),
        ),
      ),
      exposeHeaders: Opt(Doc('Headers of responses that pages may read.', List(headerName, { maxItems: 64 }, setList))),
      maxAge: Opt(
        Doc('Seconds for which a browser may reuse the answer to a preflight request.', Int32(range(1), fallback(5))),
      ),
    },
    preserveUnknown,
  ),
  translate: (spec, _ctx, path) => {
    const problems: Problem[] = []
    const cors = {
      allowCredentials: spec.allowCredentials === true,
      allowHeaders: take(headerNamesOf(spec.allowHeaders, `${path}.allowHeaders`), problems),
      // Methods have the characters that names of headers have.
      allowMethods: take(headerNamesOf(spec.allowMethods, `${path}.allowMethods`), problems),
      allowOrigins: [...itemsOf(spec.allowOrigins)],
      exposeHeaders: take(headerNamesOf(spec.exposeHeaders, `${path}.exposeHeaders`), problems),
      maxAge: { seconds: String(Math.max(0, Math.trunc(Number(spec.maxAge ?? 0)) || 0)), nanos: 0 },
    }
    return outcome({ cors }, problems)
  },
})
