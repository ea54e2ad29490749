// Conditions of the kinds of agentgateway.dev.
import type { ConditionGroup } from './conditions.ts'

/** By kind. */
export const OWN: readonly ConditionGroup[] = [
  {
    kinds: ['AgentgatewayBackend'],
    place: 'status.conditions',
    rows: [
      ['Accepted=True', 'Accepted', 'The backend can be used. It is sent to proxies of Gateways that need it.'],
      [
        'Accepted=False',
        'TranslationError',
        'The backend cannot be made: a provider is incomplete, a Secret or Service is missing, a target does not exist. Requests to it are answered with 500.',
        'Mend what the message names.',
      ],
      [
        'Accepted=False',
        'Invalid',
        'A connected proxy refuses it.',
        "The message has the proxy's words; the proxy may be older than the feature.",
      ],
    ],
  },
  {
    kinds: ['AgentgatewayModel'],
    place: 'status.parents[].conditions',
    rows: [
      ['Accepted=True', 'Accepted', 'Served at this parent.'],
      [
        'Accepted=False',
        'NoMatchingParent',
        'No listener or rule fits the parentRef, the HTTPRoute does not exist or does not select models, or another route has what the model would be served under.',
        'Correct the parentRef, or the rule that it names.',
      ],
      [
        'Accepted=False',
        'NotAllowedByListeners',
        'The listener takes no models.',
        'Add `{group: agentgateway.dev, kind: AgentgatewayModel}` to its `allowedRoutes.kinds`.',
      ],
      ['ResolvedRefs=True', 'ResolvedRefs', 'Every reference leads to something usable.'],
      ['ResolvedRefs=False', 'Invalid', 'The model cannot be made and is not served.', 'Mend what the message names.'],
      [
        'PartiallyInvalid=True',
        'UnsupportedValue',
        'A connected proxy refuses a part of it.',
        "The message has the proxy's words.",
      ],
    ],
  },
  {
    kinds: ['AgentgatewayPolicy'],
    place:
      'status.ancestors[].conditions, one ancestor per Gateway; what applies nowhere is told by an ancestor `StatusSummary`',
    rows: [
      ['Accepted=True', 'Valid', 'The policy is understood.'],
      [
        'Accepted=True',
        'PartiallyValid',
        'A part of the policy cannot be used, or a connected proxy refuses it; the rest applies.',
        'Mend what the message names.',
      ],
      [
        'Accepted=False',
        'Invalid',
        'The policy cannot be used. Where a rule protects something and does not parse, what it protects is closed.',
        'Mend what the message names: position and a hint for CEL.',
      ],
      ['Attached=True', 'Attached', 'It applies to all targets that belong to this Gateway.'],
      [
        'Attached=False',
        'Pending',
        'It does not apply: a target does not exist, is not attached to any Gateway, or the policy is invalid.',
        'Create the target or attach it; correct the policy.',
      ],
      [
        'StatusSummarized=True',
        'StatusSummary',
        'More Gateways are concerned than a status may list (16). It applies to all of them.',
      ],
    ],
  },
]
