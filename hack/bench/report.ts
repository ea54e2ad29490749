// What was measured, against what was aimed at: a table for people and one JSON line per row for programs.

/** One figure. */
export interface Row {
  readonly name: string
  readonly value: number
  readonly unit: string
  /** The most it may be; undefined where nothing is aimed at. */
  readonly target?: number
  readonly note?: string
}

/** The value below which this share of the numbers is. */
function quantile(numbers: readonly number[], share: number): number {
  const sorted = numbers.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

/** p50 and p99 as two rows. */
export function quantileRows(
  name: string,
  milliseconds: readonly number[],
  targets: { readonly p50?: number; readonly p99?: number } = {},
): readonly Row[] {
  const note = `${milliseconds.length} samples`
  return ([50, 99] as const).map((percent) => {
    const target = percent === 50 ? targets.p50 : targets.p99
    const value = quantile(milliseconds, percent / 100)
    return { name: `${name}, p${percent}`, value, unit: 'ms', note, ...(target === undefined ? {} : { target }) }
  })
}

/** Prints everything; false when a target was missed. */
export function printRows(rows: readonly Row[]): boolean {
  const text = (value: number): string => (Number.isInteger(value) ? String(value) : value.toFixed(value < 10 ? 2 : 1))
  const cells = rows.map(({ name, value, unit, target, note }) => [
    name,
    `${text(value)} ${unit}`,
    target === undefined ? '' : `≤ ${target} ${unit}`,
    target === undefined ? '' : value <= target ? '✓' : '✗',
    note ?? '',
  ])
  const widths = [0, 1, 2, 3].map((column) => Math.max(...cells.map((row) => (row[column] ?? '').length)))
  for (const row of cells)
    console.log(
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
  for (const row of rows) console.log(JSON.stringify({ ...row, value: Number(row.value.toFixed(3)) }))
  return rows.every(({ value, target }) => target === undefined || value <= target)
}
