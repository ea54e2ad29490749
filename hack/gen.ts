// Runs every generator. With --check nothing may differ from what is committed.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const failed = ['gen-proto.ts', 'gen-crds.ts', 'gen-fields.ts', 'gen-rbac.ts', 'gen-dashboards.ts', 'gen-docs.ts']
  .map((script) => fileURLToPath(new URL(script, import.meta.url)))
  .filter(
    (script) => spawnSync(process.execPath, [script, ...process.argv.slice(2)], { stdio: 'inherit' }).status !== 0,
  )
process.exitCode = failed.length > 0 ? 1 : 0
