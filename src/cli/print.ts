// How commands print: aligned tables and lines for people, JSON and YAML for programs.
import { dump } from 'js-yaml'
import type { ReportedProblem } from '../sources/source.ts'

/** Prints a value as JSON or YAML on standard output. */
export function print(value: unknown, format: string): void {
  process.stdout.write(
    format === 'yaml' ? dump(value, { noRefs: true, lineWidth: 120 }) : `${JSON.stringify(value, null, 2)}\n`,
  )
}

/** Columns padded to their widest cell, two spaces apart. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => (row[column] ?? '').length)))
  return [head, ...rows]
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

/** One problem on one line, as compilers print them. */
export function problemLine({ severity, object, file, line, path, message }: ReportedProblem): string {
  const place = file === '' ? '' : `${file}:${line}: `
  return `${severity === 'error' ? '✗' : '!'} ${place}${severity}: ${[object, path, message].filter((part) => part !== '').join(': ')}`
}
