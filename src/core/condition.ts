// Which way a condition is meant: most are good when they are True, some tell of something bad.

const BAD_WHEN_TRUE: ReadonlySet<string> = new Set(['Conflicted', 'PartiallyInvalid'])

/** Whether a condition is as it should be. */
export function isGood({ type, status }: { readonly type: string; readonly status: string }): boolean {
  return BAD_WHEN_TRUE.has(type) ? status !== 'True' : status === 'True'
}
