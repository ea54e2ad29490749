// What an edit costs in a cluster of 2,000 routes: how many objects are translated again, how many facts are worked out
// again, and what proxies and statuses are told. Every bound is about what the edit touches, none about the size of
// the cluster.
import { beforeAll, describe, expect, test } from 'vitest'
import { createRun, type Run } from '../../src/cli/run.ts'
import type { KubeObject } from '../../src/kube/object.ts'
import { DEFAULT_TRANSLATE_SETTINGS } from '../../src/translate/settings.ts'
import { issueCertificate } from '../certificates.ts'
import { buildCity, CITY, grant, homeOf, ZONE } from './city.ts'

/** An edit and its price. */
interface Edit {
  readonly what: string
  /** The object that is changed, as `Kind/name`, and how. */
  readonly object: string
  readonly by: Change | typeof DELETED
  /** Translations by kind; a kind that is not named must not be translated at all. */
  readonly translates: Readonly<Record<string, number>>
  /** The most facts that may be worked out again; encoding and the like follow translations that changed. */
  readonly facts: number
  /** Changes that proxies are sent. */
  readonly sends: number
}

const CERTIFICATE = issueCertificate('*.example.com')
const RENEWED = issueCertificate('*.example.com')
const ROUTES_OF_GATEWAY = CITY.routes / CITY.gateways
const base64 = (text: string): string => Buffer.from(text).toString('base64')

type Change = (object: KubeObject) => KubeObject

/** Puts a value at a path, whose steps are names and numbers. */
const set = (path: string, value: unknown) => changing(path, () => value)
const add = (path: string, value: unknown) =>
  changing(path, (list) => (Array.isArray(list) ? [...list, value] : [value]))
const labelled = (key: string, value = 'new') => set(`metadata.labels.${key}`, value)
const annotated = set('metadata.annotations', { checked: 'today' })
const withStatus = set('status', { conditions: [], parents: [] })
const renamed = (name: string) => set('metadata.name', name)
const DELETED = 'deleted'
const elsewhere = (): KubeObject => grant('nowhere', homeOf(5))
const renewal = set('data', { 'tls.crt': base64(RENEWED.certificate), 'tls.key': base64(RENEWED.privateKey) })

const LISTENER = { name: 'new', port: 81, protocol: 'HTTP', allowedRoutes: { namespaces: { from: 'All' } } }
const POLICY = { 'policy-contents': 1, policies: 1 }
const GATEWAY = { gateways: 1, 'classless-gateways': 1 }

