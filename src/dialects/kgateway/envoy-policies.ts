// kgateway's policies that set Envoy up: nothing of them is carried over, and each field says what to write instead. What
// is meant for the Gateway of another controller is not ours to judge.
import type { Problem } from '../../core/problem.ts'
import { refOf } from '../../kube/object.ts'
import {
  type Carried,
  type CarriedTarget,
  carriedFrame,
  type DialectContext,
  type DialectKind,
  type ForeignObject,
} from '../carried.ts'
import { type Fields, readFields } from '../fields.ts'
import { GATEWAY_API } from '../made.ts'
import { KGATEWAY } from './backend.ts'
import { isForeign } from './foreign-targets.ts'

/** Fields that say what some of them did, by kind and field; nothing where there is no such field. */
export const INSTEAD: Readonly<Record<'HTTPListenerPolicy' | 'BackendConfigPolicy', Readonly<Record<string, string>>>> =
  {
    HTTPListenerPolicy: {
      accessLog: 'frontend.accessLog',
      tracing: 'frontend.tracing',
      acceptHttp10: '',
      preserveHttp1HeaderCase: '',
      defaultHostForHttp10: '',
      healthCheck: 'traffic.directResponse',
      idleTimeout: 'frontend.http.http1IdleTimeout',
      streamIdleTimeout: 'traffic.timeouts.request',
      upgradeConfig: '',
      useRemoteAddress: '',
      xffNumTrustedHops: '',
      serverHeaderTransformation: 'traffic.headerModifiers.response',
    },
    BackendConfigPolicy: {
      connectTimeout: 'backend.tcp.connectTimeout',
      tcpKeepalive: 'backend.tcp.keepalive',
      tls: 'backend.tls',
      commonHttpProtocolOptions: 'backend.http',
      http1ProtocolOptions: 'backend.http',
      http2ProtocolOptions: 'backend.http',
      healthCheck: 'backend.health',
      outlierDetection: 'backend.health',
    },
  }

/** Policies that have no effect, one kind each. */
export const envoyPolicies: readonly DialectKind[] = [
  unsupported('HTTPListenerPolicy', 'httplistenerpolicies'),
  unsupported('BackendConfigPolicy', 'backendconfigpolicies'),
]

function unsupported(kind: keyof typeof INSTEAD, plural: DialectKind['plural']): DialectKind {
  return {
    group: KGATEWAY,
    kind,
    plural,
    carry: (object, context) => carryNothing(object, { instead: INSTEAD[kind], context }),
  }
}

interface Scope {
  readonly instead: Readonly<Record<string, string>>
  readonly context: DialectContext
}

function carryNothing(object: ForeignObject, { instead, context }: Scope): Carried {
  const { namespace } = refOf(object)
  const spec = readFields(object.spec, 'spec', [])
  const written = [...spec.list('targetRefs'), ...spec.list('targetSelectors')]
  const targets = written.filter((ref) => !isForeign(ref, namespace, context)).map(targetOf)
  spec.ignore('targetRefs', 'targetSelectors')
  const isOfOthers = written.length > 0 && targets.length === 0
  return {
    ...carriedFrame(object),
    made: [],
    workload: [],
    problems: isOfOthers ? [] : spec.unread().map((path) => told(object.kind, path, instead)),
    targets,
  }
}

function told(kind: string, path: string, instead: Readonly<Record<string, string>>): Problem {
  const field = path.split('.')[1] ?? ''
  const better = Object.hasOwn(instead, field) ? instead[field] : undefined
  const message = better
    ? `${kind} sets up Envoy and has no effect; write ${better} in an AgentgatewayPolicy instead`
    : `${kind} sets up Envoy and has no effect; agentgateway has nothing like ${field}, remove it`
  return { reason: 'UnsupportedValue', path, message }
}

function targetOf(ref: Fields): CarriedTarget {
  const kind = ref.text('kind') ?? ''
  const group = ref.text('group') ?? (kind === 'Gateway' ? GATEWAY_API : '')
  return {
    path: ref.path,
    ref: { group, kind, name: ref.text('name') ?? 'StatusSummary' },
    policy: undefined,
    problems: [],
  }
}
