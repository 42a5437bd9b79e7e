import type { MeanwhileClient } from '../client/client'
import type { CliContext } from './command'
import { EXIT } from './exit-codes'
import { followTask } from './follow-task'
import { ProgressBoard } from './progress-board'
import { describeFailure, printTaskEvent, showTask } from './task-progress'

interface Options {
  client: MeanwhileClient
  taskId: string
  /** What the task works on, for the user. */
  label: string
  /** What `meanwhile wait` takes to return to it. */
  id: string
}

/** Shows a task until it has ended. Returns the exit code. */
export async function waitForTask(context: CliContext, { client, taskId, label, id }: Options) {
  const { output, signal } = context
  const board = new ProgressBoard(output)
  context.onInterrupt(`The server continues. Return to it with:\n  meanwhile wait ${id}`)
  try {
    const onChange = (task: Parameters<typeof showTask>[2]) => {
      printTaskEvent(output, task)
      showTask(board, label, task)
    }
    const task = await followTask({ client, taskId, signal, onChange })
    if (task.state === 'done') return EXIT.ok
    board.finish(taskId, () => output.note(`${label}: ${describeFailure(task)}`))
    return EXIT.failed
  } finally {
    board.close()
  }
}
