// AgentgatewayParameters: how the proxies of a Gateway or of a whole class are deployed. What each field does to the
// rendered objects is decided in translate/deployments.ts.
import type { Static } from 'typebox'
import {
  AnyObj,
  atMostOneOf,
  atomicMap,
  Bool,
  Dict,
  Doc,
  Empty,
  Enum,
  fallback,
  Int64,
  List,
  length,
  mapList,
  Obj,
  Opt,
  Quantity,
  range,
  rule,
  Str,
} from '../schema/combinators.ts'
import type { KindDefinition } from '../schema/crd.ts'

// Parts of core Kubernetes kinds, with the defaults that Kubernetes' own types have.

const optional = Opt(Doc('Whether the source may be missing.', Bool()))
const sourceName = Opt(Doc('Name of the object, in the namespace of the Gateway.', Str(fallback(''))))

const env = Obj({
  name: Doc('Name of the variable.', Str()),
  value: Opt(Doc('Its value; `$(OTHER)` refers to an earlier variable.', Str())),
  valueFrom: Opt(
    Doc(
      'Where its value comes from, instead of `value`.',
      Obj({
        configMapKeyRef: Opt(
          Doc('A key of a ConfigMap.', Obj({ key: Doc('The key.', Str()), name: sourceName, optional }, atomicMap)),
        ),
        fieldRef: Opt(
          Doc(
            'A field of the pod.',
            Obj(
              {
                apiVersion: Opt(Doc('API version in which the path is written.', Str())),
                fieldPath: Doc('Path of the field.', Str()),
              },
              atomicMap,
            ),
          ),
        ),
        fileKeyRef: Opt(
          Doc(
            'A key of an environment file in a volume.',
            Obj(
              {
                key: Doc('The key.', Str()),
                optional: Opt(Doc('Whether the file or key may be missing.', Bool(fallback(false)))),
                path: Doc('Path of the file within the volume.', Str()),
                volumeName: Doc('Name of the volume.', Str()),
              },
              atomicMap,
            ),
          ),
        ),
        resourceFieldRef: Opt(
          Doc(
            'A resource limit or request of a container.',
            Obj(
              {
                containerName: Opt(Doc('The container.', Str())),
                divisor: Opt(Doc('Unit in which the amount is given.', Quantity())),
                resource: Doc('The resource, such as `limits.cpu`.', Str()),
              },
              atomicMap,
            ),
          ),
        ),
        secretKeyRef: Opt(
          Doc('A key of a Secret.', Obj({ key: Doc('The key.', Str()), name: sourceName, optional }, atomicMap)),
        ),
      }),
    ),
  ),
})

const resources = Obj({
  claims: Opt(
    Doc(
      'Not used; resource claims have to be set by an overlay.',
      List(
        Obj({
          name: Doc('Name of the claim in the pod.', Str()),
          request: Opt(Doc('Which request of the claim.', Str())),
        }),
        mapList('name'),
      ),
    ),
  ),
  limits: Opt(Doc('Most that the proxy may use.', Dict(Quantity()))),
  requests: Opt(Doc('What the proxy is guaranteed.', Dict(Quantity()))),
})

// Overlays

function overlay(what: string) {
  return Opt(
    Doc(
      `Strategic merge patch over the rendered ${what}; applied last.`,
      Obj({
        metadata: Opt(
          Doc(
            'Labels and annotations to add or change.',
            Obj({
              annotations: Opt(Doc('Annotations.', Dict(Str()))),
              labels: Opt(Doc('Labels.', Dict(Str()))),
            }),
          ),
        ),
        spec: Opt(Doc(`Patch of the spec; \`null\` removes a field.`, AnyObj())),
      }),
    ),
  )
}

const seconds = range(0, 31536000)

