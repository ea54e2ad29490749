// OpenAI, with its moderation of prompts and answers. Endpoint and credentials of OpenAI are the proxy's knowledge.
import { ok, rejected } from '../../core/problem.ts'
import { Doc, Enum, fallback, length, Obj, Opt, Str } from '../../schema/combinators.ts'
import type { OpenAIModeration, OpenAIModerationConfig } from '../../wire/messages.ts'
import { shortString } from '../shared/refs.ts'
import { provider } from './provider.ts'

const DEFAULT_MODERATION_MODEL = 'omni-moderation-latest'

const moderationSide = Obj({
  mode: Doc('Score only reports what was found; Block refuses it.', Enum(['Block', 'Score'])),
})

/** `openai`: models of OpenAI. */
export const openai = provider({
  field: 'openai',
  schema: Obj({
    model: Opt(Doc('Model to use for every request; unset, each request names its own.', shortString)),
    moderation: Opt(
      Doc(
        "Adds OpenAI's moderation to requests.",
        Obj({
          model: Opt(Doc('Model that moderates.', Str(length(1, 256), fallback(DEFAULT_MODERATION_MODEL)))),
          policy: Opt(
            Doc(
              'What moderation does with what it finds.',
              Obj({
                input: Opt(Doc('For what is sent to the model.', moderationSide)),
                output: Opt(Doc('For what the model answers.', moderationSide)),
              }),
            ),
          ),
        }),
      ),
    ),
  }),
  translate: ({ model, moderation }, _ctx, path) => {
    if (moderation === undefined || moderation === null) return ok({ openai: { model } })
    const { policy } = moderation
    for (const side of ['input', 'output'] as const) {
      const mode = policy?.[side]?.mode
      if (policy?.[side] !== undefined && moderationMode(mode) === undefined) {
        return rejected(
          'TranslationError',
          `${path}.moderation.policy.${side}.mode`,
          `unknown OpenAI inline moderation mode ${JSON.stringify(mode ?? '')}`,
        )
      }
    }
    const wire: OpenAIModeration = {
      model: moderation.model || DEFAULT_MODERATION_MODEL,
      policy: policy && {
        input: policy.input && { mode: moderationMode(policy.input.mode) },
        output: policy.output && { mode: moderationMode(policy.output.mode) },
      },
    }
    return ok({ openai: { model, moderation: wire } })
  },
})

function moderationMode(mode: string | undefined): OpenAIModerationConfig['mode'] {
  if (mode === 'Score') return 'MODERATION_MODE_SCORE'
  if (mode === 'Block') return 'MODERATION_MODE_BLOCK'
  return undefined
}
