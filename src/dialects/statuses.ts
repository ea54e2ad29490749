// What statuses of other projects' kinds consist of, and fields that are described by nobody but their own project.
import {
  AnyObj,
  Doc,
  Enum,
  Int64,
  List,
  length,
  mapList,
  Obj,
  Opt,
  preserveUnknown,
  range,
  Str,
} from '../schema/combinators.ts'

const condition = Obj({
  lastTransitionTime: Doc('When the status last changed.', Str({ format: 'date-time' })),
  message: Doc('What is the case, for people.', Str({ maxLength: 32768 })),
  observedGeneration: Opt(Doc('Generation of the object that this describes.', Int64(range(0)))),
  reason: Doc('Why, in one word.', Str(length(1, 1024))),
  status: Doc('Whether the condition holds.', Enum(['True', 'False', 'Unknown'])),
  type: Doc('Name of the condition.', Str({ maxLength: 316 })),
})

/** `conditions` of a status. */
export const conditions = Opt(
  Doc('What is the case, condition by condition.', List(condition, { maxItems: 8 }, mapList('type'))),
)

/** A status that is conditions only, but for what other controllers write. */
export const conditionStatus = Doc('What has become of it.', Obj({ conditions }, preserveUnknown))

/** A status with one entry per target. */
export const ancestorStatus = Doc(
  'What has become of it.',
  Obj(
    {
      ancestors: Opt(
        Doc(
          'One entry per target and controller.',
          List(
            Obj({
              ancestorRef: Doc('What the policy takes effect on.', AnyObj()),
              conditions,
              controllerName: Doc('Who wrote this entry.', Str()),
            }),
            { maxItems: 16 },
          ),
        ),
      ),
    },
    preserveUnknown,
  ),
)

/** A status with a phase, for what has an address. */
export const servedStatus = Doc(
  'What has become of it.',
  Obj({
    phase: Opt(Doc('Pending, Ready, Degraded or Failed.', Str())),
    endpoint: Opt(Doc('Where it answers in the cluster.', Str())),
    upstreams: Opt(
      Doc(
        'What became of each upstream.',
        List(
          Obj({
            name: Doc('Name of the upstream.', Str()),
            state: Doc('Ready or Failed.', Str()),
            message: Doc('Where it is, or what is missing.', Str()),
          }),
        ),
      ),
    ),
    unenforced: Opt(Doc('Fields that are set and have no effect.', List(Str()))),
    conditions,
  }),
)

/** A field whose content is judged when it is carried over, and named in a condition when it cannot be. */
export function judgedLater(description: string) {
  return Opt(Doc(description, AnyObj()))
}

/** The same for a list. */
export function judgedLaterList(description: string) {
  return Opt(Doc(description, List(AnyObj())))
}
