// The corpus of verdicts against a real API server: what it says of each object must be what our validator says. Runs
// when KUBECONFIG_TEST names a kubeconfig of a cluster that may be written to; skipped loudly otherwise.
import { beforeAll, describe, expect, test, vi } from 'vitest'
import type { Crd } from '../../src/schema/crd.ts'
import { createValidator } from '../../src/schema/validate.ts'
import { caseFiles, foreignCrds, ourProblems, ownCrds, readCases } from '../verdicts/corpus.ts'
import { findWitnesses, placedRules } from '../verdicts/generate.ts'
import { connect, type RawCluster, send } from './requests.ts'

const kubeconfig = process.env.KUBECONFIG_TEST
const cluster = kubeconfig === undefined || kubeconfig === '' ? undefined : connect(kubeconfig)
const crds = [...ownCrds, ...foreignCrds]
const validator = createValidator(crds)

function collection({ spec }: Crd, apiVersion: string): string {
  return `/apis/${apiVersion}/${spec.scope === 'Namespaced' ? 'namespaces/default/' : ''}${spec.names.plural}`
}

// Which of two failing operands of || is told differs, and neither is more helpful.
function normal(problem: string): string {
  return problem.replace(/no such key: \w+ evaluating rule/, 'no such key evaluating rule')
}

/** What the server says, in the form of the corpus, or in words when it cannot even decode the object. */
async function serverProblems(at: RawCluster, object: unknown): Promise<readonly string[] | string> {
  const { apiVersion, kind } = Object(object)
  const crd = crds.find(({ spec }) => spec.names.kind === kind && String(apiVersion).startsWith(`${spec.group}/`))
  if (crd === undefined) throw new Error(`no CRD of ${kind}`)
  const path = `${collection(crd, apiVersion)}?dryRun=All&fieldValidation=Strict`
  const { code, status } = await send(at, 'POST', path, object)
  if (code < 300) return []
  const { causes } = status.details ?? {}
  if (causes !== undefined) return causes.map(({ field, message }) => normal(`${field}: ${message}`)).toSorted()
  const unknown = [...(status.message ?? '').matchAll(/unknown field "([^"]+)"/g)]
  return unknown.length > 0 ? unknown.map(([text, field]) => `${field}: ${text}`).toSorted() : (status.message ?? '')
}

async function everyKindIsServed(at: RawCluster): Promise<boolean> {
  const paths = crds.flatMap((crd) =>
    crd.spec.versions.filter((each) => each.served).map((each) => collection(crd, `${crd.spec.group}/${each.name}`)),
  )
  const answers = await Promise.all(paths.map((path) => send(at, 'GET', `${path}?limit=1`, undefined)))
  return answers.every(({ code }) => code === 200)
}

async function expectAgreement(at: RawCluster, object: unknown): Promise<void> {
  const ours = (ourProblems(validator, object) ?? []).map(normal)
  const theirs = await serverProblems(at, object)
  if (typeof theirs === 'string') {
    // Not decodable: the server stops there, and words it by Go's types.
    expect([object, theirs, ours.length > 0]).toEqual([object, theirs, true])
    return
  }
  // With unknown fields the server looks no further.
  const isUnknown = theirs.some((each) => each.includes('unknown field'))
  const comparable = isUnknown ? ours.filter((each) => each.includes('unknown field')) : ours
  expect({ object, problems: comparable.toSorted() }).toEqual({ object, problems: theirs })
}

describe.skipIf(cluster === undefined)('a real API server', () => {
  beforeAll(async () => {
    if (cluster === undefined) return
    for (const crd of crds) {
      const path = `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${crd.metadata.name}?fieldManager=test&force=true`
      const { code, status } = await send(cluster, 'PATCH', path, crd)
      expect([crd.metadata.name, code < 300 ? 'applied' : status.message]).toEqual([crd.metadata.name, 'applied'])
    }
    await vi.waitFor(async () => expect(await everyKindIsServed(cluster)).toBe(true), {
      timeout: 30_000,
      interval: 200,
    })
  }, 60_000)

  test.each(caseFiles())(
    'agrees with the recorded verdicts of %s',
    async (file) => {
      if (cluster === undefined) return
      for (const { object } of readCases(file)) {
        if (validator.validate(object) !== undefined) await expectAgreement(cluster, object)
      }
    },
    60_000,
  )

  test.each(ownCrds.map((crd) => [crd.spec.names.kind, crd] as const))(
    'agrees on each rule of %s at each of its places',
    async (_, crd) => {
      if (cluster === undefined) return
      for (const placed of placedRules(crd)) {
        const { breaking, keeping } = findWitnesses(placed, validator, 40)
        for (const object of [breaking, keeping]) if (object !== undefined) await expectAgreement(cluster, object)
      }
    },
    120_000,
  )
})

test.skipIf(cluster !== undefined)(
  'SKIPPED: set KUBECONFIG_TEST to compare verdicts with a real API server',
  (context) => {
    context.skip('KUBECONFIG_TEST is not set')
  },
)
