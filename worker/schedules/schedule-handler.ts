import type { WorkerContext } from '../context'

export interface ScheduleOutcome {
  /** What the run did, shown to administrators. */
  summary: string
  /** Passed to the next run. */
  memory?: object
}

/** Runs one schedule. `memory` is what the previous run returned. */
export type ScheduleHandler = (context: WorkerContext, memory: unknown) => Promise<ScheduleOutcome>
