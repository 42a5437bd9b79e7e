import type { TaskDto } from '@/lib/tasks/schema'
import { median, type Measurement, quantile } from './measurement'

/** What was published about a task at one moment. */
interface Statement extends Pick<TaskDto, 'etaSeconds' | 'etaRangeSeconds'> {
  /** Milliseconds since 1970. */
  at: number
}

export interface Job {
  /** As it ended. */
  task: TaskDto
  statements: Statement[]
}

/** Parts of the time from the creation of a task to its end. */
const MOMENTS = [0.1, 0.5, 0.9]
/** Estimates are updated every second, so none can be more exact. */
const RESOLUTION_SECONDS = 1

/** Compares what was published about jobs with what happened. */
export function summarizeJobs(jobs: readonly Job[]): Measurement[] {
  const checked = jobs.flatMap((job) => MOMENTS.map((moment) => ({ moment, ...check(job, moment) })))
  const known = checked.flatMap((one) => (one.error === null ? [] : [{ ...one, error: one.error }]))
  const percent = (list: readonly unknown[], all: readonly unknown[]) => (100 * list.length) / all.length
  const medianAt = (moment: number): Measurement => ({
    name: `error at ${100 * moment} %, median`,
    value: 100 * median(known.filter((one) => one.moment === moment).map(({ error }) => error)),
    unit: '%',
  })
  const errors = known.map(({ error }) => error)
  return [
    { name: 'moments with an estimate', value: percent(known, checked), unit: '%' },
    { name: 'error of the time left, median', value: 100 * median(errors), unit: '%', aim: '≤ 20' },
    { name: 'error of the time left, p90', value: 100 * quantile(errors, 0.9), unit: '%' },
    ...MOMENTS.map(medianAt),
    {
      name: 'ranges that contained the truth',
      value: percent(
        known.filter(({ isInRange }) => isInRange),
        known,
      ),
      unit: '%',
    },
    {
      name: 'longest growth of a value',
      value: Math.max(...jobs.map(({ statements }) => longestGrowth(statements).seconds)),
      unit: 's',
      aim: '≤ 10',
    },
    {
      name: 'largest growth of a value',
      value: Math.max(...jobs.map(({ statements }) => longestGrowth(statements).rise)),
      unit: 's',
    },
  ]
}

/** The relative error of what was published last at a moment; null if nothing was. */
function check({ task, statements }: Job, moment: number) {
  const [createdAt, endedAt] = [Date.parse(task.createdAt), Date.parse(task.finishedAt!)]
  const at = createdAt + moment * (endedAt - createdAt)
  const statement = statements.findLast((one) => one.at <= at)
  if (!statement || statement.etaSeconds === null) return { error: null, isInRange: false }
  const truth = (endedAt - statement.at) / 1_000
  const { low, high } = statement.etaRangeSeconds ?? { low: Infinity, high: -Infinity }
  return {
    error: Math.abs(statement.etaSeconds - truth) / Math.max(RESOLUTION_SECONDS, truth),
    isInRange: low - RESOLUTION_SECONDS <= truth && truth <= high + RESOLUTION_SECONDS,
  }
}

/** How long the value grew without a pause, and by how much. */
function longestGrowth(statements: readonly Statement[]) {
  let longest = { seconds: 0, rise: 0 }
  let start: Statement | null = null
  for (const [n, statement] of statements.entries()) {
    const before = statements[n - 1]
    const isGrowing =
      before?.etaSeconds != null && statement.etaSeconds !== null && statement.etaSeconds > before.etaSeconds
    if (!isGrowing) {
      start = statement
      continue
    }
    start ??= before
    longest = {
      seconds: Math.max(longest.seconds, (statement.at - start.at) / 1_000),
      rise: Math.max(longest.rise, statement.etaSeconds! - start.etaSeconds!),
    }
  }
  return longest
}
