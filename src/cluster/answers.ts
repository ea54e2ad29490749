// Reads what an API server answered: every field is checked, and an answer of another shape is an error.
import type { KubeObject } from '../kube/object.ts'
import { badAnswer, statusError } from './api-error.ts'
import type { ListPage, Resource, TokenVerdict, WatchEvent } from './client.ts'

function isObject(value: unknown): value is KubeObject {
  if (typeof value !== 'object' || value === null || !('metadata' in value)) return false
  return typeof value.metadata === 'object' && value.metadata !== null
}

/** An object. */
export function kubeObject(value: unknown): KubeObject {
  if (!isObject(value)) throw badAnswer('object')
  return value
}

/** A page of a list. */
export function listPage(value: unknown): ListPage {
  // Each field is checked below.
  const { apiVersion, kind, metadata, items } = Object(value) as {
    readonly apiVersion?: unknown
    readonly kind?: unknown
    readonly metadata?: { readonly resourceVersion?: unknown; readonly continue?: unknown }
    readonly items?: unknown
  }
  // An empty list of Go is null.
  const list: unknown = items ?? []
  if (typeof kind !== 'string' || !kind.endsWith('List') || !Array.isArray(list)) throw badAnswer('list')
  // Members of a list of a kind do not name it.
  const typed = { apiVersion: String(apiVersion), kind: kind.slice(0, -'List'.length) }
  return {
    items: list.filter(isObject).map((item) => ({ ...typed, ...item })),
    resourceVersion: textIn(metadata?.resourceVersion),
    continueToken: textIn(metadata?.continue),
  }
}

/** The resources of a version, by kind. */
export function resourcesIn(value: unknown, group: string, version: string): ReadonlyMap<string, Resource> {
  const { resources } = Object(value) as { readonly resources?: unknown }
  if (!Array.isArray(resources)) throw badAnswer('list of resources')
  return new Map(
    resources.flatMap((resource) => {
      const { name, kind, namespaced } = Object(resource) as Record<string, unknown>
      // What has a slash in its name is a part of a resource, such as its status.
      if (typeof name !== 'string' || typeof kind !== 'string' || name.includes('/')) return []
      return [[kind, { group, version, plural: name, namespaced: namespaced === true }] as const]
    }),
  )
}

/** One line of a watch; throws what it says when it is an error. */
export function watchEvent(line: unknown): WatchEvent {
  const { type, object } = Object(line) as { readonly type?: unknown; readonly object?: unknown }
  if (type === 'ERROR') {
    const { code } = Object(object) as { readonly code?: unknown }
    throw statusError('watch', object, { code: typeof code === 'number' ? code : 0 })
  }
  if (type !== 'ADDED' && type !== 'MODIFIED' && type !== 'DELETED' && type !== 'BOOKMARK') throw badAnswer('event')
  return { type, object: kubeObject(object) }
}

/** What a TokenReview found. */
export function tokenVerdict(review: unknown): TokenVerdict {
  // Each field is checked below.
  const { status } = Object(review) as { readonly status?: Record<string, unknown> }
  const { authenticated, user, audiences, error } = Object(status) as Record<string, unknown>
  const { username, groups } = Object(user) as Record<string, unknown>
  return {
    isAuthenticated: authenticated === true,
    username: textIn(username),
    groups: textsIn(groups),
    audiences: textsIn(audiences),
    error: textIn(error),
  }
}

function textIn(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function textsIn(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((member) => typeof member === 'string') : []
}
