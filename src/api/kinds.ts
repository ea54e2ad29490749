// The kinds of agentgateway.dev that this controller defines: whoever needs all of them (CRD generation, offline
// validation) reads this list.
import type { KindDefinition } from '../schema/crd.ts'
import { backendKind } from './backend.ts'
import { modelKind } from './model.ts'
import { parametersKind } from './parameters.ts'
import { policyKind } from './policy.ts'

/** Every kind that we define, in the order of their names. */
export const kinds: readonly KindDefinition[] = [backendKind, modelKind, parametersKind, policyKind]
