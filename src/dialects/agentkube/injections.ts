// Phrases by which texts try to override what a model was told. A heuristic: whoever means harm finds other words, and the
// list has a version so that a status can say which one is in force.

/** Version of the list. */
export const INJECTIONS_VERSION = 'v1'

/** Regular expressions, without regard to case. */
export const injections: readonly string[] = [
  '(?i)\\b(ignore|disregard|forget|override)\\s+(all\\s+|any\\s+)?(of\\s+)?(the\\s+|your\\s+|my\\s+)?(previous|prior|above|earlier|preceding|system)\\s+(instructions?|prompts?|rules?|messages?|context)',
  '(?i)\\b(reveal|show|print|repeat|output)\\s+(me\\s+)?(the\\s+|your\\s+)?(hidden\\s+|initial\\s+|original\\s+)?system\\s+(prompt|message|instructions?)',
  '(?i)\\byou\\s+are\\s+now\\s+(in\\s+)?(DAN|developer\\s+mode|jailbroken|unrestricted)\\b',
  '(?i)\\b(enable|enter|activate)\\s+(developer|jailbreak|god)\\s+mode\\b',
  '(?i)\\bpretend\\s+(that\\s+)?(you\\s+(have|are)|there\\s+are)\\s+no\\s+(restrictions?|rules?|guidelines?|filters?)',
  '(?i)\\bdo\\s+anything\\s+now\\b',
]
