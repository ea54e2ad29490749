// Regular expressions that proxies certainly refuse. Their engine runs in linear time, so it looks neither ahead nor back
// and refers to no group; anything that it might take is left for it to judge.

/** Why proxies refuse the pattern; undefined when they may take it. */
export function regexProblem(pattern: string): string | undefined {
  // An escaped character stands for itself, and within a class nothing opens a group.
  const plain = String(pattern)
    .replace(/\\[^1-9]/g, 'x')
    .replace(/\[(?:\^?\])?[^[\]]*\]/g, 'x')
  if (/[[\]]/.test(plain)) return undefined
  if (/\(\?<?[=!]/.test(plain)) return 'looking ahead or back is not supported'
  if (/\(\?>/.test(plain)) return 'atomic groups are not supported'
  if (/\\[1-9]/.test(plain)) return 'references to groups are not supported'
  return plain.includes('(?') || isBalanced(plain) ? undefined : 'its parentheses do not match'
}

function isBalanced(plain: string): boolean {
  let open = 0
  for (const character of plain) {
    if (character === '(') open++
    if (character === ')' && --open < 0) return false
  }
  return open === 0
}
