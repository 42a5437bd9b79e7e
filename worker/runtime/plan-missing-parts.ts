import type { PartPlan } from '@/lib/tasks/parts'
import type { PartsOutcome, TaskRun } from './handler'

/** Returns those of the planned parts of a task that are not done. */
export async function planMissingParts(
  { taskId, context }: Pick<TaskRun<unknown>, 'taskId' | 'context'>,
  all: PartPlan[],
): Promise<PartsOutcome> {
  const done = await context.db.task.findMany({
    where: { partOfId: taskId, state: 'done' },
    select: { kind: true, payload: true },
  })
  const isDone = ({ kind, payload }: PartPlan) =>
    done.some((part) => part.kind === kind.name && isEqualPayload(part.payload, payload))
  return {
    parts: all.filter((part) => !isDone(part)),
    totalWeight: all.reduce((sum, { weight }) => sum + weight, 0),
  }
}

const isEqualPayload = (a: unknown, b: object) =>
  Object.entries(b).every(([key, value]) => (a as Record<string, unknown>)[key] === value)
