import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { formatStored, type StoredDocument, storeName } from '../core/documents.ts'
import type { ConfigMap } from '../kube/core-types.ts'
import { configMapStore, documentConfigMap, localStore } from './stores.ts'

const document = (requestKey: string, fetchedAt = ''): StoredDocument => ({
  requestKey,
  url: `https://${requestKey}`,
  fetchedAt,
  jwks: '{"keys":[]}',
})

function fakeConfigMaps(objects: readonly ConfigMap[]) {
  const byName = new Map(objects.map((each) => [each.metadata.name, each]))
  return {
    byName,
    list: async (selector: string) => {
      const [label = '', value] = selector.split('=')
      return [...byName.values()].filter(({ metadata }) => metadata.labels?.[label] === value)
    },
    apply: async (configMap: ConfigMap) => {
      byName.set(configMap.metadata.name, configMap)
    },
    delete: async (name: string) => {
      byName.delete(name)
    },
  }
}
const named = (name: string, content: StoredDocument): ConfigMap => {
  const configMap = documentConfigMap(content, 'system')
  return { ...configMap, metadata: { ...configMap.metadata, name } }
}

test('loads the newest of each document from ConfigMaps, and none that cannot be read', async () => {
  const broken = { ...named('broken', document('x')), data: { 'jwks-store': '{' } }
  const configMaps = fakeConfigMaps([
    named('old', document('a', '2026-01-01T00:00:00Z')),
    named('new', document('a', '2026-01-02T00:00:00Z')),
    broken,
  ])
  expect(await configMapStore(configMaps, 'system').load()).toEqual([document('a', '2026-01-02T00:00:00Z')])
})

test('keeps one ConfigMap per document under its proper name, and removes all of them', async () => {
  const configMaps = fakeConfigMaps([named('old', document('a')), named('b', document('b'))])
  const store = configMapStore(configMaps, 'system')
  await store.save(document('a', '2026-01-02T00:00:00Z'))
  expect([...configMaps.byName.keys()].sort()).toEqual(['b', storeName('a')])
  expect(configMaps.byName.get(storeName('a'))).toMatchObject({
    metadata: { namespace: 'system', labels: { 'app.kubernetes.io/component': 'jwks-store' } },
  })
  await store.remove('a')
  await store.remove('b')
  expect([...configMaps.byName.keys()]).toEqual([])
})

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'documents-'))
})
afterAll(() => rm(folder, { recursive: true }))

test('keeps documents in files, and shows translation what it keeps', async () => {
  const shown: string[] = []
  const store = () =>
    localStore((name, configMap) => shown.push(`${configMap === undefined ? '-' : '+'}${name}`), 'system', folder)
  await writeFile(join(folder, 'notes.txt'), 'mine')
  expect(await store().load()).toEqual([])
  await store().save(document('a'))
  expect(await store().load()).toEqual([document('a')])
  await store().remove('a')
  expect(shown).toEqual([`+${storeName('a')}`, `+${storeName('a')}`, `-${storeName('a')}`])
  expect(await readdir(folder)).toEqual(['notes.txt'])
})

test('keeps documents in memory without a folder', async () => {
  const shown: (ConfigMap | undefined)[] = []
  const store = localStore((_, configMap) => shown.push(configMap), 'system')
  await store.save(document('a'))
  expect(await store.load()).toEqual([])
  expect(shown[0]?.data).toEqual({ 'jwks-store': formatStored(document('a')) })
})
