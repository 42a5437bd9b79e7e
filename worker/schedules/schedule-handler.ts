import type { WorkerContext } from '../context'

export interface ScheduleOutcome {
  /** Result for display to administrators. */
  summary: string
  /** Passed to the next run. */
  memory?: object
}

/** Runs one schedule. `memory` is that of the previous outcome. */
export type ScheduleHandler = (context: WorkerContext, memory: unknown) => Promise<ScheduleOutcome>
