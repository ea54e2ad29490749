import { expect, test } from 'vitest'
import { scopeOf } from '../../test/rule-scope.ts'
import { translateStreamRule } from './stream-rules.ts'

function translate(kind: string, hostnames: readonly string[]) {
  const scope = scopeOf({ kind, hostnames, services: ['default/db'] })
  const rule = { name: 'rule', backendRefs: [{ name: 'db', port: 5432, weight: 2, filters: [{ type: 'CORS' }] }] }
  return translateStreamRule(rule, scope).render?.({ key: 'k', listenerKey: 'l' })
}

const BACKENDS = [
  { weight: 2, backend: { service: { namespace: 'default', hostname: 'db.default.svc.cluster.local' }, port: 5432 } },
]

test('a TLSRoute carries server names, a TCPRoute has none', () => {
  const name = { namespace: 'default', name: 'route', ruleName: 'rule' }
  expect(translate('TLSRoute', ['db.com'])).toEqual([
    {
      kind: 'tcpRoute',
      tcpRoute: {
        key: 'k',
        listenerKey: 'l',
        name: { kind: 'TLSRoute', ...name },
        hostnames: ['db.com'],
        backends: BACKENDS,
      },
    },
  ])
  expect(translate('TCPRoute', [])).toEqual([
    {
      kind: 'tcpRoute',
      tcpRoute: { key: 'k', listenerKey: 'l', name: { kind: 'TCPRoute', ...name }, backends: BACKENDS },
    },
  ])
})
