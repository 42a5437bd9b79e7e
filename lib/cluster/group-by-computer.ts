import type { ProcessDto } from './schema'

/** Groups processes by computer. The load is that of the latest heartbeat of each computer. */
export function groupByComputer(processes: readonly ProcessDto[]) {
  const groups = Map.groupBy(processes, ({ hostname }) => hostname ?? 'unknown')
  return [...groups].map(([name, members]) => ({
    name,
    latest: members.toSorted((a, b) => b.seenAt.localeCompare(a.seenAt))[0]!,
    processes: members,
  }))
}