const EDITS: readonly Edit[] = [
  // A route has four facts: where it is attached, what it delegates and inherits, which gateways need its backends.
  // route-5 is on two listeners of one Gateway, and no policy is on it.
  edit(
    'the path of a route',
    'HTTPRoute/route-5',
    set('spec.rules.0.matches.0.path.value', '/x'),
    { httproutes: 1 },
    [4, 2],
  ),
  edit('a label of a route', 'HTTPRoute/route-5', labelled('x'), { httproutes: 1 }, [4, 0]),
  edit('an annotation of a route', 'HTTPRoute/route-5', annotated, { httproutes: 1 }, [4, 0]),
  edit('the status of a route', 'HTTPRoute/route-5', withStatus, {}, [0, 0]),
  edit(
    'the path of a route that a policy names',
    'HTTPRoute/route-45',
    set('spec.rules.0.matches.0.path.value', '/x'),
    { httproutes: 1, policies: 1 },
    [4, 2],
  ),
  edit('a new route', 'HTTPRoute/route-5', renamed('route-new'), { httproutes: 1 }, [9, 2]),
  edit('a route less', 'HTTPRoute/route-5', DELETED, {}, [3, 2]),
  edit(
    'the Service of a route',
    'HTTPRoute/route-5',
    set('spec.rules.0.backendRefs.0.name', 'svc-25'),
    { httproutes: 1 },
    [6, 2],
  ),
  edit(
    'the Gateway of a route',
    'HTTPRoute/route-5',
    set('spec.parentRefs.0.name', 'gw-9'),
    { httproutes: 1 },
    [11, 4],
  ),
  edit('a hostname of a GRPCRoute', 'GRPCRoute/grpcroute-3', set('spec.hostnames', ['a.b']), { grpcroutes: 1 }, [4, 2]),
  edit(
    'the port of a TCPRoute',
    'TCPRoute/tcproute-3',
    set('spec.rules.0.backendRefs.0.port', 81),
    { tcproutes: 1 },
    [2, 1],
  ),

  // One fact of each pod is whether it is ready, for those who wait for a workload of theirs.
  edit('a pod that is not ready', 'Pod/pod-1', set('status.conditions.0.status', 'False'), { pods: 1 }, [1, 1]),
  edit('a label of a pod', 'Pod/pod-1', labelled('x'), { pods: 1 }, [1, 0]),
  edit('a new pod', 'Pod/pod-1', renamed('pod-new'), { pods: 1 }, [1, 1]),
  edit('a pod less', 'Pod/pod-1', DELETED, {}, [0, 1]),
  edit('an endpoint less', 'EndpointSlice/slice-1', set('endpoints', []), { endpointslices: 1 }, [1, 0]),
  edit('the zone of a node', 'Node/node-1', set('metadata.labels', { [ZONE]: 'b' }), { pods: 20 }, [1, 20]),
  edit('an annotation of a node', 'Node/node-1', annotated, {}, [0, 0]),

  // Of the routes of its team two go to svc-47, and it has two pods.
  edit('a label of a Service', 'Service/svc-47', labelled('x'), { a2a: 1 }, [3, 0]),
  edit(
    'the target port of a Service',
    'Service/svc-47',
    set('spec.ports.0.targetPort', 81),
    { services: 1, pods: 2, a2a: 1 },
    [6, 3],
  ),
  edit('a new Service', 'Service/svc-47', renamed('svc-new'), { services: 1, a2a: 1, pods: 2 }, [5, 3]),
  edit('a Service less', 'Service/svc-47', DELETED, { httproutes: 2, pods: 2 }, [1, 3]),

  edit('the certificate of a listener', 'Secret/cert-1', renewal, { gateways: 1 }, [2, 1]),
  edit('the key of a backend', 'Secret/key-7', set('data.Authorization', base64('new')), { backends: 1 }, [0, 1]),
  edit('a Secret that nobody uses', 'Secret/key-7', renamed('key-new'), {}, [0, 0]),
  edit(
    'the bundle of 25 policies',
    'ConfigMap/ca',
    set('data', { 'ca.crt': RENEWED.certificate }),
    { backendtlspolicies: 25 },
    [1, 25],
  ),
  edit('a ConfigMap that nobody uses', 'ConfigMap/ca', renamed('cm-new'), {}, [1, 0]),

  // Ten routes name a backend; what it says is none of their business, whether it exists is.
  edit(
    'the model of a backend',
    'AgentgatewayBackend/llm-7',
    set('spec.ai.provider.openai.model', 'x'),
    { backends: 1 },
    [2, 1],
  ),
  edit('a backend less', 'AgentgatewayBackend/llm-47', DELETED, { httproutes: 10 }, [0, 1]),
  edit('what a policy says', 'AgentgatewayPolicy/policy-6', set('spec.traffic.timeouts.request', '6s'), POLICY, [2, 1]),
  edit('a new policy that selects routes', 'AgentgatewayPolicy/policy-2', renamed('policy-new'), POLICY, [2, 10]),
  edit('the status of a policy', 'AgentgatewayPolicy/policy-6', withStatus, {}, [0, 0]),
  edit(
    'the hostname of a BackendTLSPolicy',
    'BackendTLSPolicy/tls-1',
    set('spec.validation.hostname', 'x'),
    { backendtlspolicies: 1 },
    [1, 1],
  ),

  edit('a grant that nobody uses', 'ReferenceGrant/from-team-4', elsewhere, {}, [1, 0]),
  // Fifty routes of one team refer to the next team's Services, each from two listeners.
  edit('a grant less', 'ReferenceGrant/from-team-3', DELETED, { httproutes: 50 }, [0, 100]),
  edit('a used label of a namespace', 'Namespace/team-7', labelled('tier', 'front'), { gateways: 2 }, [
    2 * ROUTES_OF_GATEWAY + 40,
    0,
  ]),
  edit('a label of a namespace that no selector names', 'Namespace/team-7', labelled('x'), {}, [4, 0]),
  edit('an annotation of a namespace', 'Namespace/team-7', annotated, {}, [2, 0]),

  edit('a label of a Gateway', 'Gateway/gw-1', labelled('x'), GATEWAY, [4, 0]),
  edit('the status of a Gateway', 'Gateway/gw-1', withStatus, {}, [0, 0]),
  edit(
    'a new listener',
    'Gateway/gw-2',
    add('spec.listeners', LISTENER),
    { ...GATEWAY, httproutes: 100, grpcroutes: 4 },
    [3 * ROUTES_OF_GATEWAY, 106],
  ),
  edit('the hostname of a listener', 'Gateway/gw-3', set('spec.listeners.1.hostname', '*.com'), GATEWAY, [
    ROUTES_OF_GATEWAY + 20,
    1,
  ]),
  edit('a new Gateway', 'Gateway/gw-4', renamed('gw-new'), GATEWAY, [17, 6]),
  edit(
    'a new entry of a ListenerSet',
    'ListenerSet/set-1',
    add('spec.listeners', { name: 'two', port: 8500, protocol: 'HTTP' }),
    { gateways: 1, listenersets: 1, httproutes: 0 },
    [8, 2],
  ),
  edit(
    'the GatewayClass',
    'GatewayClass/agentgateway',
    set('spec.description', 'x'),
    { gatewayclasses: 1, 'classless-gateways': 10 },
    [11, 0],
  ),
]