const spec = Obj(
  {
    daemonSet: overlay('DaemonSet'),
    deployment: overlay('Deployment'),
    env: Opt(Doc('Environment of the proxy container.', List(env))),
    horizontalPodAutoscaler: overlay('HorizontalPodAutoscaler, which exists only when this is set'),
    image: Opt(
      Doc(
        "The proxy's image; each part that is set replaces the default's.",
        Obj({
          digest: Opt(Doc('Digest, such as `sha256:…`.', Str())),
          pullPolicy: Opt(Doc('When to pull: Always, IfNotPresent or Never.', Str())),
          registry: Opt(Doc('Registry, such as `ghcr.io`.', Str())),
          repository: Opt(Doc('Repository within the registry.', Str())),
          tag: Opt(Doc('Tag.', Str())),
        }),
      ),
    ),
    istio: Opt(
      Doc(
        'Make the proxies members of an Istio ambient mesh; an empty object is enough.',
        Obj({
          additionalTrustDomains: Opt(Doc('Further trust domains whose peers are accepted.', List(Str()))),
          caAddress: Opt(Doc("Address of the mesh's certificate authority.", Str())),
          clusterId: Opt(Doc('Name of this cluster in the mesh.', Str())),
          enabled: Opt(Doc('Turns the membership on or off, whatever else is set.', Bool())),
          network: Opt(Doc('Name of the network that the proxies are in.', Str())),
          trustDomain: Opt(Doc("The proxies' own trust domain.", Str())),
        }),
      ),
    ),
    logging: Opt(
      Doc(
        'What the proxies log.',
        Obj({
          format: Opt(Doc('How a line is written.', Enum(['json', 'text']))),
          level: Opt(Doc('Level, or levels per module, as RUST_LOG has them.', Str())),
        }),
      ),
    ),
    modelCatalog: Opt(
      Doc(
        'Prices and limits of models; read from the parameters of a Gateway only, not of its class.',
        Obj({
          sources: Opt(
            Doc(
              'Where the catalog comes from; later sources win.',
              List(
                Obj({
                  configMap: Opt(
                    Doc(
                      'A ConfigMap in the namespace of the Gateway.',
                      Obj({
                        key: Opt(Doc('The key that holds the catalog.', Str())),
                        name: Doc('Name of the ConfigMap.', Str(length(1))),
                      }),
                    ),
                  ),
                }),
              ),
            ),
          ),
        }),
      ),
    ),
    podDisruptionBudget: overlay('PodDisruptionBudget, which exists only when this is set'),
    rawConfig: Opt(Doc("Merged into the proxy's configuration file as it is.", AnyObj())),
    resources: Opt(Doc('Resources of the proxy container.', resources)),
    service: overlay('Service'),
    serviceAccount: overlay('ServiceAccount'),
    shutdown: Opt(
      Doc(
        'How long a proxy that is told to stop keeps serving, in seconds.',
        Obj(
          {
            max: Doc('Open connections are cut after this long.', Int64(seconds)),
            min: Doc('New connections are accepted for at least this long.', Int64(seconds)),
          },
          rule('self.min <= self.max', "The 'min' value must be less than or equal to the 'max' value."),
        ),
      ),
    ),
    spiffe: Opt(
      Doc(
        'Take certificates from a SPIFFE workload API.',
        Obj({
          enabled: Opt(Doc('False turns this off.', Bool())),
          source: Opt(
            Doc(
              'Where the socket of the workload API is.',
              Obj(
                {
                  csi: Opt(Doc('A CSI volume.', Obj({ driver: Opt(Doc('Name of the CSI driver.', Str())) }))),
                  hostPath: Opt(Doc('A folder of the node.', Obj({ path: Doc('Path on the node.', Str(length(1))) }))),
                  mountPath: Opt(Doc('Where it is mounted in the container.', Str({ pattern: '^/' }))),
                  socketName: Opt(Doc('File name of the socket.', Str())),
                },
                atMostOneOf('csi', 'hostPath'),
              ),
            ),
          ),
        }),
      ),
    ),
    workload: Opt(
      Doc(
        'What runs the proxies.',
        Obj({ kind: Opt(Doc('Deployment unless set.', Enum(['DaemonSet', 'Deployment']))) }),
      ),
    ),
  },
  rule(
    "!has(self.deployment) || !has(self.workload) || !has(self.workload.kind) || self.workload.kind == 'Deployment'",
    'deployment overlays are only valid when workload.kind is Deployment or unset',
  ),
  rule(
    "!has(self.daemonSet) || (has(self.workload) && has(self.workload.kind) && self.workload.kind == 'DaemonSet')",
    'daemonSet overlays are only valid when workload.kind is DaemonSet',
  ),
  rule(
    "!has(self.horizontalPodAutoscaler) || !has(self.workload) || !has(self.workload.kind) || self.workload.kind != 'DaemonSet'",
    'horizontalPodAutoscaler is not valid when workload.kind is DaemonSet',
  ),
)

/** `spec` of AgentgatewayParameters. */
export type ParametersSpec = Static<typeof spec>
/** A change over one rendered object. */
export type Overlay = NonNullable<ParametersSpec['deployment']>

/** AgentgatewayParameters, for a Gateway's or a GatewayClass's `parametersRef`. */
export const parametersKind: KindDefinition = {
  group: 'agentgateway.dev',
  version: 'v1alpha1',
  kind: 'AgentgatewayParameters',
  plural: 'agentgatewayparameters',
  singular: 'agentgatewayparameters',
  shortNames: ['agpar'],
  categories: ['agentgateway'],
  scope: 'Namespaced',
  policy: 'Direct',
  description: 'How the proxies of a Gateway, or of all Gateways of a class, are deployed.',
  printerColumns: [],
  spec: Doc('What is wanted.', spec),
  status: Doc('Nothing is reported.', Empty()),
}
