// Makes the one bundled file of the image: dist/agwcp.js, which needs only the proto folder and package.json beside it.
import { chmodSync } from 'node:fs'
import { build } from 'esbuild'

const outfile = 'dist/agwcp.js'
await build({
  entryPoints: ['src/main.ts'],
  outfile,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node24',
  sourcemap: true,
  legalComments: 'linked',
  // Some dependencies are CommonJS and ask for `require`, which a module does not have by itself.
  banner: {
    js: "import { createRequire as agwcpCreateRequire } from 'node:module'; const require = agwcpCreateRequire(import.meta.url);",
  },
})
chmodSync(outfile, 0o755)
