// The rule by which a policy names its service, unless it names one per condition.
import { rule } from '../../schema/combinators.ts'

/** Either `conditional`, or exactly one of `backendRef` and `url`. */
export const endpointUnlessConditional = rule(
  'has(self.conditional) ? (!has(self.backendRef) && !has(self.url)) : [has(self.backendRef),has(self.url)].filter(x,x==true).size() == 1',
  'exactly one of backendRef or url must be set unless conditional is set',
)
