import type { MeanwhileClient } from '../client/client'
import type { Task } from '../client/operations'
import { watchTasks } from '../client/watch-tasks'
import { CliError } from './exit-codes'

const FINAL_STATES = ['done', 'failed', 'canceled']

interface Options {
  client: MeanwhileClient
  taskId: string
  signal: AbortSignal
  onChange(task: Task): void
}

/** Follows a task until it has ended. Returns its final state. @throws {CliError} if it is deleted meanwhile */
export async function followTask({ client, taskId, signal, onChange }: Options) {
  for await (const task of watchTasks(client, { taskId, signal })) {
    onChange(task)
    if (FINAL_STATES.includes(task.state)) return task
  }
  signal.throwIfAborted()
  throw new CliError('It was deleted.')
}
