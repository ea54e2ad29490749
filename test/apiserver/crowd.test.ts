// Ten thousand connections that do nothing, against the real process: how much they cost it, and what a proxy notices.
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { atEnd, endAll, serve, temporaryFolder, until } from '../proxy/lab.ts'
import { FakeProxy } from '../xds/fake-proxy.ts'

const CROWD = 10_000
const MIB = 1024 * 1024

afterAll(endAll)

test('ten thousand idle connections cost little, and a proxy is served at once', async () => {
  const folder = temporaryFolder()
  writeFileSync(
    join(folder, 'gateway.yaml'),
    `
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: gw}
spec: {gatewayClassName: agentgateway, listeners: [{name: http, port: 8080, protocol: HTTP}]}
`,
  )
  const { ports } = await serve(folder)
  const resident = async (): Promise<number> => {
    const text = await (await fetch(`http://127.0.0.1:${ports.metrics}/metrics`)).text()
    return Number(/^process_resident_memory_bytes (\S+)/m.exec(text)?.[1])
  }
  const proxy = new FakeProxy({ port: ports.xds, gateway: 'default/gw' }).connect()
  const late = new FakeProxy({ port: ports.xds, gateway: 'default/gw' })
  const crowd: Socket[] = []
  atEnd(() => {
    for (const each of [proxy, late]) each.disconnect()
    for (const socket of crowd) socket.destroy()
  })
  await until('the proxy is served', () => proxy.readyTypes.size === 2 || undefined)
  const before = await resident()
  // Each begins HTTP/2, so that the server has all of a connection to keep: the preface and empty settings.
  const greeting = Buffer.concat([
    Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
    Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]),
  ])
  while (crowd.length < CROWD) {
    const some = Array.from({ length: 500 }, () =>
      connect(ports.xds, '127.0.0.1')
        .on('error', () => {})
        .resume(),
    )
    crowd.push(...some)
    await Promise.all(some.map((socket) => once(socket, 'connect')))
    for (const socket of some) socket.write(greeting)
  }
  const startedAt = performance.now()
  late.connect()
  await until('a late proxy is served', () => late.readyTypes.size === 2 || undefined)
  const waited = performance.now() - startedAt
  const open = crowd.filter(({ destroyed }) => !destroyed).length
  expect(open).toBeLessThanOrEqual(4000)
  expect(waited).toBeLessThan(5000)
  expect((await resident()) - before).toBeLessThan(200 * MIB)
  expect([proxy.ending, late.ending]).toEqual([undefined, undefined])
})
