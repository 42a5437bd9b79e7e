import { PermanentError } from '@/lib/errors'
import type { Task } from '@/lib/generated/prisma/client'
import type { TaskKind } from '@/lib/tasks/task-kind'
import { workersDiedError } from '@/lib/tasks/reconcile'
import type { RunningTasks } from './running-tasks'
import * as messages from '@/lib/generated/messages/worker-errors'

type RetryCounts = Pick<Task, 'deaths' | 'attempts' | 'maxAttempts'>

/** Returns why a claimed task must not run again: too many deaths or timeouts. Null if it may run. */
export function findExhaustionError(task: RetryCounts, { queue }: TaskKind): PermanentError | null {
  if (task.deaths >= queue.maxDeaths) return new PermanentError(workersDiedError())
  if (task.attempts <= task.maxAttempts) return null
  return new PermanentError({
    code: 'task.out_of_time',
    message: messages.outOfTime(),
    advice: messages.outOfTimeAdvice(),
  })
}

/** Whether one more death would fail the task. */
const isLastChance = ({ deaths }: Pick<Task, 'deaths'>, { queue }: TaskKind) =>
  deaths > 0 && deaths >= queue.maxDeaths - 1

/**
 * Runs suspects on their last chance one at a time, so that only the culprit fails. Which task killed a worker is
 * unknown, so every task that was running in it is a suspect.
 */
export async function isolateSuspect(
  { running, deaths, kind }: { running: RunningTasks; deaths: number; kind: TaskKind },
  work: () => Promise<void>,
) {
  if (!isLastChance({ deaths }, kind)) return work()
  return running.runSuspectAlone(work)
}
