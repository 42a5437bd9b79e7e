import type { MeanwhileClient } from '../client/client'
import { CliError } from './exit-codes'

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i

/** Finds a machine by its id or its name. @throws {CliError} unless there is one. @throws {ApiError} */
export async function findMachine(client: MeanwhileClient, nameOrId: string, signal: AbortSignal) {
  if (UUID.test(nameOrId))
    return client.request('GET /api/v1/machines/{id}', { params: { id: nameOrId }, signal })
  const { machines } = await client.request('GET /api/v1/machines', { query: { search: nameOrId }, signal })
  const [machine, ...others] = machines.filter(({ name }) => name === nameOrId)
  if (!machine) throw new CliError(`You have no machine named ${nameOrId}.`)
  if (others.length === 0) return machine
  const ids = [machine, ...others].map(({ id }) => id).join(' ')
  throw new CliError(`You have several machines named ${nameOrId}. Use an id: ${ids}`)
}
