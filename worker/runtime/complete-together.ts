import { Batcher } from '@/lib/concurrency/batcher'
import type { Db } from '@/lib/database/db'
import type { Task } from '@/lib/generated/prisma/client'
import { log } from '@/lib/log'
import { hasBatchableEnd } from '@/lib/tasks/notify-task-end'
import type { WorkerContext } from '../context'
import { type Completion, writeCompletions } from './write-completions'

const MAX_BATCH_SIZE = 64

type Context = Pick<WorkerContext, 'db' | 'boss'>

const batchers = new WeakMap<Db, Batcher<Completion, boolean>>()

/**
 * Completes a run together with others that end at the same time, in one transaction (decision 0082). @returns false if
 * nothing was written, because it must be completed alone
 */
export async function completeTogether(context: Context, completion: Completion): Promise<boolean> {
  const { task, outcome } = completion
  if (outcome.store || task.partOfId) return false
  const result = (outcome.result ?? {}) as Task['result']
  if (!hasBatchableEnd({ ...task, state: 'done', result })) return false
  const batcher = batchers.get(context.db) ?? createBatcher(context)
  batchers.set(context.db, batcher)
  return batcher.add(completion)
}

/**
 * The batches wait for no lock while they hold others, so they cannot deadlock: a task that a cancellation has locked is
 * left out. If one fails the transaction, none is completed.
 */
const createBatcher = ({ db, boss }: Context) =>
  new Batcher(
    async (completions: readonly Completion[]) => {
      try {
        const written = await db.$transaction((tx) =>
          writeCompletions(tx, boss, completions, { skipsLocked: true }),
        )
        return completions.map(({ task }) => written.has(task.id))
      } catch (error) {
        log.warn({ err: error, tasks: completions.length }, 'could not complete tasks together')
        return completions.map(() => false)
      }
    },
    { maxSize: MAX_BATCH_SIZE },
  )
