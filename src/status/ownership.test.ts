import { describe, expect, it } from 'vitest'
import { withoutOurs } from './ownership.ts'

const names = { controllerName: 'example.com/us', fieldManager: 'us' }

function gateway(status: unknown, fields: object) {
  const managedFields = [
    { manager: 'us', operation: 'Update', fieldsV1: { 'f:status': { 'f:conditions': {} } } },
    { manager: 'us', operation: 'Update', subresource: 'status', fieldsV1: { 'f:status': fields } },
  ]
  return {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'Gateway',
    metadata: { name: 'g', namespace: 'ns', managedFields },
    status,
  }
}

const accepted = { type: 'Accepted', status: 'True', reason: 'Accepted', message: '' }
const programmed = { type: 'Programmed', status: 'True', reason: 'Programmed', message: '' }
const own = (type: string) => ({
  [`k:{"type":"${type}"}`]: { '.': {}, 'f:type': {}, 'f:status': {}, 'f:message': {} },
})

describe('what is left of a status without us', () => {
  it('is nothing of a Gateway where we wrote everything, so that it waits for a controller again', () => {
    const fields = {
      'f:conditions': { ...own('Accepted'), ...own('Programmed') },
      'f:listeners': { 'k:{"name":"http"}': {} },
      'f:attachedListenerSets': {},
    }
    const status = { conditions: [accepted, programmed], listeners: [{ name: 'http' }], attachedListenerSets: 0 }
    expect(withoutOurs(gateway(status, fields), names)).toEqual({})
  })

  it('keeps what others wrote, also where we were the first to write', () => {
    const taken = { 'k:{"type":"Accepted"}': { '.': {}, 'f:type': {} } }
    const fields = { 'f:conditions': { ...taken, ...own('Programmed') } }
    const status = { addresses: [{ value: '1.2.3.4' }], conditions: [accepted, programmed] }
    expect(withoutOurs(gateway(status, fields), names)).toEqual({
      addresses: [{ value: '1.2.3.4' }],
      conditions: [accepted],
    })
  })

  it('is no write where nothing is ours', () => {
    const status = { conditions: [accepted] }
    expect(withoutOurs(gateway(status, {}), names)).toBeUndefined()
    expect(withoutOurs({ ...gateway(status, {}), metadata: { name: 'g' } }, names)).toBeUndefined()
    expect(withoutOurs(gateway(undefined, {}), names)).toBeUndefined()
    expect(withoutOurs(gateway('nonsense', {}), names)).toBeUndefined()
  })

  it('lacks our entries of lists that controllers share', () => {
    const [ours, theirs] = [{ controllerName: 'example.com/us' }, { controllerName: 'example.com/them' }]
    expect(withoutOurs(gateway({ parents: [theirs, ours] }, {}), names)).toEqual({ parents: [theirs] })
    expect(withoutOurs(gateway({ ancestors: [ours] }, {}), names)).toEqual({ ancestors: [] })
    expect(withoutOurs(gateway({ parents: [theirs] }, {}), names)).toBeUndefined()
  })
})
