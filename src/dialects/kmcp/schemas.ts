// The schema of MCPServer, with everything that kmcp 0.3 knows.
import {
  AnyObj,
  Dict,
  Doc,
  Enum,
  Int32,
  List,
  Obj,
  Opt,
  preserveUnknown,
  range,
  Str,
} from '../../schema/combinators.ts'
import type { KindDefinition } from '../../schema/crd.ts'
import { conditionStatus, judgedLater, judgedLaterList } from '../statuses.ts'

const names = (description: string) => Opt(Doc(description, List(Obj({ name: Doc('Name of the object.', Str()) }))))
const texts = (description: string) => Opt(Doc(description, Dict(Str())))

const deployment = Obj(
  {
    image: Opt(Doc('Image of the server; not needed where cmd is npx or uvx.', Str())),
    imagePullPolicy: Opt(Doc('When to pull.', Enum(['Always', 'IfNotPresent', 'Never']))),
    imagePullSecrets: names('Secrets to pull with.'),
    port: Opt(Doc('Port of the Service; 3000 by default.', Int32(range(0, 65535)))),
    cmd: Opt(Doc('Command to start.', Str())),
    args: Opt(Doc('Its arguments.', List(Str()))),
    env: texts('Its environment.'),
    secretRefs: names('Secrets whose keys are variables of the environment.'),
    configMapRefs: names('ConfigMaps to mount at /configmaps/NAME.'),
    volumes: judgedLaterList('Further volumes.'),
    volumeMounts: judgedLaterList('Where the server sees them.'),
    initContainer: judgedLater('How the adapter is copied.'),
    serviceAccount: judgedLater('Labels and annotations of the account that is made.'),
    serviceAccountName: Opt(Doc('An account that exists.', Str())),
    sidecars: judgedLaterList('Further containers.'),
    labels: texts('Further labels of the pods.'),
    annotations: texts('Annotations of the pods.'),
    resources: judgedLater('What the server needs.'),
    securityContext: judgedLater('Security context of the container.'),
    podSecurityContext: judgedLater('Security context of the pod.'),
    tolerations: judgedLaterList('Tolerations of the pods.'),
    affinity: judgedLater('Affinity of the pods.'),
    nodeSelector: texts('Labels of nodes to run on.'),
    replicas: Opt(Doc('How many pods; one by default.', Int32(range(0)))),
  },
  preserveUnknown,
)

const mcpServerSchema: KindDefinition = {
  group: 'kagent.dev',
  version: 'v1alpha1',
  kind: 'MCPServer',
  plural: 'mcpservers',
  singular: 'mcpserver',
  shortNames: ['mcps', 'mcp'],
  categories: ['kagent'],
  scope: 'Namespaced',
  description: 'An MCP server that is run in the cluster.',
  printerColumns: [{ name: 'Ready', type: 'string', jsonPath: ".status.conditions[?(@.type=='Ready')].status" }],
  spec: Doc(
    'What is wanted.',
    Obj(
      {
        transportType: Opt(Doc('What the server speaks.', Enum(['stdio', 'http']))),
        stdioTransport: Opt(Doc('Of no effect.', AnyObj())),
        httpTransport: Opt(
          Doc(
            'Where a server that speaks HTTP listens.',
            Obj(
              {
                targetPort: Opt(Doc('Its port, which must be that of the deployment.', Int32(range(1, 65535)))),
                path: Opt(Doc('Path of its MCP endpoint.', Str())),
              },
              preserveUnknown,
            ),
          ),
        ),
        timeout: Opt(Doc('How long clients should wait.', Str())),
        deployment: Opt(Doc('How the server is run.', deployment)),
      },
      preserveUnknown,
    ),
  ),
  status: conditionStatus,
}

/** kmcp's kinds. */
export const kmcpSchemas: readonly KindDefinition[] = [mcpServerSchema]
