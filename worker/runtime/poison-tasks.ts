import { PermanentError } from '@/lib/errors'
import type { Task } from '@/lib/generated/prisma/client'
import type { TaskKind } from '@/lib/tasks/task-kind'
import { workersDiedError } from '@/lib/tasks/reconcile'
import type { RunningTasks } from './running-tasks'

type RetryCounts = Pick<Task, 'deaths' | 'attempts' | 'maxAttempts'>

/** Returns why a claimed task must not run again: it killed its workers or timed out too often. Null if it may. */
export function findExhaustionError(task: RetryCounts, { queue }: TaskKind): PermanentError | null {
  if (task.deaths >= queue.maxDeaths) return new PermanentError(workersDiedError)
  if (task.attempts <= task.maxAttempts) return null
  return new PermanentError({
    code: 'task.out_of_time',
    message: 'The task exceeded its time limit in every attempt.',
    advice: 'Retry when the server is less busy.',
  })
}

/** Whether one more death would end the task. */
const isLastChance = ({ deaths }: Pick<Task, 'deaths'>, { queue }: TaskKind) =>
  deaths > 0 && deaths >= queue.maxDeaths - 1

/**
 * Which task made a worker die is unknown, so every task it held is a suspect. Tasks on their last chance run one at a time: then
 * only the culprit dies again.
 */
export async function isolateSuspect(
  { running, deaths, kind }: { running: RunningTasks; deaths: number; kind: TaskKind },
  work: () => Promise<void>,
) {
  if (!isLastChance({ deaths }, kind)) return work()
  return running.runSuspectAlone(work)
}
