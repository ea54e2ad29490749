// The process's log: JSON lines on standard error, readable lines on a terminal, and levels per component that the
// admin server changes at run time (spec of the Go controller's `/logging`).
import { type Logger, pino } from 'pino'
import pretty from 'pino-pretty'
import type { Answer } from '../admin/server.ts'
import type { Log } from '../core/log.ts'
import type { LogLevel } from '../settings.ts'

/** Loggers by component, with changeable levels. */
export interface Logs {
  component(name: string): Log
  /** Answers the admin server's `/logging`. */
  control(query: URLSearchParams): Answer
}

const LEVELS: readonly string[] = ['trace', 'debug', 'info', 'warn', 'error']

/** Loggers that start at `level`. */
export function createLogs(level: LogLevel): Logs {
  const options = {
    level: 'trace',
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
  }
  const root = process.stderr.isTTY
    ? pino(
        { ...options, formatters: {} },
        pretty({ destination: 2, sync: true, ignore: 'component', messageFormat: '{component}: {msg}' }),
      )
    : pino(options, pino.destination({ dest: 2, sync: true }))
  const components = new Map<string, Logger>()
  const component = (name: string): Logger => {
    const known = components.get(name)
    if (known !== undefined) return known
    const logger = root.child({ component: name })
    logger.level = components.get('default')?.level ?? level
    components.set(name, logger)
    return logger
  }
  component('default')

  const control = (query: URLSearchParams): Answer => {
    const all = query.get('level')
    if (all !== null) {
      if (!LEVELS.includes(all))
        return { status: 400, body: `unknown level ${JSON.stringify(all)}; use ${LEVELS.join(', ')}\n` }
      for (const logger of components.values()) logger.level = all
      return { body: `log level of all components: ${all}\n` }
    }
    const changes = [...query]
    for (const [name, value] of changes) {
      if (!LEVELS.includes(value))
        return { status: 400, body: `unknown level ${JSON.stringify(value)} for ${name}; use ${LEVELS.join(', ')}\n` }
      if (!components.has(name))
        return {
          status: 400,
          body: `unknown component ${JSON.stringify(name)}; known are ${[...components.keys()].join(', ')}\n`,
        }
    }
    for (const [name, value] of changes) component(name).level = value
    const shown = changes.length > 0 ? changes.map(([name]) => name) : [...components.keys()].sort()
    return {
      body: `${['active log levels:', ...shown.map((name) => `${name}: ${component(name).level}`)].join('\n')}\n`,
    }
  }
  return { component, control }
}
