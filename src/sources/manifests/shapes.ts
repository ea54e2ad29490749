// The fields of the kinds that are not ours, with the API server's defaults: the Gateway API and InferencePool in full,
// core and Istio kinds as far as anything reads them. Our own kinds have schemas.
import { anything, fields, flag, list, map, numberOrText, type Shape, someFields, text, whole, word } from './shape.ts'

const gatewayGroup = 'gateway.networking.k8s.io'
const texts = map(text())
const port = whole({ min: 1, max: 65535 })

/** A whole object around its spec. */
function object(spec: Shape): Shape {
  return someFields({ 'spec!': spec })
}

const fullRef = { 'group!': text(), 'kind!': text(), 'name!': text() }
const localRef = fields(fullRef)
const namespacedRef = fields({ ...fullRef, namespace: text() })
const secretRef = fields({ group: text(''), kind: text('Secret'), 'name!': text(), namespace: text() })

const parentRef = {
  group: text(gatewayGroup),
  kind: text('Gateway'),
  'name!': text(),
  namespace: text(),
}
const parentRefs = list(fields({ ...parentRef, port, sectionName: text() }))

const backendRef = { group: text(''), kind: text('Service'), 'name!': text(), namespace: text(), port }
const weight = whole({ min: 0, max: 1_000_000, fallback: 1 })
const defaultScope = word(['All', 'None'])

const labelSelector = fields({
  matchLabels: texts,
  matchExpressions: list(fields({ 'key!': text(), 'operator!': text(), values: list(text()) })),
})

/** Namespaces that something is open to. */
function namespaceScope(from: readonly string[], fallback: string): Shape {
  return fields({ from: word(from, fallback), selector: labelSelector }, { fallback: { from: fallback } })
}

const listeners = list(
  fields({
    'name!': text(),
    hostname: text(),
    'port!': port,
    'protocol!': text(),
    tls: fields({
      mode: word(['Terminate', 'Passthrough'], 'Terminate'),
      certificateRefs: list(secretRef),
      options: texts,
    }),
    allowedRoutes: fields(
      {
        namespaces: namespaceScope(['All', 'Selector', 'Same'], 'Same'),
        kinds: list(fields({ group: text(gatewayGroup), 'kind!': text() })),
      },
      { fallback: { namespaces: { from: 'Same' } } },
    ),
  }),
  { atLeast: 1 },
)

const clientValidation = fields({
  validation: fields({
    'caCertificateRefs!': list(namespacedRef, { atLeast: 1 }),
    mode: word(['AllowValidOnly', 'AllowInsecureFallback'], 'AllowValidOnly'),
  }),
})

const gateway = fields({
  'gatewayClassName!': text(),
  'listeners!': listeners,
  addresses: list(fields({ type: text('IPAddress'), value: text() })),
  allowedListeners: fields({ namespaces: namespaceScope(['All', 'Selector', 'Same', 'None'], 'None') }),
  defaultScope,
  infrastructure: fields({ annotations: texts, labels: texts, parametersRef: localRef }),
  tls: fields({
    backend: fields({ clientCertificateRef: secretRef }),
    frontend: fields({
      'default!': clientValidation,
      perPort: list(fields({ 'port!': port, 'tls!': clientValidation })),
    }),
  }),
})

const headerValues = list(fields({ 'name!': text(), 'value!': text() }))
const headerFilter = fields({ add: headerValues, set: headerValues, remove: list(text()) })
const pathModifier = fields({
  'type!': word(['ReplaceFullPath', 'ReplacePrefixMatch']),
  replaceFullPath: text(),
  replacePrefixMatch: text(),
})

const grpcFilters = {
  requestHeaderModifier: headerFilter,
  responseHeaderModifier: headerFilter,
  requestMirror: fields({
    'backendRef!': fields(backendRef),
    percent: whole({ min: 0, max: 100 }),
    fraction: fields({ 'numerator!': whole({ min: 0 }), denominator: whole({ min: 1, fallback: 100 }) }),
  }),
  extensionRef: localRef,
}
const grpcFilterTypes = ['RequestHeaderModifier', 'ResponseHeaderModifier', 'RequestMirror', 'ExtensionRef']
const grpcFilter = fields({ 'type!': word(grpcFilterTypes), ...grpcFilters })

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'PATCH']

