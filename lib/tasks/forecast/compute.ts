import { type CpuUse, cpuShares } from './cpu-shares'
import {
  type Durations,
  predictDurations,
  type Range,
  type RunSample,
  type SizedRun,
  summarize,
} from './predict'
import { remainingSeconds } from './remaining'
import { type ScheduledTask, simulateSchedule } from './simulate'
import type { Estimate } from './smooth'

/** An unfinished task. */
export interface UnfinishedTask extends Omit<ScheduledTask, 'seconds' | 'cpu'> {
  kind: string
  subjectId: string | null
  /** Null while it is unknown. */
  size: number | null
  /** 0 to 1. */
  progress: number
  /** How long its current run takes so far; 0 while it waits. */
  elapsedSeconds: number
  /** How long it took until that progress was reported. */
  progressAtSeconds: number
  /** By queue, how many other runs there were meanwhile on average. */
  others: Readonly<Record<string, number>>
}

/** How runs of a kind are predicted. */
interface KindTraits {
  /** Kinds of the same pool learn from each other. */
  pool: string
  cpu: CpuUse
  hasSteadyProgress: boolean
}

export interface Situation {
  /** In the order in which the tasks of each queue are fetched. */
  tasks: readonly UnfinishedTask[]
  /** Newest first. */
  samples: readonly RunSample[]
  traits: ReadonlyMap<string, KindTraits>
  slots: ReadonlyMap<string, number>
  cores: number
}

/** Progress from which a running task is a sample for others like it. */
const MIN_SAMPLE_PROGRESS = 0.1
/** Of a run of unknown duration that nothing else depends on. */
const UNKNOWN_SECONDS = 0.3

/**
 * Estimates when each unfinished task will end: the remaining time of what runs, by its progress and by what was learned,
 * and the duration of what waits, executed in the order of the scheduler. Omits tasks about which too little is known.
 */
export function computeEstimates(situation: Situation): Map<string, Estimate> {
  const remaining = predictRemaining(situation)
  const unknown = findUnknown(situation.tasks, remaining)
  const simulate = (key: keyof Range) => {
    const tasks = situation.tasks.map((task) => ({
      ...task,
      cpu: situation.traits.get(task.kind)!.cpu,
      seconds: remaining.get(task.id)?.[key] ?? UNKNOWN_SECONDS,
    }))
    return simulateSchedule({ ...situation, tasks })
  }
  const [low, point, high] = [simulate('low'), simulate('point'), simulate('high')]
  const estimates = new Map<string, Estimate>()
  for (const [id, { start, end }] of point) {
    if (unknown.has(id)) continue
    const ends = [low.get(id)?.end ?? end, end, high.get(id)?.end ?? end]
    // The order of fetched tasks may differ between the simulations.
    estimates.set(id, { start, end: { low: Math.min(...ends), point: end, high: Math.max(...ends) } })
  }
  return estimates
}

/** The speed of a run beside `others`, as a share of its speed alone. */
export function speedBeside(
  { kind, others }: { kind: string; others: Readonly<Record<string, number>> },
  { traits, cores }: Pick<Situation, 'traits' | 'cores'>,
) {
  const own = traits.get(kind)
  if (!own) return 1
  const uses = Object.entries(others).flatMap(([queue, presence]) => {
    const cpu = traits.get(queue)?.cpu
    return cpu ? [{ ...cpu, presence }] : []
  })
  return cpuShares([own.cpu, ...uses], cores)[0]!
}

function predictRemaining(situation: Situation) {
  const { tasks, traits } = situation
  const running = tasks.filter((task) => task.isRunning && task.size !== null && task.elapsedSeconds > 0)
  const speeds = new Map(
    running.map((task) => [task.id, speedBeside({ kind: task.kind, others: task.others }, situation)]),
  )
  const current = running.flatMap((task): RunSample[] => {
    if (!traits.get(task.kind)!.hasSteadyProgress || task.progress < MIN_SAMPLE_PROGRESS) return []
    const { kind, subjectId, size } = task
    return [
      {
        kind,
        subjectId,
        size: size!,
        seconds: (speeds.get(task.id)! * task.progressAtSeconds) / task.progress,
      },
    ]
  })
  const samples = [...current, ...situation.samples]
  const pools = Map.groupBy(samples, ({ kind }) => traits.get(kind)?.pool)
  const subjects = new Set(samples.map(({ subjectId }) => subjectId))
  const predict = (run: SizedRun) => predictDurations(pools.get(traits.get(run.kind)!.pool) ?? [], run)
  const predictWaiting = createSummaries(predict)
  const remaining = new Map<string, Range>()
  for (const task of tasks) {
    const { size } = task
    const { hasSteadyProgress } = traits.get(task.kind)!
    const range = task.isRunning
      ? remainingSeconds({
          durations: size === null ? [] : predict({ ...task, size }),
          elapsedSeconds: (speeds.get(task.id) ?? 0) * task.elapsedSeconds,
          progressAtSeconds: (speeds.get(task.id) ?? 0) * task.progressAtSeconds,
          progress: hasSteadyProgress ? task.progress : null,
        })
      : size !== null &&
        predictWaiting({ ...task, size, subjectId: subjects.has(task.subjectId) ? task.subjectId : null })
    if (range) remaining.set(task.id, range)
  }
  return remaining
}

/** Sizes that differ by less than a factor of e^SIZE_STEP are predicted by the same samples. */
const SIZE_STEP = 0.05
const MIN_SIZE = 1e-6

/** Returns a function that predicts how long a run takes. Thousands of waiting tasks are predicted by a few calculations. */
function createSummaries(predict: (run: SizedRun) => Durations) {
  const summaries = new Map<string, Range | null>()
  return ({ kind, subjectId, size }: SizedRun): Range | null => {
    const step = Math.round(Math.log(Math.max(size, MIN_SIZE)) / SIZE_STEP)
    const usualSize = Math.exp(step * SIZE_STEP)
    const key = `${kind} ${subjectId} ${step}`
    if (!summaries.has(key)) summaries.set(key, summarize(predict({ kind, subjectId, size: usualSize })))
    const summary = summaries.get(key)
    const scale = size / usualSize
    return summary
      ? { low: summary.low * scale, point: summary.point * scale, high: summary.high * scale }
      : null
  }
}

/** The tasks that take or wait for an unknown time. */
function findUnknown(tasks: readonly UnfinishedTask[], remaining: ReadonlyMap<string, Range>) {
  const unknown = new Set<string>()
  const wholeIds = new Set(tasks.flatMap(({ wholeId }) => wholeId ?? []))
  for (const task of tasks) {
    if (remaining.has(task.id)) continue
    if (task.wholeId !== null && task.startsWhole) unknown.add(task.wholeId)
    // The run after the last part is short.
    if (!wholeIds.has(task.id)) unknown.add(task.id)
  }
  // One that is not divided into its parts yet is as unknown as they are.
  for (const task of tasks) if (task.parentId !== null && unknown.has(task.parentId)) unknown.add(task.id)
  return unknown
}
