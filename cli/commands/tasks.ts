import type { Operations, Task } from '../../client/operations'
import { type Command, type CliContext, textFlag } from '../command'
import { describeFlags } from '../describe-flags'
import { describeFailure } from '../task-progress'

type TaskQuery = NonNullable<Operations['GET /api/v1/tasks']['query']>

export const taskCommands: Record<string, Command> = {
  'tasks list': {
    ...describeFlags({ state: 'STATE', kind: 'KIND', search: 'TEXT', limit: 'N' }),
    summary: 'List tasks, the newest first',
    minArguments: 0,
    maxArguments: 0,
    async run({ output, connect, signal }, input) {
      const client = await connect()
      const limit = textFlag(input, 'limit')
      const query: TaskQuery = {
        // The server refuses any other.
        state: textFlag(input, 'state') as TaskQuery['state'],
        kind: textFlag(input, 'kind'),
        search: textFlag(input, 'search'),
        limit: limit === undefined ? undefined : Number(limit),
      }
      const { tasks } = await client.request('GET /api/v1/tasks', { query, signal })
      output.table(tasks, ['ID', 'STATE', 'DONE', 'WHAT'], tasks.map(toRow))
    },
  },
  'tasks get': {
    usage: 'ID',
    summary: 'Print a task as JSON',
    minArguments: 1,
    maxArguments: 1,
    async run({ output, connect, signal }, { args: [id] }) {
      const client = await connect()
      const task = await client.request('GET /api/v1/tasks/{id}', { params: { id: id! }, signal })
      output.result(task, ...JSON.stringify(task, null, 2).split('\n'))
    },
  },
  'tasks cancel': {
    usage: 'ID',
    summary: 'Cancel a task',
    minArguments: 1,
    maxArguments: 1,
    run: (context, { args: [id] }) => changeTask(context, 'POST /api/v1/tasks/{id}/cancel', id!),
  },
  'tasks retry': {
    usage: 'ID',
    summary: 'Retry a task that failed or was canceled',
    minArguments: 1,
    maxArguments: 1,
    run: (context, { args: [id] }) => changeTask(context, 'POST /api/v1/tasks/{id}/retry', id!),
  },
}

const toRow = (task: Task) => [
  task.id,
  task.state,
  `${Math.floor(task.progress * 100)} %`,
  task.state === 'failed' ? `${task.label}: ${describeFailure(task)}` : task.label,
]

async function changeTask(
  { output, connect, signal }: CliContext,
  operation: 'POST /api/v1/tasks/{id}/cancel' | 'POST /api/v1/tasks/{id}/retry',
  id: string,
) {
  const client = await connect()
  const task = await client.request(operation, { params: { id }, signal })
  output.result(task, `${task.label}: ${task.state}`)
}
