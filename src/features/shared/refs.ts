// Shapes that several features of the API share: names, references, locations, CEL, durations. A fix here reaches every
// place where the shape is used. What a reference resolves to is decided in translate/.
import type { Static, TObject, TProperties, TSchema } from 'typebox'
import {
  alone,
  atMostOneOf,
  atomicMap,
  Dict,
  Doc,
  Enum,
  exactlyOneOf,
  type Facet,
  fallback,
  Int32,
  Int64,
  IntOrString,
  items,
  List,
  length,
  mapList,
  noShorterThan,
  Obj,
  Opt,
  range,
  rule,
  Str,
} from '../../schema/combinators.ts'

const DNS_LABEL = '^[a-z0-9]([-a-z0-9]*[a-z0-9])?$'
const DNS_SUBDOMAIN = '^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$'
const GROUP = `^$|${DNS_SUBDOMAIN}`
const KIND = '^[a-zA-Z]([-a-zA-Z0-9]*[a-zA-Z0-9])?$'
const HEADER_CHARACTERS = "[A-Za-z0-9!#$%&'*+\\-.^_\\x60|~]+$"
const GATEWAY_GROUP = 'gateway.networking.k8s.io'

// Text

/** 1 to 64 characters. */
export const tinyString = Str(length(1, 64))
/** 1 to 256 characters. */
export const shortString = Str(length(1, 256))
/** 1 to 1024 characters. */
export const longString = Str(length(1, 1024))
/** A CEL expression; its syntax is checked by the controller, not by the schema. */
export const celExpression = Str(length(1, 16384))
/** Named CEL expressions, at most 64. */
export const celMap = Dict(celExpression, { maxProperties: 64 })
/** A string of digits and units, such as `1h30m`. */
export const anyDuration = Str({ maxLength: 32, pattern: '^([0-9]{1,5}(h|m|s|ms)){1,4}$' })

/** A duration with a shortest value; `message` is what the API server says when it is shorter. */
export function duration(least: string, message: string, ...facets: readonly Facet[]) {
  return Str({ maxLength: 32, pattern: '^([0-9]{1,5}(h|m|s|ms)){1,4}$' }, noShorterThan(least, message), ...facets)
}

/** A number of bytes: an integer, or a quantity such as `64Ki`. Further facets are rules about it. */
export function byteSize(...facets: readonly Facet[]) {
  return IntOrString(
    {
      minLength: 1,
      maxLength: 32,
      pattern: '^[+-]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)(([KMGTPE]i)|[numkMGTPE]|[eE](\\+?0*([0-9]|1[0-8])|-0*[0-9]))?$',
    },
    rule('(self >= 1 && self <= 4294967295) || self.size() > 0', 'value must be at least 1 byte and fit within uint32'),
    ...facets,
  )
}

/** An http or https URL without credentials, query and fragment. */
export const url = Str(length(1, 1024), { pattern: '^https?://[^/?#@]+(/[^?#]*)?$' })

// Names

/** The name of an object. */
export const objectName = Str(length(1, 253))
/** The name of a namespace. */
export const namespaceName = Str(length(1, 63), { pattern: DNS_LABEL })
/** An API group; empty is the core group. */
export const apiGroup = Str({ maxLength: 253, pattern: GROUP })
/** A kind. */
export const kindName = Str(length(1, 63), { pattern: KIND })
/** The name of a part of an object: a listener, a rule, a port. */
export const sectionName = Str(length(1, 253), { pattern: DNS_SUBDOMAIN })
/** A lower-case host name, as TLS clients send it. */
export const serverName = sectionName
/** A TCP port. */
export const port = Int32(range(1, 65535))
/** The name of an HTTP header, pseudo-headers excluded. */
export const headerName = Str(length(1, 256), { pattern: `^${HEADER_CHARACTERS}` })
/** The name of an HTTP header or pseudo-header (`:path`). */
export const headerOrPseudoName = Str(
  length(1, 256),
  { pattern: `^:?${HEADER_CHARACTERS}` },
  rule(
    "!self.startsWith(':') || self in [':authority', ':method', ':path', ':scheme', ':status']",
    'pseudo-headers must be one of :authority, :method, :path, :scheme, or :status',
  ),
)

/** What happens to requests while a remote service cannot be asked. */
export const failureMode = Enum(['FailClosed', 'FailOpen'])
const SIGNATURE_ALGORITHMS = ['ES256', 'ES384', 'PS256', 'RS256', 'RS384', 'RS512'] as const
/** Signature algorithms of JSON web tokens. */
export const signatureAlgorithm = Enum(SIGNATURE_ALGORITHMS)
/** Whether a word is one of them; proxies cannot even be told of another. */
export function isSignatureAlgorithm(word: string): boolean {
  return SIGNATURE_ALGORITHMS.some((each) => each === word)
}
/** Key exchange groups of TLS. */
export const keyExchangeGroup = Enum(['P-256', 'P-384', 'X25519', 'X25519_MLKEM768'])

