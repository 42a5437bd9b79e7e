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
  let running: { task: ScheduledTask; left: number }[] = []
  let delayed: { task: ScheduledTask; at: number }[] = []
  let now = 0

  const start = (task: ScheduledTask) => {
    times.set(task.id, { start: times.get(task.id)?.start ?? now, end: Infinity })
    const whole = task.startsWhole && task.wholeId !== null ? byId.get(task.wholeId) : undefined
    if (whole && !times.has(whole.id)) times.set(whole.id, { start: now, end: Infinity })
    running.push({ task, left: task.seconds })
  }
  const end = (task: ScheduledTask) => {
    times.get(task.id)!.end = now
    for (const child of children.get(task.id) ?? []) enqueue(child)
    if (task.wholeId === null) return
    const left = (unfinishedParts.get(task.wholeId) ?? 0) - 1
    unfinishedParts.set(task.wholeId, left)
    const whole = byId.get(task.wholeId)
    if (left === 0 && whole) enqueue(whole)
  }
  const fill = () => {
    const busy = new Map<string, number>()
    for (const { task } of running) busy.set(task.queue, (busy.get(task.queue) ?? 0) + 1)
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
  for (;;) {
    fill()
    if (running.length === 0 && delayed.length === 0) break
    const shares = cpuShares(
      running.map(({ task }) => task.cpu),
      cores,
    )
    const ends = running.map(({ left }, n) => now + left / Math.max(shares[n]!, 1e-6))
    const next = Math.min(...ends, ...delayed.map(({ at }) => at))
    const passed = next - now
    now = next
    const ended = running.filter((_, n) => ends[n]! <= next)
    running = running
      .map(({ task, left }, n) => ({ task, left: left - passed * shares[n]! }))
      .filter((_, n) => ends[n]! > next)
    for (const { task } of ended) end(task)
    for (const { task } of delayed.filter(({ at }) => at <= next)) enqueue(task)
    delayed = delayed.filter(({ at }) => at > next)
  }
  return new Map([...times].filter(([, { end: at }]) => Number.isFinite(at)))
}
