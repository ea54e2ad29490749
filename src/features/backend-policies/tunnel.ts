// Reaching a backend through an HTTP proxy. The proxy is a backend of its own, with policies of its own.
import { Obj, saying } from '../../schema/combinators.ts'
import { endpointReferences, resolveEndpoint } from '../shared/endpoints.ts'
import { backendPolicyFeature } from '../shared/feature.ts'
import { endpointChoice, endpointFields, endpointUrlWithoutPath } from '../shared/refs.ts'

/** `tunnel`: an HTTP proxy that is asked to CONNECT. */
export const tunnel = backendPolicyFeature({
  field: 'tunnel',
  suffix: 'backend-tunnel',
  schema: Obj(
    endpointFields,
    endpointChoice,
    saying('url must not include a path for backend tunnel', endpointUrlWithoutPath),
  ),
  references: endpointReferences,
  translate: (spec, ctx, path) => {
    const { value: proxy, problems } = resolveEndpoint(spec, ctx, path)
    const backendTunnel = proxy && { proxy: proxy.reference, inlinePolicies: [...proxy.inlinePolicies] }
    return { value: { backendTunnel: backendTunnel ?? {} }, problems }
  },
})
