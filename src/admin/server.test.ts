import { request } from 'node:http'
import { afterEach, expect, test } from 'vitest'
import { type AdminRoute, startHttp } from './server.ts'

let stop = new AbortController()
afterEach(() => {
  stop.abort()
  stop = new AbortController()
})

const routes: readonly AdminRoute[] = [
  { path: '/ok', help: '', handle: (query) => ({ body: { said: query.get('say') } }) },
  { path: '/set', help: '', methods: ['POST'], handle: () => ({ body: 'done' }) },
  {
    path: '/broken',
    help: '',
    handle: () => {
      throw new Error('a secret detail')
    },
  },
]

async function ask(
  path: string,
  options: { readonly method?: string; readonly host?: string } = {},
): Promise<{ readonly status: number; readonly body: string }> {
  const port = await startHttp(routes, {
    host: '127.0.0.1',
    port: 0,
    localOnly: true,
    signal: stop.signal,
    onError: () => undefined,
  })
  return new Promise((resolve, reject) => {
    const headers = { host: options.host ?? `localhost:${port}` }
    request({ host: '127.0.0.1', port, path, method: options.method ?? 'GET', headers }, (response) => {
      let body = ''
      response.on('data', (chunk: Buffer) => {
        body += chunk.toString()
      })
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }))
    })
      .on('error', reject)
      .end()
  })
}

test('answers a path with JSON', async () => {
  expect(await ask('/ok?say=hello')).toEqual({ status: 200, body: '{\n  "said": "hello"\n}\n' })
})

test('refuses a host name that is not local', async () => {
  expect((await ask('/ok', { host: 'rebind.example.com' })).status).toBe(403)
})

test('names the methods of a path that does not answer GET', async () => {
  expect(await ask('/set')).toMatchObject({ status: 405 })
  expect(await ask('/set', { method: 'POST' })).toEqual({ status: 200, body: 'done' })
})

test('says which paths exist when one does not', async () => {
  expect(JSON.parse((await ask('/nothing')).body)).toMatchObject({ paths: ['/ok', '/set', '/broken'] })
})

test('keeps the reason of a failure out of the answer', async () => {
  const { status, body } = await ask('/broken')
  expect(status).toBe(500)
  expect(body).not.toContain('secret')
})
