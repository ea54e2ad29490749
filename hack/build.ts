// Makes the one bundled file of the image: agwcp.js, which needs only the proto folder and package.json beside its folder.
// Into dist, or into the folder that is named.
import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'

const root = join(import.meta.dirname, '..')
const outfile = join(process.argv[2] ?? join(root, 'dist'), 'agwcp.js')
await build({
  absWorkingDir: root,
  entryPoints: ['src/main.ts'],
  outfile,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node24',
  sourcemap: true,
  // Names stay, for stack traces; the source text stays in memory as long as the program runs.
  minifyWhitespace: true,
  minifySyntax: true,
  legalComments: 'linked',
  // Some dependencies are CommonJS and ask for `require`, which a module does not have by itself.
  banner: {
    js: "import { createRequire as agwcpCreateRequire } from 'node:module'; const require = agwcpCreateRequire(import.meta.url);",
  },
})
chmodSync(outfile, 0o755)
