// Records the corpus anew: what our validator says of each recorded object, and objects for each rule of each CRD.
// A real API server has the last word on the result: test/apiserver/verdicts.test.ts.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { dump } from 'js-yaml'
import { createValidator } from '../../src/schema/validate.ts'
import { type Case, caseFiles, folder, foreignCrds, ourProblems, ownCrds, readCases } from './corpus.ts'
import { findWitnesses, placedRules } from './generate.ts'

const crds = [...ownCrds, ...foreignCrds]
const validator = createValidator(crds)

function write(file: string, comment: string, cases: readonly Case[]): void {
  const known = cases.map((each) => ({ ...each, problems: ourProblems(validator, each.object) ?? each.problems }))
  writeFileSync(join(folder, file), `# ${comment}\n${dump(known, { flowLevel: 2, lineWidth: -1, noRefs: true })}`)
}

for (const file of caseFiles()) {
  if (!file.startsWith('rules-')) write(file, 'Written by hand; the verdicts are recorded.', readCases(file))
}
for (const crd of crds) {
  const { kind } = crd.spec.names
  const seen = new Set<string>()
  const cases = placedRules(crd).flatMap((placed): Case[] => {
    const name = `${placed.message} — ${placed.rule}`
    if (seen.has(name) || placed.rule.includes('oldSelf')) return []
    seen.add(name)
    const { breaking, keeping } = findWitnesses(placed, validator)
    return [breaking, keeping]
      .filter((object) => object !== undefined)
      .map((object) => ({ rule: placed.message, object, problems: [] }))
  })
  if (cases.length > 0)
    write(
      `rules-${kind.toLowerCase()}.yaml`,
      `Objects that break and keep each rule of ${kind}; found and recorded by record.ts.`,
      cases,
    )
}