const httpFilter = fields({
  'type!': word([...grpcFilterTypes, 'RequestRedirect', 'URLRewrite', 'CORS', 'ExternalAuth']),
  ...grpcFilters,
  requestRedirect: fields({
    scheme: word(['http', 'https']),
    hostname: text(),
    path: pathModifier,
    port,
    statusCode: whole({ allowed: [301, 302, 303, 307, 308], fallback: 302 }),
  }),
  urlRewrite: fields({ hostname: text(), path: pathModifier }),
  cors: fields({
    allowCredentials: flag,
    allowHeaders: list(text()),
    allowMethods: list(word([...methods, '*'])),
    allowOrigins: list(text()),
    exposeHeaders: list(text()),
    maxAge: whole({ min: 1, fallback: 5 }),
  }),
  externalAuth: fields({
    'protocol!': word(['HTTP', 'GRPC']),
    'backendRef!': fields(backendRef),
    grpc: fields({ allowedHeaders: list(text()) }),
    http: fields({ path: text(), allowedHeaders: list(text()), allowedResponseHeaders: list(text()) }),
    forwardBody: fields({ maxSize: whole() }),
  }),
})

const matchType = word(['Exact', 'RegularExpression'], 'Exact')
const valueMatches = list(fields({ type: matchType, 'name!': text(), 'value!': text() }))
const sessionPersistence = fields({
  sessionName: text(),
  absoluteTimeout: text(),
  type: word(['Cookie', 'Header'], 'Cookie'),
  cookieConfig: fields({ lifetimeType: word(['Permanent', 'Session'], 'Session') }),
})
const wholePath = { type: 'PathPrefix', value: '/' }

const httpRule = fields({
  name: text(),
  matches: list(
    fields({
      path: fields(
        { type: word(['Exact', 'PathPrefix', 'RegularExpression'], 'PathPrefix'), value: text('/') },
        { fallback: wholePath },
      ),
      headers: valueMatches,
      queryParams: valueMatches,
      method: word(methods),
    }),
    { fallback: [{ path: wholePath }] },
  ),
  filters: list(httpFilter),
  backendRefs: list(fields({ ...backendRef, weight, filters: list(httpFilter) })),
  timeouts: fields({ request: text(), backendRequest: text() }),
  retry: fields({ attempts: whole({ min: 1 }), backoff: text(), codes: list(whole({ min: 400, max: 599 })) }),
  sessionPersistence,
})

const grpcRule = fields({
  name: text(),
  matches: list(
    fields({ method: fields({ type: matchType, service: text(), method: text() }), headers: valueMatches }),
  ),
  filters: list(grpcFilter),
  backendRefs: list(fields({ ...backendRef, weight, filters: list(grpcFilter) })),
  sessionPersistence,
})

const streamRules = list(
  fields({ name: text(), 'backendRefs!': list(fields({ ...backendRef, weight }), { atLeast: 1 }) }),
  { atLeast: 1 },
)
const route = { parentRefs, useDefaultGateways: defaultScope }

const servicePort = someFields({
  name: text(),
  'port!': port,
  protocol: word(['TCP', 'UDP', 'SCTP'], 'TCP'),
  targetPort: numberOrText,
  appProtocol: text(),
})
const containers = list(
  someFields({
    name: text(),
    ports: list(someFields({ name: text(), 'containerPort!': port, protocol: word(['TCP', 'UDP', 'SCTP'], 'TCP') })),
  }),
)
const workload = {
  address: text(),
  ports: map(port),
  labels: texts,
  network: text(),
  locality: text(),
  weight: whole({ min: 0 }),
  serviceAccount: text(),
}