describe('the cost of an edit', () => {
  let run: Run
  const objects = new Map(buildCity(CERTIFICATE).map((object) => [`${object.kind}/${object.metadata.name}`, object]))
  let sent = 0

  beforeAll(async () => {
    run = createRun(DEFAULT_TRANSLATE_SETTINGS)
    expect(run.set(objects.values())).toEqual([])
    await run.pipeline.graph.commit()
    run.pipeline.xds.observe((changes) => {
      sent += changes.length
    })
  })

  test('is measured where there is something to do', () => {
    const { resources, problems, failures } = run.result('')
    expect(failures).toEqual([])
    expect(resources.length).toBeGreaterThan(CITY.routes)
    expect(problems.length).toBeLessThan(50)
  })

  for (const { what, object: key, by, translates, facts, sends } of EDITS)
    test(what, async () => {
      const object = objects.get(key)
      if (object === undefined) throw new Error(`there is no ${key}`)
      const edited = by === DELETED ? undefined : by(object)
      const before = runsOf(run)
      sent = 0
      if (edited === undefined) run.delete([object])
      else run.set([edited])
      await run.pipeline.graph.commit()
      const costs = [...runsOf(run)].map(([name, n]) => [name, n - (before.get(name) ?? 0)] as const)
      const translated = costs
        .filter(([name, n]) => name.startsWith('translate/') && n > 0)
        .map(([name, n]) => [name.slice('translate/'.length), n] as const)
      const found = costs.filter(([name, n]) => name.startsWith('fact/') && n > 0)
      const total = found.reduce((sum, [, n]) => sum + n, 0)
      // Undone before anything is said, so that each edit meets the same city.
      if (edited !== undefined && edited.metadata.name !== object.metadata.name) run.delete([edited])
      run.set([object])
      const told = sent
      await run.pipeline.graph.commit()
      const expected = Object.fromEntries(Object.entries(translates).filter(([, n]) => n > 0))
      expect({ translated: Object.fromEntries(translated), sent: told }).toEqual({ translated: expected, sent: sends })
      expect(total, JSON.stringify(found)).toBeLessThanOrEqual(facts)
    })
})

function runsOf({ pipeline }: Run): ReadonlyMap<string, number> {
  return new Map(pipeline.graph.stats().map(({ name, runs }) => [name, runs]))
}

function edit(
  what: string,
  object: string,
  by: Edit['by'],
  translates: Readonly<Record<string, number>>,
  [facts, sends]: readonly [facts: number, sends: number],
): Edit {
  return { what, object, by, translates, facts, sends }
}

/** The generation counts changes of the spec. */
function changing(path: string, change: (value: unknown) => unknown): Change {
  return (object) => {
    // An object stays one, whatever is changed in it.
    const changed = changedAt(object, path.split('.'), change) as KubeObject
    const { generation = 0 } = object.metadata
    if (!path.startsWith('spec')) return changed
    return { ...changed, metadata: { ...changed.metadata, generation: generation + 1 } }
  }
}

function changedAt(value: unknown, [step, ...rest]: readonly string[], change: (value: unknown) => unknown): unknown {
  if (step === undefined) return change(value)
  if (Array.isArray(value)) return value.with(Number(step), changedAt(value[Number(step)], rest, change))
  const fields = new Map(Object.entries(value ?? {}))
  return Object.fromEntries([...fields, [step, changedAt(fields.get(step), rest, change)]])
}
