import { ApiError, type MeanwhileClient } from '../../client/client'
import type { Command } from '../command'
import { CliError, EXIT } from '../exit-codes'
import { waitForTask } from '../wait-for-task'

export const waitCommand: Command = {
  usage: 'ID',
  summary: 'Follow a task, or the newest task of a video or machine, until it has ended',
  minArguments: 1,
  maxArguments: 1,
  async run(context, { args: [id] }) {
    const client = await context.connect()
    const { taskId, label } = await findTask(client, id!, context.signal)
    const exitCode = await waitForTask(context, { client, taskId, label, id: id! })
    if (exitCode === EXIT.ok && !context.output.isJson) context.output.result(null, `${label}: done`)
    return exitCode
  },
}

/** @throws {CliError} if there is none. @throws {ApiError} */
async function findTask(client: MeanwhileClient, id: string, signal: AbortSignal) {
  const request = { params: { id }, signal }
  const task = await orNull(client.request('GET /api/v1/tasks/{id}', request))
  if (task) return { taskId: task.id, label: task.label }
  const video = await orNull(client.request('GET /api/v1/videos/{id}', request))
  if (video?.taskId) return { taskId: video.taskId, label: video.title }
  const machine = await orNull(client.request('GET /api/v1/machines/{id}', request))
  if (machine?.taskId) return { taskId: machine.taskId, label: machine.name }
  throw new CliError(`There is no task, video or machine ${id}.`)
}

const orNull = <T>(result: Promise<T>) =>
  result.catch((error: unknown) => {
    if (error instanceof ApiError && [400, 404].includes(error.status)) return null
    throw error
  })
