// A fixed endpoint: a host and port, or a Unix socket beside the proxy.
import { ok } from '../../core/problem.ts'
import { Doc, length, Obj, Opt, rule, Str } from '../../schema/combinators.ts'
import { port, shortString } from '../shared/refs.ts'
import { backendType } from './backend.ts'

/** `static`: one fixed endpoint. */
export const staticBackend = backendType({
  field: 'static',
  schema: Obj(
    {
      host: Opt(Doc('Host name or IP address.', shortString)),
      port: Opt(Doc('Port at that host.', port)),
      unixPath: Opt(Doc("Path of a Unix socket in the proxy's file system.", Str(length(1)))),
    },
    rule(
      'has(self.unixPath) || (has(self.host) && has(self.port))',
      'must specify either unixPath or both host and port',
    ),
    rule(
      '!has(self.unixPath) || (!has(self.host) && !has(self.port))',
      'unixPath and host/port are mutually exclusive',
    ),
  ),
  translate: ({ host, port, unixPath }) => ok({ arm: { static: unixPath ? { unixPath } : { host, port } } }),
})