// References

const credentialRule = rule(
  "(!has(self.group) || size(self.group) == 0) ? (!has(self.kind) || size(self.kind) == 0 || self.kind == 'Secret') : (has(self.kind) && size(self.kind) > 0)",
  'custom credential refs must set both group and kind',
)
const credentialFields = {
  group: Opt(Doc('API group of the credential; empty for a core Secret.', Str())),
  kind: Opt(Doc('Kind of the credential; empty means Secret.', Str())),
  name: Doc('Name of the credential, in the namespace of the object that refers to it.', objectName),
}

/** A Secret (or another kind of credential) in the same namespace. */
export const secretRef = Obj(credentialFields, atomicMap, credentialRule)
/** A Secret in the same namespace as a `SecretRef`. */
export type SecretRef = Static<typeof secretRef>

/** A Secret in the same namespace, and which of its keys holds the value. */
export const secretKeyRef = Obj(
  {
    ...credentialFields,
    key: Opt(Doc('Key within the credential that holds the value.', Str(length(1, 253)))),
  },
  atomicMap,
  credentialRule,
)
/** A Secret and the key that holds the value. */
export type SecretKeyRef = Static<typeof secretKeyRef>

/** A ConfigMap or Secret with CA certificates under `ca.crt`. */
export const caCertificateRef = Obj(
  {
    kind: Opt(Doc('ConfigMap or Secret.', Enum(['ConfigMap', 'Secret'], fallback('ConfigMap')))),
    name: Doc('Name of the object, in the namespace of the object that refers to it.', objectName),
  },
  atomicMap,
)
/** A reference to CA certificates. */
export type CaCertificateRef = Static<typeof caCertificateRef>

/** A Service, AgentgatewayBackend, InferencePool …, with a port where the kind needs one. */
export const backendRef = Obj(
  {
    group: Opt(
      Doc('API group of the backend; empty for a Service.', Str({ maxLength: 253, pattern: GROUP }, fallback(''))),
    ),
    kind: Opt(Doc('Kind of the backend.', Str(length(1, 63), { pattern: KIND }, fallback('Service')))),
    name: Doc('Name of the backend.', objectName),
    namespace: Opt(Doc('Namespace of the backend; another one than ours needs a ReferenceGrant.', namespaceName)),
    port: Opt(Doc('Port of the backend; required for a Service.', port)),
  },
  rule(
    "(size(self.group) == 0 && self.kind == 'Service') ? has(self.port) : true",
    'Must have port for Service reference',
  ),
)
/** A reference to a backend. */
export type BackendRef = Static<typeof backendRef>

/** The fields of a remote service that is named by a reference or by a URL; the user adds `endpointChoice`. */
export const endpointFields = {
  backendRef: Opt(Doc('The service as a Kubernetes object.', backendRef)),
  url: Opt(Doc('The service as an http or https URL.', url)),
}
/** Exactly one of the two endpoint fields is set. */
export const endpointChoice = exactlyOneOf('backendRef', 'url')
/** The URL of an endpoint consists of scheme, host and port. */
export const endpointUrlWithoutPath = rule(
  "!has(self.url) || self.url.matches('^https?://[^/?#]+$')",
  'url must not include a path',
)

/** Labels that an object must carry. */
export const matchLabels = Dict(Str())

const targetFields = {
  group: Doc('API group of the target; empty for a Service.', apiGroup),
  kind: Doc('Kind of the target.', kindName),
  sectionName: Opt(
    Doc('A part of the target: a listener, a rule, a Service port, a provider or MCP target.', sectionName),
  ),
  port: Opt(Doc('A port of a Gateway; only for policies of the frontend.', port)),
}
const targetParts = atMostOneOf('sectionName', 'port')
/** What the API server checks about a list of targets. */
export const targetListRules: Facet = {
  'x-kubernetes-validations': [
    {
      rule: "self.all(r, (r.kind == 'Service' && r.group == '') || (r.kind == 'AgentgatewayBackend' && r.group == 'agentgateway.dev') || (r.kind in ['Gateway', 'HTTPRoute', 'GRPCRoute'] && r.group == 'gateway.networking.k8s.io') || (r.kind == 'ListenerSet' && r.group == 'gateway.networking.k8s.io') || (r.kind == 'InferencePool' && r.group == 'inference.networking.k8s.io'))",
      message:
        'targetRefs may only reference Gateway, HTTPRoute, GRPCRoute, ListenerSet, Service, AgentgatewayBackend, or InferencePool resources',
    },
    {
      rule: 'self.all(l1, !self.exists(l2, l1.kind != l2.kind))',
      message: 'Only one Kind of targetRef can be set on one policy',
    },
  ],
}
/** What a policy attaches to, by name. */
export const targetRef = Obj(
  { ...targetFields, name: Doc('Name of the target, in the namespace of the policy.', objectName) },
  targetParts,
)
/** A policy's target by name. */
export type TargetRef = Static<typeof targetRef>
/** What a policy attaches to, by labels. */
export const targetSelector = Obj(
  {
    ...targetFields,
    matchLabels: Doc('Labels that a target must carry, in the namespace of the policy.', matchLabels),
  },
  targetParts,
)

