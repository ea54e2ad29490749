// Which names Kubernetes accepts: subdomains, labels, qualified names, label values. Each check returns sentences as the
// API server words them; none means that the name is fine.

const SUBDOMAIN = '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*'
const LABEL_1123 = '[a-z0-9]([-a-z0-9]*[a-z0-9])?'
const LABEL_1035 = '[a-z]([-a-z0-9]*[a-z0-9])?'
const QUALIFIED = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]'
const LABEL_VALUE = `(${QUALIFIED})?`

function example(sentence: string, pattern: string, ...examples: readonly string[]): string {
  const shown = examples.map((each) => `'${each}', `).join(' or ')
  return `${sentence} (e.g. ${shown}regex used for validation is '${pattern}')`
}

function check(name: string, pattern: string, sentence: string): readonly string[] {
  return new RegExp(`^(?:${pattern})$`).test(name) ? [] : [sentence]
}

function atMost(name: string, limit: number, unit: 'characters' | 'bytes'): readonly string[] {
  const size = unit === 'bytes' ? new TextEncoder().encode(name).length : name.length
  return size > limit ? [`must be no more than ${limit} ${unit}`] : []
}

/** `a.b-c`. */
export function checkDns1123Subdomain(name: string): readonly string[] {
  const sentence = example(
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character",
    SUBDOMAIN,
    'example.com',
  )
  return [...atMost(name, 253, 'characters'), ...check(name, SUBDOMAIN, sentence)]
}

/** `a-b`. */
export function checkDns1123Label(name: string): readonly string[] {
  const sentence = example(
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character",
    LABEL_1123,
    'my-name',
    '123-abc',
  )
  return [...atMost(name, 63, 'characters'), ...check(name, LABEL_1123, sentence)]
}

/** `a-b`, beginning with a letter. */
export function checkDns1035Label(name: string): readonly string[] {
  const sentence = example(
    "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character",
    LABEL_1035,
    'my-name',
    'abc-123',
  )
  return [...atMost(name, 63, 'characters'), ...check(name, LABEL_1035, sentence)]
}

/** `Name` or `example.com/Name`, as keys of labels and annotations. */
export function checkQualifiedName(key: string): readonly string[] {
  const parts = key.split('/')
  const kinds = ['MyName', 'my.name', '123-abc']
  const sentence =
    "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character"
  if (parts.length > 2) {
    return [
      `${example(`a valid label key ${sentence}`, QUALIFIED, ...kinds)} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
    ]
  }
  const [prefix, name = ''] = parts.length === 2 ? parts : [undefined, key]
  const problems: string[] = []
  if (prefix === '') problems.push('prefix part must be non-empty')
  else if (prefix !== undefined) problems.push(...checkDns1123Subdomain(prefix).map((each) => `prefix part ${each}`))
  if (name === '') problems.push('name part must be non-empty')
  else problems.push(...atMost(name, 63, 'bytes').map((each) => `name part ${each}`))
  return [...problems, ...check(name, QUALIFIED, example(`name part ${sentence}`, QUALIFIED, ...kinds))]
}

/** The value of a label. */
export function checkLabelValue(value: string): readonly string[] {
  const sentence = example(
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
    LABEL_VALUE,
    'MyValue',
    'my_value',
    '12345',
  )
  return [...atMost(value, 63, 'bytes'), ...check(value, LABEL_VALUE, sentence)]
}
