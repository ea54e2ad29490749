// The `policies` list: each with what it is attached to. What a policy does is rendered by the files of its kind.
import type {
  ConditionalPolicies,
  Policy,
  PolicyTarget,
  TrafficPolicySpec,
  TypedResourceName,
} from '../../wire/messages.ts'
import { backendPolicy } from './backend-policies.ts'
import { frontendPolicy } from './frontend.ts'
import { trafficPolicy } from './traffic.ts'
import { camel, portNumber, type Rendered, text } from './values.ts'

/** One entry of `policies`. */
export function policyEntry(policy: Policy): Rendered {
  return {
    key: policy.key ?? '',
    name: policy.name ? typedName(policy.name) : null,
    target: target(policy.target ?? {}),
    inheritance: policy.inheritance === 'OVERRIDE' ? 'override' : undefined,
    policy: content(policy),
  }
}

function typedName({ kind = '', name = '', namespace = '' }: TypedResourceName): Rendered {
  return { kind, name, namespace }
}

function target({ gateway, route, backend, service, listenerSet }: PolicyTarget): Rendered {
  if (gateway) {
    return {
      gateway: {
        gatewayName: gateway.name ?? '',
        gatewayNamespace: gateway.namespace ?? '',
        listenerName: gateway.listener ?? null,
        port: gateway.port,
      },
    }
  }
  if (route) {
    const { name = '', namespace = '', routeRule: ruleName, kind } = route
    return { route: { name, namespace, ruleName, kind: text(kind) } }
  }
  if (backend) {
    const { name = '', namespace = '', section } = backend
    return { backend: { backend: { name, namespace, section } } }
  }
  if (service) {
    const { hostname = '', namespace = '', port } = service
    return { backend: { service: { hostname, namespace, port: port === undefined ? undefined : portNumber(port) } } }
  }
  const { name = '', namespace = '', section } = listenerSet ?? {}
  return { listenerSet: { name, namespace, section } }
}

function content({ traffic, backend, frontend, conditional }: Policy): Rendered {
  if (traffic) return { traffic: phased(traffic, trafficPolicy(traffic)) }
  if (backend) return { backend: backendPolicy(backend) }
  if (frontend) return { frontend: frontendPolicy(frontend) }
  return { traffic: conditionalPolicy(conditional ?? {}) }
}

function phased({ phase }: TrafficPolicySpec, policy: Readonly<Record<string, Rendered>>): Rendered {
  return { phase: camel(phase ?? 'ROUTE'), ...policy }
}

/** Choices of one kind of policy: the first whose condition holds is applied. */
function conditionalPolicy({ policies = [] }: ConditionalPolicies): Rendered {
  const choices = policies.flatMap(({ condition, traffic }) => (traffic ? [{ condition, traffic }] : []))
  const [first] = choices
  if (first === undefined) return {}
  const rendered = choices.map(({ condition, traffic }) => {
    const [kind = '', pol] = Object.entries(trafficPolicy(traffic))[0] ?? []
    return { kind, pol, condition }
  })
  const kind = rendered[0]?.kind ?? ''
  const list = rendered.map(({ pol, condition }) => ({ pol, condition: condition ?? null }))
  const isPlain = list.length === 1 && first.condition === undefined
  return phased(first.traffic, { [kind]: isPlain ? list[0]?.pol : list.length === 1 ? list[0] : list })
}
