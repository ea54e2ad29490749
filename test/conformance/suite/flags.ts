// What the conformance suite is told: which class it is to try, which features to demand of it, and who is to stand in its
// report. Decides nothing about clusters; ../run.ts asks the class and starts the suite.

/** The profiles that all of our features belong to. */
export const PROFILES = ['GATEWAY-HTTP', 'GATEWAY-GRPC', 'GATEWAY-TLS', 'GATEWAY-TCP'] as const

/** What is run. */
export interface SuiteRun {
  readonly gatewayClass: string
  readonly profiles: readonly string[]
  /** What the class claims in its status. */
  readonly claimed: readonly string[]
  readonly exempt: readonly string[]
  readonly skippedTests: readonly string[]
  /** One test only. Of such a run no report is kept. */
  readonly onlyTest: string | undefined
  /** Addresses that the cluster can give to a Gateway, and that it cannot; claims about static addresses need both. */
  readonly addresses: { readonly usable: string | undefined; readonly unusable: string | undefined }
  /** Path of the report. */
  readonly report: string
  readonly implementation: Implementation
  /** Leaves namespaces and backends for a look at them. */
  readonly isKept: boolean
}

/** Whom the report is about; the suite wants every field. */
export interface Implementation {
  readonly organization: string
  readonly project: string
  readonly url: string
  readonly version: string
  readonly contact: string
}

const STATIC_ADDRESSES = 'GatewayStaticAddresses'

/** Claimed features that this run cannot try for want of addresses. */
export function untriable({ claimed, exempt, addresses }: SuiteRun): readonly string[] {
  const canTry = addresses.usable !== undefined && addresses.unusable !== undefined
  return canTry ? [] : claimed.filter((feature) => feature === STATIC_ADDRESSES && !exempt.includes(feature))
}

/** The suite's flags. */
export function suiteFlags(run: SuiteRun): readonly string[] {
  const { gatewayClass, profiles, claimed, exempt, skippedTests, onlyTest, addresses, report, isKept } = run
  const left = new Set([...exempt, ...untriable(run)])
  const tried = claimed.filter((feature) => !left.has(feature))
  // Left to itself the suite asks the class, and its report says so; it does not when it is told anything about features.
  const isAsked = tried.length === claimed.length && onlyTest === undefined
  const flags: Readonly<Record<string, string | undefined>> = {
    'gateway-class': gatewayClass,
    'conformance-profiles': profiles.join(),
    'supported-features': isAsked ? undefined : tried.join(),
    'skip-tests': skippedTests.join() || undefined,
    'run-test': onlyTest,
    'usable-address': addresses.usable,
    'unusable-address': addresses.unusable,
    'cleanup-base-resources': isKept ? 'false' : undefined,
    ...(onlyTest === undefined ? { ...run.implementation, 'report-output': report } : {}),
  }
  return Object.entries(flags).flatMap(([flag, value]) => (value === undefined ? [] : [`-${flag}=${value}`]))
}

/** Which tests ended how, read from the output of `go test -v`; parts of tests do not count. */
export class Tally {
  readonly passed: string[] = []
  readonly failed: string[] = []
  readonly skipped: string[] = []

  /** Reads one line. */
  read(line: string): void {
    const [, verdict, name] = /^ {4}--- (PASS|FAIL|SKIP): TestConformance\/(\S+) /.exec(line) ?? []
    if (name === undefined) return
    if (verdict === 'PASS') this.passed.push(name)
    else if (verdict === 'FAIL') this.failed.push(name)
    else this.skipped.push(name)
  }
}
