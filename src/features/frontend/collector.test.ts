import { expect, test } from 'vitest'
import { frontend } from '../../../test/policy-features.ts'

const world = { services: ['otel'] }
const backendRef = { name: 'otel', port: 4317 }
const providerBackend = { service: { namespace: 'ns', hostname: 'otel' }, port: 4317 }
const attributes = { add: [{ name: 'a', expression: 'x' }], remove: ['b'] }

test('a log is sent by gRPC unless told otherwise, with its own filter and fields', () => {
  const otlp = { backendRef, filter: 'f', attributes }
  expect(frontend({ accessLog: { filter: 'g', attributes: { remove: ['c'] }, otlp } }, world)).toEqual({
    sent: {
      'frontend-logging': {
        logging: {
          filter: 'g',
          fields: { remove: ['c'] },
          otlpAccessLog: {
            providerBackend,
            protocol: 'GRPC',
            filter: 'f',
            fields: { add: [{ name: 'a', expression: 'x' }], remove: ['b'] },
          },
        },
      },
    },
    said: [],
  })
})

test('traces carry attributes of spans and of the resource', () => {
  const resources = [{ name: 'service.name', expression: 'n' }]
  const sampling = { randomSampling: '0.1', clientSampling: 'true', filter: 'f' }
  expect(frontend({ tracing: { backendRef, attributes, resources, ...sampling } }, world)).toEqual({
    sent: {
      'frontend-tracing': {
        tracing: {
          providerBackend,
          protocol: 'GRPC',
          attributes: [{ name: 'a', value: 'x' }],
          remove: ['b'],
          resources: [{ name: 'service.name', value: 'n' }],
          ...sampling,
        },
      },
    },
    said: [],
  })
})

const url = 'https://otel.example/v1'

test.each([
  ['the path of the URL', { url, protocol: 'HTTP' }, { path: '/v1' }, 0],
  ['its own path before that of the URL', { url, protocol: 'HTTP', path: '/p' }, { path: '/p' }, 0],
  ['no path without protocol HTTP', { url }, { path: '/v1', protocol: 'GRPC' }, 1],
])('a collector has %s', (_, spec, sent, problems) => {
  const target = {
    providerBackend: { inline: { hostname: 'otel.example', port: 443 } },
    inlinePolicies: [{ backendTls: { hostname: 'otel.example' } }],
    ...sent,
  }
  const tracing = frontend({ tracing: spec })
  expect(tracing.sent).toEqual({ 'frontend-tracing': { tracing: target } })
  expect(tracing.said).toHaveLength(problems)
  const log = frontend({ accessLog: { otlp: spec } })
  expect(log.sent).toEqual({ 'frontend-logging': { logging: { otlpAccessLog: target } } })
  expect(log.said).toHaveLength(problems)
})

test('says all that is wrong, in a fixed order', () => {
  const bad = { add: [{ name: 'a', expression: '{{a}}' }] }
  const otlp = { backendRef: { name: 'gone', port: 1 }, filter: '{{f}}', attributes: bad }
  const tail = 'is not a valid CEL expression'
  expect(frontend({ accessLog: { filter: '{{g}}', attributes: bad, otlp } }).said).toEqual([
    `spec.frontend.accessLog.filter: frontend accessLog filter ${tail}: {{g}}`,
    `spec.frontend.accessLog.attributes.add[0].expression: frontend accessLog field "a" ${tail}: {{a}}`,
    'spec.frontend.accessLog.otlp.backendRef: failed to translate access log OTLP backend: unable to find the Service ns/gone',
    `spec.frontend.accessLog.otlp.filter: frontend accessLog OTLP filter ${tail}: {{f}}`,
    `spec.frontend.accessLog.otlp.attributes.add[0].expression: frontend accessLog OTLP field "a" ${tail}: {{a}}`,
  ])
  const { backendRef: gone } = otlp
  expect(
    frontend({ tracing: { backendRef: gone, attributes: bad, resources: bad.add, filter: '{{f}}' } }).said,
  ).toEqual([
    'spec.frontend.tracing.backendRef: failed to translate tracing backend: unable to find the Service ns/gone',
    `spec.frontend.tracing.attributes.add[0].expression: frontend tracing attribute "a" ${tail}: {{a}}`,
    `spec.frontend.tracing.resources[0].expression: frontend tracing resource "a" ${tail}: {{a}}`,
    `spec.frontend.tracing.filter: frontend tracing filter ${tail}: {{f}}`,
  ])
})
