import type { Db, Tx } from '../../database/db'
import type { Task } from '../../generated/prisma/client'
import type { CpuUse } from './cpu-shares'

/** The columns of a task that determine the size of its work. */
export type SizedTask = Pick<Task, 'id' | 'kind' | 'payload' | 'subjectId' | 'weight'>

/** How the duration of the tasks of a kind is predicted. */
export interface KindForecast {
  /**
   * Returns the sizes of tasks by id, in any unit: twice the size takes about twice as long. A task whose size is not
   * known yet is missing.
   */
  readSizes(db: Db | Tx, tasks: readonly SizedTask[]): Promise<ReadonlyMap<string, number>>
  /** Names of kinds that do the same work learn from each other. Default: the name of the kind. */
  pool?: string
  /** How its programs use the CPU. */
  cpu: CpuUse
  /** Whether `progress` is the part of the work that is done, rather than that of the steps. */
  hasSteadyProgress: boolean
}
