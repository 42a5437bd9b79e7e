import { config } from '../config/config'
import { ConfigError, exitOnConfigError } from '../config/errors'
import type { TaskKind } from './task-kind'

/** Exits the process if QUEUE_OPTIONS names a kind that is not among `kinds`. */
export function exitOnUnknownKinds(kinds: readonly TaskKind[]) {
  const known = new Set(kinds.map((kind) => kind.name))
  const unknown = Object.keys(config().QUEUE_OPTIONS).filter((name) => !known.has(name))
  if (unknown.length === 0) return
  exitOnConfigError(
    new ConfigError({
      issues: unknown.map((name) => ({
        path: ['QUEUE_OPTIONS', name],
        message: 'is not a known kind of task',
      })),
    }),
  )
}
