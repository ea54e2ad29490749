// Letting an external service read and change requests and responses while they pass.
import type { Problem } from '../../core/problem.ts'
import { Bool, Dict, Doc, Enum, exactlyOneOf, fallback, Obj, Opt, saying } from '../../schema/combinators.ts'
import type { TrafficPolicySpec } from '../../wire/messages.ts'
import { celFlaws } from '../shared/cel.ts'
import { endpointReferences, resolveEndpoint } from '../shared/endpoints.ts'
import { trafficFeature } from '../shared/feature.ts'
import { outcome, prefixed, take } from '../shared/flaws.ts'
import { entriesOf } from '../shared/lists.ts'
import {
  celExpression,
  celMap,
  conditional,
  endpointFields,
  endpointUrlWithoutPath,
  failureMode,
} from '../shared/refs.ts'
import { endpointUnlessConditional } from './endpoint-rule.ts'

const bodyMode = Enum(['Buffered', 'BufferedPartial', 'FullDuplexStreamed', 'None'], fallback('FullDuplexStreamed'))
const sendMode = Enum(['Send', 'Skip'], fallback('Send'))

const processingOptions = Obj({
  allowModeOverride: Opt(Doc('Whether the service may change these for a request.', Bool(fallback(false)))),
  requestBodyMode: Opt(Doc('How the body of the request is sent.', bodyMode)),
  requestHeaderMode: Opt(Doc('Whether the headers of the request are sent.', sendMode)),
  requestTrailerMode: Opt(Doc('Whether the trailers of the request are sent.', sendMode)),
  responseBodyMode: Opt(Doc('How the body of the response is sent.', bodyMode)),
  responseHeaderMode: Opt(Doc('Whether the headers of the response are sent.', sendMode)),
  responseTrailerMode: Opt(Doc('Whether the trailers of the response are sent.', sendMode)),
})

const fields = {
  ...endpointFields,
  failureMode: Opt(
    Doc(
      'What happens while the service cannot be asked, closed by default; open no longer applies once a body is being sent.',
      failureMode,
    ),
  ),
  metadataContext: Opt(
    Doc('CEL values for the service, by namespace and name.', Dict(Dict(celExpression), { maxProperties: 64 })),
  ),
  processingOptions: Opt(
    Doc('Which parts are sent; by default all of them, bodies as they arrive.', processingOptions),
  ),
  requestAttributes: Opt(Doc('CEL values sent with a request.', celMap)),
  responseAttributes: Opt(Doc('CEL values sent with a response.', celMap)),
}

type ExtProc = NonNullable<TrafficPolicySpec['extProc']>
type ProcessingOptions = NonNullable<ExtProc['processingOptions']>

const BODY_MODES = {
  Buffered: 'BUFFERED',
  BufferedPartial: 'BUFFERED_PARTIAL',
  FullDuplexStreamed: 'FULL_DUPLEX_STREAMED',
  None: 'NONE',
} as const
const SEND_MODES = { Send: 'SEND', Skip: 'SKIP' } as const

/** `extProc`: let a service process requests and responses. */
export const extProc = trafficFeature({
  field: 'extProc',
  suffix: 'extproc',
  isPhased: true,
  isConditional: true,
  schema: conditional(
    fields,
    [endpointUnlessConditional, endpointUrlWithoutPath],
    [saying('exactly one of backendRef or url is required', exactlyOneOf('backendRef', 'url')), endpointUrlWithoutPath],
  ),
  references: endpointReferences,
  translate: (spec, ctx, path) => {
    const problems: Problem[] = []
    const endpoint = take(prefixed('failed to build extProc: ', resolveEndpoint(spec, ctx, path)), problems)
    const value: ExtProc = {
      failureMode: spec.failureMode === 'FailOpen' ? 'FAIL_OPEN' : 'FAIL_CLOSED',
      requestAttributes: Object.fromEntries(entriesOf(spec.requestAttributes)),
      responseAttributes: Object.fromEntries(entriesOf(spec.responseAttributes)),
      metadataContext: Object.fromEntries(
        entriesOf(spec.metadataContext).map(([namespace, context]) => [
          namespace,
          { context: Object.fromEntries(entriesOf(context)) },
        ]),
      ),
    }
    if (endpoint !== undefined) {
      value.target = endpoint.reference
      value.inlinePolicies = [...endpoint.inlinePolicies]
    }
    for (const field of ['requestAttributes', 'responseAttributes'] as const) {
      for (const [key, each] of entriesOf(spec[field])) {
        problems.push(...celFlaws(each, `${path}.${field}[${key}]`, `extProc ${field} "${key}"`))
      }
    }
    for (const [namespace, context] of entriesOf(spec.metadataContext)) {
      for (const [key, each] of entriesOf(context)) {
        const at = `${path}.metadataContext[${namespace}][${key}]`
        problems.push(...celFlaws(each, at, `extProc metadataContext "${namespace}"/"${key}"`))
      }
    }
    const options = spec.processingOptions
    if (options !== undefined) {
      // The wire's zero is "no body", so the default has to be said.
      const body = (mode: typeof options.requestBodyMode): ProcessingOptions['requestBodyMode'] =>
        BODY_MODES[mode ?? 'FullDuplexStreamed'] ?? BODY_MODES.FullDuplexStreamed
      const send = (mode: typeof options.requestHeaderMode): ProcessingOptions['requestHeaderMode'] =>
        mode === undefined ? undefined : SEND_MODES[mode]
      value.processingOptions = {
        requestBodyMode: body(options.requestBodyMode),
        responseBodyMode: body(options.responseBodyMode),
        requestHeaderMode: send(options.requestHeaderMode),
        responseHeaderMode: send(options.responseHeaderMode),
        requestTrailerMode: send(options.requestTrailerMode),
        responseTrailerMode: send(options.responseTrailerMode),
        allowModeOverride: options.allowModeOverride === true,
      }
    }
    return outcome({ extProc: value }, problems)
  },
})
