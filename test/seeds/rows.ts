// What the five founding documents ask for, row by row: what somebody does who follows them, and where tests show what he
// gets; or why it is not ours, and what he is told. Tests carry the ids of their rows at the beginning of their titles.

/** Where a test runs: from files alone, with a real API server, with a real proxy. */
export type Place = 'files' | 'cluster' | 'proxy'

/** One row. */
export interface Row {
  readonly id: string
  readonly wish: string
  /** In each of these places there is a test of the row. */
  readonly shown: readonly Place[]
  /** What the tests do not show, or what somebody else does about it. */
  readonly remark?: string
  /** Set where the wish is not fulfilled by us: why, and what the user is told, which the tests show. */
  readonly notOurs?: { readonly reason: string; readonly told: string }
}

/** The documents, by the first letter of their rows. */
export const documents: Readonly<Record<string, string>> = {
  K: 'KubeLB, "AI & MCP Gateway"',
  D: 'kgateway, "Dynamic MCP"',
  B: 'the book "AI Agents in Kubernetes"',
  L: "Liquid Reply's blog",
  E: 'agentkube, "MCP & LLMGateway"',
  X: 'all of them',
}

const done = (id: string, wish: string, ...shown: readonly Place[]): Row => ({ id, wish, shown })

/** All rows. */
export const rows: readonly Row[] = [
  done('K-01', 'an add-on of another chart: CRDs and an accepted class, and nothing else', 'files', 'cluster'),
  done('K-02', 'a Gateway is a Deployment and a Service of its name, with an address and counts', 'files', 'cluster'),
  done('K-03', 'a bare key of a provider is sent with Bearer exactly once', 'files'),
  done('K-04', 'a backend is accepted, and its key is nowhere to be read', 'files'),
  done('K-05', 'a reference into its own namespace needs no grant', 'files'),
  done('K-06', 'a chat without a model gets the one of the backend', 'files'),
  done('K-07', 'without the Secret nobody is asked, and it is named; then it works', 'files'),
  done('K-08', 'a new value of the Secret is used without a restart', 'files'),
  done('K-09', 'the MCP target as printed, without static', 'files', 'cluster'),
  done('K-10', 'the MCP target as the API has it, with the same result', 'files'),
  done('K-11', 'the longest prefix wins, whichever route was there first', 'files'),
  done('K-12', 'a missing Service is named, and everything recovers', 'files'),
  done('K-13', 'examples of other providers, failover, prompt guards, limits of tokens', 'files', 'cluster'),
  done('K-14', 'examples of targets, access by tool, tokens, limits of requests', 'files', 'cluster'),
  done('K-15', 'agents that speak A2A, as Services and as backends', 'files'),

  done('D-01', 'one Helm value, and the class is accepted', 'cluster'),
  done('D-02', 'a Service that can be selected is nothing yet', 'files'),
  done('D-03', 'the Backend of the first generation as printed, with a count of its targets', 'files'),
  done('D-04', 'a Gateway that is programmed, with or without a load balancer', 'files', 'cluster'),
  done('D-05', 'a route to a Backend of kgateway', 'files'),
  done('D-06', 'a forwarded port of the Deployment that is named like the Gateway', 'files'),
  done('D-07', 'a client lists the tools of one server by their own names, and calls one', 'files', 'proxy'),
  done('D-08', 'a second Service is a second target, and the status says that names change', 'files', 'proxy'),
  done('D-09', 'without any target there is an answer, not a hang', 'files', 'proxy'),
  done('D-10', 'a server of the older transport can be selected as well', 'files'),
  done('D-11', 'objects go one by one, and the rest says what is missing', 'files'),

  done('B-01', 'port 80, bound by a process that is not root', 'files'),
  done('B-02', 'a target without a protocol', 'files'),
  done('B-03', 'a route to the Gateway of another namespace', 'files'),
  done('B-04', 'the config dump of the book, key by key', 'files'),
  done('B-05', 'the standalone file with three servers', 'files'),
  done('B-06', 'names of tools that only clients see are pointed out in rules', 'files'),
  done('B-07', 'tokens are checked and passed on', 'files'),
  done('B-08', 'a gateway of models, of inference, and of whatever comes in', 'files'),
  done('B-09', 'an MCPServer is a Deployment and a Service that says what it speaks', 'files'),
  done('B-10', 'keys of a Secret are variables of the process', 'files'),
  done('B-11', 'a missing Secret is named by the MCPServer', 'files'),
  done('B-12', 'without allowedRoutes, routes of the same namespace', 'files'),
  done('B-13', 'a target by the DNS name of a Service', 'files'),
  done('B-14', 'a parentRef by name alone', 'files'),
  done('B-15', 'the policy whose target has the wrong group', 'files'),
  done('B-16', 'exactly the seven tools of the policy are listed', 'files', 'proxy'),
  done('B-17', 'an eighth is refused, and the server hears nothing', 'proxy'),
  done('B-18', 'without the policy all tools are there again', 'files', 'proxy'),
  done('B-19', 'a client whose URL has no path', 'files', 'proxy'),
  {
    ...done('B-20', 'an Agent with tools of two servers', 'files'),
    notOurs: {
      reason: 'an Agent is run by kagent; to us it is a client, and what it is offered is B-16 to B-19',
      told: 'nothing is wrong with the object: it is left alone without a complaint',
    },
  },
  done('B-21', 'a policy of the network that lets only the gateway through', 'files'),
  {
    ...done('B-22', 'namespaces in an ambient mesh', 'files'),
    remark: 'what proxies are given for it is shown; that they are members of a real mesh is not',
  },
  done('B-23', 'conditions in the shape that all tools read', 'files'),
  done('B-24', 'everything is kept in git, and nothing differs', 'cluster'),
  done('B-25', 'an MCPServer as a target, without saying a second time where it is', 'files'),
  done('B-26', 'limits, CORS, authentication, authorization, tracing and routes for MCP traffic', 'files'),
  {
    ...done('B-27', 'the first Agent and its ModelConfig as printed', 'files'),
    notOurs: {
      reason: "the kinds are kagent's, and the print mixes two of their versions",
      told: 'nothing by us: the objects are left alone, so that the message of their own API server stands alone',
    },
  },

  done('L-01', 'the Backend of the first generation with a fixed host', 'files'),
  done('L-02', 'a route to it on 8080', 'files'),
  done('L-03', 'an MCPServer on 12001', 'files'),
  done('L-04', 'a Service without a protocol on its port, as a fixed host', 'files'),
  done('L-05', 'a process behind the gateway by one apply', 'files'),
  done('L-06', "the post's login as a policy", 'files'),
  done('L-07', 'raw configuration of the proxy, and conflicts of ports', 'files'),
  {
    ...done('L-08', 'the Ingress API', 'files'),
    notOurs: {
      reason: 'an Ingress cannot say what MCP and models need, and HTTPRoutes can',
      told: 'to write an HTTPRoute, or to lead the Ingress of another controller to the Service named like the Gateway',
    },
  },
  done('L-09', 'the standalone file of older proxies, and as it should be today', 'files'),
  done('L-10', 'without a token the answer names the metadata', 'proxy'),
  done('L-11', 'a client finds, registers and logs in through the gateway', 'proxy'),
  done('L-12', 'any user sees and may call get_me', 'proxy'),
  done('L-13', 'the rule with a single = is refused at its position', 'files', 'proxy'),
  done('L-14', 'only the admin sees and may call delete_repository', 'proxy'),
  done('L-15', 'tokens of others, and expired ones, are refused', 'proxy'),
  {
    ...done('L-16', 'questions to the user pass through, as forms and as URLs', 'proxy'),
    remark:
      'proxies do not tell servers what clients can do, so a server that asks only clients that said so does not ask',
  },

  done('E-01', 'an MCP object is two proxies and a Service, with phase and conditions', 'files'),
  done('E-02', 'three tools, and a token over TLS', 'files', 'proxy'),
  done('E-03', 'sessions that several proxies share', 'files'),
  done('E-04', 'an upstream that is another MCP object', 'files'),
  done('E-05', 'an upstream that is a process', 'files'),
  done('E-06', 'upstreams with filters of their own', 'proxy'),
  done('E-07', 'an address in the status', 'files'),
  done('E-08', 'an LLMGateway whose every field is enforced or named', 'files'),
  done('E-09', 'short names of models', 'files', 'proxy'),
  done('E-10', 'no model at all', 'files', 'proxy'),
  done('E-11', 'a model that nobody serves', 'proxy'),
  done('E-12', 'a second upstream while the first one fails', 'proxy'),
  done('E-13', 'a model that is pinned to an upstream', 'proxy'),
  done('E-14', 'a limit for each client, whichever proxy it asks', 'proxy'),
  done('E-15', 'limits for all together, and for each model', 'proxy'),
  done('E-16', 'what is personal is masked both ways', 'proxy'),
  done('E-17', 'attempts to override instructions are rejected', 'proxy'),
  done('E-18', 'nobody gets in without a key, and it is known whose was used', 'proxy'),
  done('E-19', 'a Secret that is missing or changed', 'files'),
  done('E-20', 'every provider of the page, and the endpoints of local ones', 'files'),
  {
    ...done('E-21', 'caching', 'files'),
    notOurs: {
      reason: 'proxies do not keep answers; what providers cache is theirs',
      told: 'the status lists the field as not enforced',
    },
  },

  done('X-01', 'all dialects in one cluster under one class', 'files', 'cluster'),
  done('X-02', 'whatever is copied works, or says what to write instead', 'files'),
  done('X-03', 'a dry run has the verdict of the real thing', 'cluster'),
  done('X-04', 'the verdict without a cluster is the same, and there is a configuration', 'files', 'cluster'),
  done('X-05', 'objects of kgateway as ours, with what is lost', 'files'),
  done('X-06', 'beside the controllers and CRDs of others nothing of theirs is changed', 'files', 'cluster'),
]
