// The API server's part for objects that no API server has seen: our kinds by their own definitions, other kinds by the
// CRDs that are given, and what people commonly write although no schema allows it rewritten first.
import { kinds } from '../api/kinds.ts'
import { expandMcpShorthand } from '../features/backends/mcp-shorthand.ts'
import { type Crd, crd } from '../schema/crd.ts'
import { createValidator, type Validator } from '../schema/validate.ts'
import { type Admit, admission, type ManifestObject, type Validate } from '../sources/manifests/defaults.ts'

/** A validator of our kinds and of those that `crds` define. */
export function validatorOf(crds: readonly Crd[]): Validator {
  return createValidator([...kinds.map(crd), ...crds])
}

/** What an API server with these CRDs would make of manifests. */
export function admissionOf(validator: Validator): Admit {
  const validate: Validate = (_, given) => {
    const { object, problems: rewritten } = expandMcpShorthand(given)
    const verdict = validator.validate(object)
    if (verdict === undefined) return undefined
    const found = verdict.problems.map(({ hint, ...problem }) => ({
      ...problem,
      message: hint === undefined ? problem.message : `${problem.message}; ${hint}`,
    }))
    const problems = [...rewritten.map((problem) => ({ ...problem, severity: problem.severity ?? 'error' })), ...found]
    const isRefused = problems.some(({ severity }) => severity === 'error')
    // A validated object has the metadata that made it an object.
    return { object: isRefused ? undefined : (verdict.object as unknown as ManifestObject), problems }
  }
  return admission(validate)
}
