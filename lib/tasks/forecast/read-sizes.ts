import type { Db, Tx } from '../../database/db'
import { forecastKinds } from '../registry'
import type { SizedTask } from './kind-forecast'

/** Sizes that are known do not change, and are needed for as long as a task waits. */
const MAX_KNOWN = 20_000
const known = new Map<string, number>()

/** Returns the sizes of tasks of any kinds by id, as far as they are known. */
export async function readSizes(db: Db | Tx, tasks: readonly SizedTask[]) {
  const kinds = forecastKinds()
  const missing = tasks.filter((task) => !known.has(key(task)))
  const readers = Map.groupBy(missing, ({ kind }) => kinds.get(kind)?.forecast.readSizes)
  for (const [read, group] of readers) {
    if (!read) continue
    const byId = new Map(group.map((task) => [task.id, task]))
    for (const [id, size] of await read(db, group)) known.set(key(byId.get(id)!), size)
  }
  if (known.size > MAX_KNOWN) known.clear()
  return new Map(
    tasks.flatMap((task) => {
      const size = known.get(key(task))
      return size === undefined ? [] : [[task.id, size] as const]
    }),
  )
}

/** A task gets parts when it has a weight. */
const key = ({ id, weight }: SizedTask) => `${id} ${weight}`
