import { expect, test } from 'vitest'
import { traffic } from '../../../test/policy-features.ts'

const backendRef = { name: 'p', port: 1 }
const target = { service: { namespace: 'ns', hostname: 'p' }, port: 1 }
const proc = (spec: object) => traffic({ extProc: { backendRef, ...spec } }, { services: ['p'] })

test('options that are absent are the proxy’s, and empty ones mean whole bodies', () => {
  expect(proc({}).sent).toEqual({ extproc: { extProc: { target } } })
  expect(proc({ processingOptions: { requestHeaderMode: 'Skip' } }).sent).toEqual({
    extproc: {
      extProc: {
        target,
        processingOptions: {
          requestBodyMode: 'FULL_DUPLEX_STREAMED',
          responseBodyMode: 'FULL_DUPLEX_STREAMED',
          requestHeaderMode: 'SKIP',
        },
      },
    },
  })
  expect(proc({ processingOptions: { requestBodyMode: 'None', responseBodyMode: 'Buffered' } }).sent).toMatchObject({
    extproc: { extProc: { processingOptions: { responseBodyMode: 'BUFFERED' } } },
  })
})

test('checks every expression, says which, and sends it all the same', () => {
  const { sent, said } = proc({
    requestAttributes: { a: '{{a}}' },
    responseAttributes: { b: 'b' },
    metadataContext: { n: { k: '{{k}}' } },
  })
  expect(sent).toEqual({
    extproc: {
      extProc: {
        target,
        requestAttributes: { a: '{{a}}' },
        responseAttributes: { b: 'b' },
        metadataContext: { n: { context: { k: '{{k}}' } } },
      },
    },
  })
  expect(said).toEqual([
    'spec.traffic.extProc.requestAttributes[a]: extProc requestAttributes "a" is not a valid CEL expression: {{a}}',
    'spec.traffic.extProc.metadataContext[n][k]: extProc metadataContext "n"/"k" is not a valid CEL expression: {{k}}',
  ])
})

test('is sent without a target when the service is missing', () => {
  expect(proc({ backendRef: { name: 'gone', port: 1 }, failureMode: 'FailOpen' })).toEqual({
    sent: { extproc: { extProc: { failureMode: 'FAIL_OPEN' } } },
    said: ['spec.traffic.extProc.backendRef: failed to build extProc: unable to find the Service ns/gone'],
  })
})
