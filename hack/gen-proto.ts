// Writes src/wire/gen: TypeScript types of every message in proto/. With --check nothing is written, and a difference
// from what is committed is an error. The options must equal PROTO_OPTIONS, by which messages are encoded.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const target = join(root, 'src/wire/gen')
const isCheck = process.argv.includes('--check')
const out = isCheck ? mkdtempSync(join(tmpdir(), 'agwcp-gen-')) : target

if (!isCheck) rmSync(target, { recursive: true, force: true })
execFileSync(
  process.execPath,
  [
    join(root, 'node_modules/@grpc/proto-loader/build/bin/proto-loader-gen-types.js'),
    ...['--longs=String', '--enums=String', '--oneofs', '--importFileExtension=.ts', '--grpcLib=@grpc/grpc-js'],
    ...['-I', 'proto', '-O', out],
    ...['resource.proto', 'workload.proto', 'discovery.proto'],
  ],
  { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] },
)
const files = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .sort()
// The service definitions at the top import the gRPC library; nothing of ours uses them.
for (const file of [
  'resource.ts',
  'workload.ts',
  'discovery.ts',
  'envoy/service/discovery/v3/AggregatedDiscoveryService.ts',
])
  rmSync(join(out, file), { force: true })
for (const file of files(out)) {
  const text = readFileSync(join(out, file), 'utf8')
  writeFileSync(
    join(out, file),
    text.replace(/^\/\/ Original file: .*\/([a-z/]+\.proto)$/gm, '// Original file: $1').replace(/\n{3,}/g, '\n\n'),
  )
}
if (isCheck) {
  const read = (folder: string, file: string): string => readFileSync(join(folder, file), 'utf8')
  const same =
    files(out).join() === files(target).join() && files(out).every((file) => read(out, file) === read(target, file))
  rmSync(out, { recursive: true })
  if (!same) {
    console.error('src/wire/gen differs from proto/: run `npm run gen` and commit the result')
    process.exitCode = 1
  }
}
