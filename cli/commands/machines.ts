import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { MeanwhileClient } from '../../client/client'
import type { Machine, Operations } from '../../client/operations'
import { type CliContext, type Command, type CommandInput, textFlag } from '../command'
import { describeFlags } from '../describe-flags'
import { EXIT, usageError } from '../exit-codes'
import { findMachine } from '../find-machine'
import { waitForTask } from '../wait-for-task'

type MachineBody = Operations['POST /api/v1/machines']['body']

export const machineCommands: Record<string, Command> = {
  'machines order': {
    usage:
      '[--name NAME] [--image IMAGE] [--size SIZE] [--network none|outbound] [--ttl MINUTES] [--user-data FILE] [--ssh-key FILE] [--no-wait]',
    summary: 'Create a machine and wait until it is running',
    options: {
      name: { type: 'string' },
      image: { type: 'string' },
      size: { type: 'string' },
      network: { type: 'string' },
      ttl: { type: 'string' },
      'user-data': { type: 'string' },
      'ssh-key': { type: 'string' },
      'no-wait': { type: 'boolean' },
    },
    minArguments: 0,
    maxArguments: 0,
    async run(context, input) {
      const client = await context.connect()
      const body = await readOrder(input)
      const { machine, task } = await client.request('POST /api/v1/machines', {
        body,
        // One order, also if a proxy repeats the request.
        headers: { 'idempotency-key': randomUUID() },
        signal: context.signal,
      })
      if (input.flags['no-wait']) return printMachine(context, machine)
      const exitCode = await waitForTask(context, {
        client,
        taskId: task.id,
        label: machine.name,
        id: machine.id,
      })
      if (exitCode === EXIT.ok) printMachine(context, await findMachine(client, machine.id, context.signal))
      return exitCode
    },
  },
  'machines list': {
    ...describeFlags({ state: 'STATE' }),
    summary: 'List machines, the newest first',
    minArguments: 0,
    maxArguments: 0,
    async run({ output, connect, signal }, input) {
      const client = await connect()
      const query = { state: textFlag(input, 'state') as Machine['state'] | undefined }
      const { machines } = await client.request('GET /api/v1/machines', { query, signal })
      const rows = machines.map(({ id, state, size, image, name }) => [id, state, size.name, image, name])
      output.table(machines, ['ID', 'STATE', 'SIZE', 'IMAGE', 'NAME'], rows)
    },
  },
  'machines start': actOnMachine('Start a stopped machine', 'POST /api/v1/machines/{id}/start'),
  'machines stop': actOnMachine('Shut down a machine', 'POST /api/v1/machines/{id}/stop'),
  'machines delete': actOnMachine('Terminate a machine, with its disk', 'DELETE /api/v1/machines/{id}'),
}

async function readOrder(input: CommandInput): Promise<MachineBody> {
  const [ttl, userData, sshKey] = ['ttl', 'user-data', 'ssh-key'].map((name) => textFlag(input, name))
  return {
    name: textFlag(input, 'name'),
    image: textFlag(input, 'image'),
    // The server refuses any other.
    size: textFlag(input, 'size') as MachineBody['size'],
    network: textFlag(input, 'network') as MachineBody['network'],
    ttlMinutes: ttl === undefined ? undefined : Number(ttl),
    userData: userData === undefined ? undefined : await readText(userData),
    sshKeys: sshKey === undefined ? undefined : [(await readText(sshKey)).trim()],
  }
}

const readText = (file: string) =>
  readFile(file, 'utf8').catch(() => {
    throw usageError(`${file} cannot be read.`)
  })

const printMachine = ({ output }: CliContext, machine: Machine) =>
  output.result(machine, `${machine.id}  ${machine.state}  ${machine.name}`)

function actOnMachine(
  summary: string,
  operation:
    | 'POST /api/v1/machines/{id}/start'
    | 'POST /api/v1/machines/{id}/stop'
    | 'DELETE /api/v1/machines/{id}',
): Command {
  return {
    usage: 'MACHINE [--no-wait]',
    summary,
    options: { 'no-wait': { type: 'boolean' } },
    minArguments: 1,
    maxArguments: 1,
    async run(context, { args: [nameOrId], flags }) {
      const client: MeanwhileClient = await context.connect()
      const { id, name } = await findMachine(client, nameOrId!, context.signal)
      const { machine, task } = await client.request(operation, { params: { id }, signal: context.signal })
      if (flags['no-wait'] || !task) return printMachine(context, machine)
      const exitCode = await waitForTask(context, { client, taskId: task.id, label: name, id })
      if (exitCode === EXIT.ok) printMachine(context, await findMachine(client, id, context.signal))
      return exitCode
    },
  }
}
