// Where fetched documents are kept: in ConfigMaps of the controller's namespace, or in a folder beside a controller
// that has no cluster. Both keep them as ConfigMaps, so that translation finds them in the same way.
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  DOCUMENT_LABEL,
  DOCUMENT_STORE,
  formatStored,
  parseStored,
  type StoredDocument,
  storeName,
} from '../core/documents.ts'
import type { ConfigMap } from '../kube/core-types.ts'
import type { DocumentStore } from './fetcher.ts'

/** The ConfigMap of a document. */
export function documentConfigMap(document: StoredDocument, namespace: string): ConfigMap {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: storeName(document.requestKey), namespace, labels: { [DOCUMENT_LABEL]: DOCUMENT_STORE } },
    data: { [DOCUMENT_STORE]: formatStored(document) },
  }
}

/** What keeping documents needs of a cluster, in one namespace. */
export interface ConfigMaps {
  list(labelSelector: string): Promise<readonly ConfigMap[]>
  /** Creates or replaces. */
  apply(configMap: ConfigMap): Promise<void>
  /** Whether or not it exists. */
  delete(name: string): Promise<void>
}

/** Keeps documents in ConfigMaps. Others of the same document, under other names, go; what cannot be read stays. */
export function configMapStore(configMaps: ConfigMaps, namespace: string): DocumentStore {
  const namesOf = async (key: string): Promise<readonly string[]> =>
    (await kept(configMaps)).filter(({ document }) => document.requestKey === key).map(({ name }) => name)
  return {
    async load() {
      const newest = new Map<string, { readonly rank: string; readonly document: StoredDocument }>()
      for (const { name, document } of await kept(configMaps)) {
        const { requestKey, fetchedAt } = document
        // The newest; of two equally new ones that under the proper name, then by name.
        const rank = `${fetchedAt}\0${name === storeName(requestKey) ? '1' : '0'}\0${name}`
        const known = newest.get(requestKey)
        if (known === undefined || rank > known.rank) newest.set(requestKey, { rank, document })
      }
      return [...newest.values()].map(({ document }) => document)
    },
    async save(document) {
      const proper = storeName(document.requestKey)
      await configMaps.apply(documentConfigMap(document, namespace))
      for (const name of await namesOf(document.requestKey)) if (name !== proper) await configMaps.delete(name)
    },
    async remove(key) {
      for (const name of new Set([storeName(key), ...(await namesOf(key))])) await configMaps.delete(name)
    },
  }
}

async function kept(configMaps: ConfigMaps): Promise<readonly { name: string; document: StoredDocument }[]> {
  return (await configMaps.list(`${DOCUMENT_LABEL}=${DOCUMENT_STORE}`)).flatMap(({ metadata: { name }, data }) => {
    const document = parseStored(data?.[DOCUMENT_STORE])
    return document === undefined ? [] : [{ name, document }]
  })
}

/** What happens to a document's ConfigMap: it is there now, or no longer. */
export type Publish = (name: string, configMap: ConfigMap | undefined) => void

/** Keeps documents in memory and, when there is a folder, in files; `publish` hands them to translation. */
export function localStore(publish: Publish, namespace: string, folder?: string): DocumentStore {
  const fileOf = (key: string): string => join(folder ?? '', `${storeName(key)}.json`)
  const show = (document: StoredDocument): void =>
    publish(storeName(document.requestKey), documentConfigMap(document, namespace))
  return {
    async load() {
      if (folder === undefined) return []
      await mkdir(folder, { recursive: true })
      const files = (await readdir(folder)).filter((file) => file.startsWith(DOCUMENT_STORE)).sort()
      const texts = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')))
      const documents = texts.flatMap((text) => parseStored(text) ?? [])
      for (const document of documents) show(document)
      return documents
    },
    async save(document) {
      if (folder !== undefined) {
        const file = fileOf(document.requestKey)
        // Whoever reads while we write, or starts after we were stopped in the middle, finds a whole document.
        await writeFile(`${file}.new`, formatStored(document))
        await rename(`${file}.new`, file)
      }
      show(document)
    },
    async remove(key) {
      if (folder !== undefined) await rm(fileOf(key), { force: true })
      publish(storeName(key), undefined)
    },
  }
}
