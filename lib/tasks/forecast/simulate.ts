import { type CpuUse, cpuShares } from './cpu-shares'

/** A task as the scheduler sees it. */
export interface ScheduledTask {
  id: string
  queue: string
  /** Of the work that is left, as if nothing else used the CPU. */
  seconds: number
  cpu: CpuUse
  isRunning: boolean
  /** The task that this one is a part of. */
  wholeId: string | null
  /** Whether the task that it is a part of starts with it. */
  startsWhole: boolean
  /** The task that must end first. */
  parentId: string | null
  /** Whether it has no job: it waits for its parts, or for its parent. */
  hasJob: boolean
  /** Until its job is due. */
  delaySeconds: number
}

export interface Schedule {
  /** Tasks that are fetched from the same queue are in the order in which that happens. */
  tasks: readonly ScheduledTask[]
  /** Tasks of a queue that run at once, of all workers. */
  slots: ReadonlyMap<string, number>
  /** Of all workers. */
  cores: number
}

export interface Times {
  /** Seconds until it starts; 0 if it has. */
  start: number
  end: number
}

/** Against rounding: nothing ever stands still. */
const MIN_SHARE = 1e-6

/** Runs that use the CPU in the same way, and so are equally fast. */
interface Group {
  /** Seconds of work that each run has done that was there from the beginning. */
  progress: number
  /** With the progress of the group at which each ends. */
  runs: { task: ScheduledTask; endsAt: number }[]
}

/**
 * Executes a schedule in simulated time, as the workers would: each queue in its order, tasks with parts when all of
 * those have ended, dependents after their parents, and all at the speed that the CPU allows. Tasks that never start, as
 * in a paused queue, are missing from the result.
 */
export function simulateSchedule({ tasks, slots, cores }: Schedule): Map<string, Times> {
  const times = new Map<string, Times>()
  const byId = new Map(tasks.map((task) => [task.id, task]))
  const children = Map.groupBy(
    tasks.filter(({ parentId, hasJob }) => parentId !== null && !hasJob),
    ({ parentId }) => parentId!,
  )
  const parts = Map.groupBy(
    tasks.filter(({ wholeId }) => wholeId !== null),
    ({ wholeId }) => wholeId!,
  )
  const unfinishedParts = new Map([...parts].map(([id, list]) => [id, list.length]))
  const queues = new Map<string, ScheduledTask[]>()
  const enqueue = (task: ScheduledTask) => {
    const queue = queues.get(task.queue)
    if (queue) queue.push(task)
    else queues.set(task.queue, [task])
  }
  const groups = new Map<CpuUse, Group>()
  const busy = new Map<string, number>()
  const delayed: { task: ScheduledTask; at: number }[] = []
  let now = 0

  const start = (task: ScheduledTask) => {
    times.set(task.id, { start: times.get(task.id)?.start ?? now, end: Infinity })
    const whole = task.startsWhole && task.wholeId !== null ? byId.get(task.wholeId) : undefined
    if (whole && !times.has(whole.id)) times.set(whole.id, { start: now, end: Infinity })
    busy.set(task.queue, (busy.get(task.queue) ?? 0) + 1)
    const group = groups.get(task.cpu) ?? { progress: 0, runs: [] }
    groups.set(task.cpu, group)
    group.runs.push({ task, endsAt: group.progress + task.seconds })
  }
  const end = (task: ScheduledTask) => {
    times.get(task.id)!.end = now
    busy.set(task.queue, busy.get(task.queue)! - 1)
    for (const child of children.get(task.id) ?? []) enqueue(child)
    if (task.wholeId === null) return
    const left = (unfinishedParts.get(task.wholeId) ?? 0) - 1
    unfinishedParts.set(task.wholeId, left)
    const whole = byId.get(task.wholeId)
    if (left === 0 && whole) enqueue(whole)
  }
  const fill = () => {
    for (const [queue, waiting] of queues) {
      const free = (slots.get(queue) ?? 0) - (busy.get(queue) ?? 0)
      if (free > 0) for (const task of waiting.splice(0, free)) start(task)
    }
  }

  for (const task of tasks) {
    const isWhole = !task.hasJob && parts.has(task.id)
    if (isWhole && task.isRunning) times.set(task.id, { start: 0, end: Infinity })
    if (isWhole || !task.hasJob) continue
    if (task.isRunning) start(task)
    else if (task.delaySeconds > 0) delayed.push({ task, at: task.delaySeconds })
    else enqueue(task)
  }
  delayed.sort((a, b) => b.at - a.at)
  for (;;) {
    fill()
    const running = [...groups].filter(([, { runs }]) => runs.length > 0)
    if (running.length === 0 && delayed.length === 0) break
    // As many runs of one group are like one that runs as many times as much.
    const shares = cpuShares(
      running.map(([cpu, { runs }]) => ({ ...cpu, presence: runs.length })),
      cores,
    )
    const steps = running.map(([, group], n) => ({
      group,
      share: Math.max(shares[n]!, MIN_SHARE),
      next: group.runs.reduce((first, { endsAt }) => Math.min(first, endsAt), Infinity),
    }))
    const ends = steps.map(({ group, share, next }) => now + Math.max(0, next - group.progress) / share)
    const before = now
    now = Math.min(...ends, delayed.at(-1)?.at ?? Infinity)
    const ended = steps.flatMap(({ group, share, next }, n) => {
      if (ends[n]! > now) {
        group.progress += (now - before) * share
        return []
      }
      group.progress = next
      const over = group.runs.filter(({ endsAt }) => endsAt === next)
      group.runs = group.runs.filter(({ endsAt }) => endsAt !== next)
      return over
    })
    for (const { task } of ended) end(task)
    while (delayed.length > 0 && delayed.at(-1)!.at <= now) enqueue(delayed.pop()!.task)
  }
  return new Map([...times].filter(([, { end: at }]) => Number.isFinite(at)))
}