/** Shapes by `group/kind`. */
export const shapes: Readonly<Record<string, Shape>> = {
  [`${gatewayGroup}/GatewayClass`]: object(
    fields({ 'controllerName!': text(), description: text(), parametersRef: namespacedRef }),
  ),
  [`${gatewayGroup}/Gateway`]: object(gateway),
  [`${gatewayGroup}/ListenerSet`]: object(fields({ 'parentRef!': fields(parentRef), 'listeners!': listeners })),
  [`${gatewayGroup}/HTTPRoute`]: object(
    fields({
      ...route,
      hostnames: list(text()),
      rules: list(httpRule, { fallback: [{ matches: [{ path: wholePath }] }], atLeast: 1 }),
    }),
  ),
  [`${gatewayGroup}/GRPCRoute`]: object(fields({ ...route, hostnames: list(text()), rules: list(grpcRule) })),
  [`${gatewayGroup}/TCPRoute`]: object(fields({ ...route, 'rules!': streamRules })),
  [`${gatewayGroup}/TLSRoute`]: object(
    fields({ ...route, 'hostnames!': list(text(), { atLeast: 1 }), 'rules!': streamRules }),
  ),
  [`${gatewayGroup}/ReferenceGrant`]: object(
    fields({
      'from!': list(fields({ 'group!': text(), 'kind!': text(), 'namespace!': text() }), { atLeast: 1 }),
      'to!': list(fields({ 'group!': text(), 'kind!': text(), name: text() }), { atLeast: 1 }),
    }),
  ),
  [`${gatewayGroup}/BackendTLSPolicy`]: object(
    fields({
      'targetRefs!': list(fields({ ...fullRef, sectionName: text() }), { atLeast: 1 }),
      'validation!': fields({
        'hostname!': text(),
        caCertificateRefs: list(localRef),
        wellKnownCACertificates: text(),
        subjectAltNames: list(fields({ 'type!': word(['Hostname', 'URI']), hostname: text(), uri: text() })),
      }),
      options: texts,
    }),
  ),
  'inference.networking.k8s.io/InferencePool': object(
    fields({
      appProtocol: word(['http', 'kubernetes.io/h2c'], 'http'),
      'selector!': fields({ 'matchLabels!': texts }),
      'targetPorts!': list(fields({ 'number!': port }), { atLeast: 1 }),
      endpointPickerRef: fields({
        group: text(''),
        kind: text('Service'),
        'name!': text(),
        port: fields({ 'number!': port }),
        failureMode: word(['FailOpen', 'FailClose'], 'FailClose'),
      }),
    }),
  ),
  '/Service': object(
    someFields({
      type: word(['ClusterIP', 'NodePort', 'LoadBalancer', 'ExternalName'], 'ClusterIP'),
      clusterIP: text(),
      clusterIPs: list(text()),
      ipFamilies: list(text()),
      externalName: text(),
      selector: texts,
      ports: list(servicePort),
      internalTrafficPolicy: word(['Cluster', 'Local']),
      trafficDistribution: text(),
      publishNotReadyAddresses: flag,
    }),
  ),
  '/Secret': someFields({ type: text('Opaque'), data: texts, stringData: texts }),
  '/ConfigMap': someFields({ data: texts, binaryData: texts }),
  '/Pod': someFields({
    spec: someFields({ nodeName: text(), serviceAccountName: text('default'), containers, initContainers: containers }),
    status: someFields({
      phase: text(),
      podIP: text(),
      podIPs: list(someFields({ ip: text() })),
      conditions: list(someFields({ type: text(), status: text() })),
    }),
  }),
  'discovery.k8s.io/EndpointSlice': someFields({
    'addressType!': word(['IPv4', 'IPv6', 'FQDN']),
    endpoints: list(
      someFields({
        'addresses!': list(text()),
        conditions: someFields({ ready: flag, serving: flag, terminating: flag }),
        targetRef: someFields({ kind: text(), namespace: text(), name: text(), uid: text() }),
        nodeName: text(),
        zone: text(),
        hostname: text(),
      }),
    ),
    ports: list(someFields({ name: text(), port, protocol: word(['TCP', 'UDP', 'SCTP'], 'TCP'), appProtocol: text() })),
  }),
  'networking.istio.io/ServiceEntry': object(
    someFields({
      'hosts!': list(text(), { atLeast: 1 }),
      addresses: list(text()),
      ports: list(
        someFields({ 'number!': port, protocol: text(), 'name!': text(), targetPort: whole({ min: 0, max: 65535 }) }),
      ),
      location: text(),
      resolution: text(),
      endpoints: list(someFields(workload)),
      workloadSelector: someFields({ labels: texts }),
      exportTo: list(text()),
      subjectAltNames: list(text()),
    }),
  ),
  'networking.istio.io/WorkloadEntry': object(someFields(workload)),
}

/** The part of every object's metadata that anything reads. */
export const metadataShape: Shape = someFields({
  'name!': text(),
  namespace: text(),
  labels: texts,
  annotations: texts,
  uid: text(),
  resourceVersion: text(),
  generation: whole(),
  creationTimestamp: text(),
  deletionTimestamp: text(),
  ownerReferences: list(someFields({ apiVersion: text(), kind: text(), name: text(), uid: text(), controller: flag })),
  finalizers: list(text()),
  managedFields: anything,
})
