// Whether connections begin with a PROXY header that says who the client is.
import { ok } from '../../core/problem.ts'
import { Doc, Enum, fallback, Obj, Opt } from '../../schema/combinators.ts'
import { frontendFeature } from '../shared/feature.ts'

const VERSIONS = { All: 'ALL', V1: 'V1', V2: 'V2' } as const
const MODES = { Optional: 'OPTIONAL', Strict: 'STRICT' } as const

/** `proxyProtocol`: read PROXY headers. */
export const proxyProtocol = frontendFeature({
  field: 'proxyProtocol',
  suffix: 'frontend-proxy',
  schema: Obj({
    mode: Opt(
      Doc(
        'Strict: every connection begins with the header. Optional: some do.',
        Enum(['Optional', 'Strict'], fallback('Strict')),
      ),
    ),
    version: Opt(Doc('Versions of the header that are read.', Enum(['All', 'V1', 'V2'], fallback('V2')))),
  }),
  translate: ({ version = 'V2', mode = 'Strict' }) =>
    ok({ proxyProtocol: { version: VERSIONS[version], mode: MODES[mode] } }),
})
