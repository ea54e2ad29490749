// Conditions of the kinds of other projects.
import type { ConditionGroup } from './conditions.ts'

/** By kind. */
export const FOREIGN: readonly ConditionGroup[] = [
  {
    kinds: ['Backend and GatewayParameters of kgateway, where it has no GatewayClass of its own'],
    place: 'status.conditions',
    rows: [
      ['Accepted=True', 'Accepted', 'Carried over; the message says what has no effect.'],
      [
        'Accepted=False',
        'Invalid',
        'It cannot be carried over, or a connected proxy refuses it.',
        'Correct the named field; `agwcp convert` prints what it becomes.',
      ],
    ],
  },
  {
    kinds: ['TrafficPolicy of kgateway'],
    place: 'status.ancestors[].conditions, one ancestor per target',
    rows: [
      ['Accepted=True', 'Valid', 'Carried over.'],
      [
        'Accepted=True',
        'PartiallyValid',
        'Carried over, except for what the message names.',
        '`agwcp convert` prints what it becomes.',
      ],
      ['Accepted=False', 'Invalid', 'It cannot be carried over.', 'Correct the named field.'],
      ['Attached=True', 'Attached', 'It applies to this target.'],
      [
        'Attached=False',
        'Pending',
        'The target does not exist, or is not attached to any Gateway.',
        'Create or attach it.',
      ],
    ],
  },
  {
    kinds: ['HTTPListenerPolicy and BackendConfigPolicy of kgateway'],
    place: 'status.ancestors[].conditions, one ancestor per target',
    rows: [
      [
        'Accepted=False',
        'Unsupported',
        'It sets up Envoy, and nothing of it has an effect.',
        'Write what the message says for each field, in an AgentgatewayPolicy.',
      ],
      ['Attached=False', 'Pending', 'As above.'],
    ],
  },
  {
    kinds: ['MCPServer of kmcp', 'MCP and LLMGateway of agentkube'],
    place: 'status.conditions',
    rows: [
      ['Accepted=True', 'Accepted', 'Everything is understood; the message says what has no effect.'],
      ['Accepted=False', 'Invalid', 'A connected proxy refuses what it becomes.', "The message has the proxy's words."],
      [
        'Accepted=False',
        'InvalidConfig',
        'The object cannot be understood; nothing is run.',
        'Correct the named field.',
      ],
      ['ResolvedRefs=True', 'ResolvedRefs', 'Every reference leads to something usable.'],
      [
        'ResolvedRefs=False',
        'RefNotFound',
        'Something that the object names does not exist.',
        'Create it, or correct its name.',
      ],
      ['Programmed=True', 'Programmed', 'All objects are applied.'],
      ['Programmed=False', 'InvalidConfig', 'Nothing is run before the object is accepted.', 'See Accepted.'],
      ['Programmed=False', 'Invalid', 'What the object becomes has a problem.', 'As the message says.'],
      [
        'Programmed=False',
        'InvalidParameters',
        'The parameters of the proxies cannot be used.',
        'As the message says.',
      ],
      [
        'Programmed=False',
        'DeploymentFailed',
        'The API server refused an object, or it belongs to somebody else.',
        'Read the message: often a missing right, a quota, or an object of the same name.',
      ],
      ['Ready=True', 'Available', 'All pods answer.'],
      ['Ready=False', 'NotAvailable', 'Some pods answer.', 'Look at the pods.'],
      ['Ready=False', 'PodsNotReady', 'No pod answers.', 'Look at the pods: image, command, probes.'],
    ],
  },
]