/** The parent of a route or policy, as it stands in a status. */
export const parentRef = Obj({
  group: Opt(Doc('API group of the parent.', Str({ maxLength: 253, pattern: GROUP }, fallback(GATEWAY_GROUP)))),
  kind: Opt(Doc('Kind of the parent.', Str(length(1, 63), { pattern: KIND }, fallback('Gateway')))),
  name: Doc('Name of the parent.', objectName),
  namespace: Opt(Doc('Namespace of the parent.', namespaceName)),
  port: Opt(Doc('Port of the parent.', port)),
  sectionName: Opt(Doc('Listener of the parent.', sectionName)),
})

// Parts of requests

const named = Obj({ name: Doc('Its name.', shortString) })
const locationFields = {
  header: Opt(
    Doc(
      'A request header.',
      Obj({
        name: Doc('Name of the header.', headerName),
        prefix: Opt(Doc('Text before the value, such as `Bearer `.', shortString)),
      }),
    ),
  ),
  queryParameter: Opt(Doc('A query parameter.', named)),
  cookie: Opt(Doc('A cookie.', named)),
}

/** Where a credential is written into a request. */
export const location = Obj(locationFields, exactlyOneOf('header', 'queryParameter', 'cookie'))
/** Where a credential is written. */
export type Location = Static<typeof location>
/** Where a credential is read from a request. */
export const extractLocation = Obj(
  { ...locationFields, expression: Opt(Doc('CEL expression that yields the credential.', celExpression)) },
  exactlyOneOf('header', 'queryParameter', 'cookie', 'expression'),
)
/** Where a credential is read. */
export type ExtractLocation = Static<typeof extractLocation>

/** Names of headers and their fixed values; 1 to 4096 characters each. */
export const headerValues = List(
  Obj({ name: Doc('Name of the header.', headerName), value: Doc('Value of the header.', Str(length(1, 4096))) }),
  { maxItems: 16 },
  mapList('name'),
)

// Frames

/**
 * `conditional`: a list of policies of which the first whose condition holds is used. An entry without condition
 * always holds and must be last.
 */
function conditionalList<P extends TSchema>(policy: P) {
  return List(
    Obj({
      condition: Opt(Doc('CEL; the entry is used when true. Only the last entry may leave it out.', celExpression)),
      policy: Doc('What to do.', policy),
    }),
    items(1, 16),
    rule(
      'self.filter(e, !has(e.condition)).size() <= 1 && (!self.exists(e, !has(e.condition)) || !has(self[size(self) - 1].condition))',
      'conditional entries without condition must be last',
    ),
  )
}

/**
 * A policy that is either given directly by `fields`, or chosen among `conditional` ones. `fields` are optional and in
 * the alphabetical order of the reference API; `facets` hold for the direct form and `branchFacets` for each choice.
 */
export function conditional<P extends TProperties>(
  fields: P,
  facets: readonly Facet<string>[],
  branchFacets: readonly Facet<keyof P & string>[],
): TObject<P & { conditional: ReturnType<typeof optionalConditional<TObject<P>>> }> {
  return Obj(
    { ...fields, conditional: optionalConditional(Obj(fields, ...branchFacets)) },
    ...facets,
    alone('conditional', Object.keys(fields).toSorted()),
  )
}

function optionalConditional<P extends TSchema>(policy: P) {
  return Opt(Doc('Policies to choose from; nothing else may be set beside it.', conditionalList(policy)))
}

const condition = Obj({
  lastTransitionTime: Doc('When the status last changed.', Str({ format: 'date-time' })),
  message: Doc('What is the case, for people.', Str({ maxLength: 32768 })),
  observedGeneration: Opt(Doc('Generation of the object that this describes.', Int64(range(0)))),
  reason: Doc('Why, in one word.', Str(length(1, 1024), { pattern: '^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$' })),
  status: Doc('Whether the condition holds.', Enum(['True', 'False', 'Unknown'])),
  type: Doc(
    'Name of the condition.',
    Str({
      maxLength: 316,
      pattern: `^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])$`,
    }),
  ),
})

/** `conditions` of a status; further facets limit the list. */
export function conditionList(...facets: readonly Facet[]) {
  return List(condition, { maxItems: 8 }, mapList('type'), ...facets)
}

/** The name of the controller that wrote an entry of a status. */
export const controllerName = Str(length(1, 253), {
  pattern: "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\\/[A-Za-z0-9\\/\\-._~%!$&'()*+,;=:]+$",
})
