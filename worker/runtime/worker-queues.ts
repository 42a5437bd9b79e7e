import { ConfigError, exitOnConfigError } from '@/lib/config/errors'
import type { TaskKind } from '@/lib/tasks/task-kind'

/**
 * Selects the kinds that WORKER_QUEUES names: all kinds if it only excludes some.
 * @throws {ConfigError} if it names an unknown kind or domain, nothing remains, or it separates kinds that share a queue
 */
export function selectKinds(kinds: readonly TaskKind[], names: readonly string[]): readonly TaskKind[] {
  const entries = names.map((entry) => ({
    name: entry.replace(/^-/, ''),
    isExcluded: entry.startsWith('-'),
  }))
  const unknown = entries.filter(({ name }) => !kinds.some((kind) => isNamed(kind, name)))
  if (unknown.length > 0)
    throw invalid(
      `${unknown.map(({ name }) => name).join(', ')}: not a domain or kind of task. Known are ${listNames(kinds)}`,
    )
  const matches = (kind: TaskKind, isExcluded: boolean) =>
    entries.some((entry) => entry.isExcluded === isExcluded && isNamed(kind, entry.name))
  const takesAll = entries.every(({ isExcluded }) => isExcluded)
  const selected = kinds.filter((kind) => (takesAll || matches(kind, false)) && !matches(kind, true))
  if (selected.length === 0) throw invalid('excludes every kind of task')
  requireWholeHostQueues(kinds, selected)
  return selected
}

/** As `selectKinds`. Exits the process instead of throwing. */
export function selectKindsOrExit(kinds: readonly TaskKind[], names: readonly string[]) {
  try {
    return selectKinds(kinds, names)
  } catch (error) {
    return exitOnConfigError(error)
  }
}

/** A host takes all kinds of its machines, whose order matters, or none. */
function requireWholeHostQueues(kinds: readonly TaskKind[], selected: readonly TaskKind[]) {
  const onHosts = kinds.filter(({ queue }) => queue.hostQueue)
  const taken = onHosts.filter((kind) => selected.includes(kind))
  if (taken.length === 0 || taken.length === onHosts.length) return
  throw invalid(`${taken[0]!.name} cannot be taken without the other kinds of ${domainOf(taken[0]!)}`)
}

const domainOf = ({ name }: TaskKind) => name.split('.')[0]!

/** `machine` and `machines` are the same. A kind names its parts, too. */
const isNamed = (kind: TaskKind, name: string) =>
  [kind.name, kind.partOf, domainOf(kind), `${domainOf(kind)}s`, kind.group].includes(name)

const listNames = (kinds: readonly TaskKind[]) =>
  [
    ...new Set(kinds.flatMap((kind) => [domainOf(kind), kind.group ?? []].flat())),
    ...kinds.map(({ name }) => name),
  ].join(', ')

const invalid = (message: string) => new ConfigError({ issues: [{ path: ['WORKER_QUEUES'], message }] })
