// The founding documents' manifests through the whole program: what becomes of them, and what is deployed.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { configDump } from '../../src/admin/config-dump/dump.ts'
import { withImpliedClass } from '../../src/cli/implied-class.ts'
import { createRun, type Run } from '../../src/cli/run.ts'
import { findProblems } from '../../src/cli/translate.ts'
import { validateManifests } from '../../src/cli/validate.ts'
import { isJsonObject, type JsonObject, objectIn } from '../../src/kube/json.ts'
import type { RenderedObject } from '../../src/kube/proxy-deployment.ts'
import { readSettings } from '../../src/settings.ts'
import { SHARED } from '../../src/wire/entry.ts'
import { createWorld, manifestsOf, type Seen, type Status } from '../dialects/world.ts'
import { seedPath } from './seeds.ts'

const settings = { ...readSettings({ 'run-mcp-servers': 'true' }).settings, version: '1' }

/** Everything that is deployed for some manifests, by `Kind namespace/name`. */
export async function deployed(...texts: readonly string[]): Promise<Readonly<Record<string, RenderedObject>>> {
  const run = await deploying(texts)
  for (const each of run.pipeline.deployments.list()) {
    if (each.kind !== 'needs-session-key') continue
    const data = { key: Buffer.from('a'.repeat(64)).toString('base64') }
    run.set([{ ...each.secret, ...{ data } }])
  }
  await run.pipeline.graph.commit()
  const objects = run.pipeline.deployments
    .list()
    .flatMap((each) =>
      each.kind === 'rendered'
        ? each.objects.map(
            (object) => [`${object.kind} ${each.owner.namespace}/${object.metadata.name}`, object] as const,
          )
        : [],
    )
  return Object.fromEntries(objects)
}

/** Why something is not deployed. */
export async function refused(...texts: readonly string[]): Promise<readonly string[]> {
  const { pipeline } = await deploying(texts)
  return pipeline.deployments.list().flatMap((each) => (each.kind === 'refused' ? [each.message] : []))
}

async function deploying(texts: readonly string[]): Promise<Run> {
  const run = createRun(settings, { deploy: settings })
  const manifests = await manifestsOf(texts.join('\n---\n'))
  run.setCollections(withImpliedClass(manifests.collections, settings))
  await run.pipeline.graph.commit()
  return run
}

/** What `/config_dump` prints for a gateway. */
export async function dumpOf(gateway: string, text: string): Promise<unknown> {
  const run = createRun(settings)
  const manifests = await manifestsOf(text)
  run.setCollections(withImpliedClass(manifests.collections, settings))
  await run.pipeline.graph.commit()
  const entries = run.pipeline.xds.list()
  return configDump({
    gateway,
    resources: entries.filter(({ scope }) => scope === gateway),
    addresses: entries.filter(({ scope }) => scope === SHARED),
    version: '1',
  })
}

/** Conditions of an object while it is run. */
export async function statusWhileRun(object: string, text: string): Promise<Status> {
  return (await createWorld(settings).apply(text)).statusOf(object)
}

/** What `agwcp validate` says of a file. */
export function validated(name: string) {
  return validateManifests({ filename: [seedPath(name)], crds: [] }, findProblems)
}

/** Something inside of a resource. */
export function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>((each, key) => (Array.isArray(each) ? each[Number(key)] : objectIn(each)[key]), value)
}

/** A resource of a gateway; fails when it is not there. */
export function resource(seen: Seen, gateway: string, name: string): JsonObject {
  const found = seen.resourcesOf(gateway)[name]
  if (!isJsonObject(found))
    throw new Error(`${gateway} has no ${name}, but ${Object.keys(seen.resourcesOf(gateway)).join(', ')}`)
  return found
}

/** What `agwcp validate` says of a text. */
export async function validatedText(text: string): Promise<Awaited<ReturnType<typeof validated>>> {
  const folder = mkdtempSync(join(tmpdir(), 'agwcp-seeds-'))
  const file = join(folder, 'manifests.yaml')
  writeFileSync(file, text)
  try {
    return await validateManifests({ filename: [file], crds: [] }, findProblems)
  } finally {
    rmSync(folder, { recursive: true })
  }
}
