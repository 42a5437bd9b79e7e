import type { WorkerContext } from '../context'
import type { ScheduleResult } from '@/lib/schedules/describe-result'

export interface ScheduleOutcome {
  /** Result in English, for the log and versions that know no other. */
  summary: string
  /** What the page shows instead of `summary`. */
  done?: ScheduleResult
  /** Passed to the next run. */
  memory?: object
}

/** Runs one schedule. `memory` is that of the previous outcome. */
export type ScheduleHandler = (context: WorkerContext, memory: unknown) => Promise<ScheduleOutcome>
