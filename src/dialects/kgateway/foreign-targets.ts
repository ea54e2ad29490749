// Which targets of kgateway's policies are not ours to judge: Gateways of other controllers, which may well be kgateway's own.
import { nameKey } from '../../core/keys.ts'
import type { DialectContext } from '../carried.ts'
import type { Fields } from '../fields.ts'

/** Whether a target in this namespace is a Gateway of another class. One that is not there may become ours. */
export function isForeign(ref: Fields, namespace: string, { read, settings }: DialectContext): boolean {
  const name = ref.json('name')
  if (ref.json('kind') !== 'Gateway' || typeof name !== 'string') return false
  const gateway = read.gateways.get(nameKey(namespace, name))
  return gateway !== undefined && gateway.spec?.gatewayClassName !== settings.className
}
