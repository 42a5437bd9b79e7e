import { createWriteStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import { createServer, type Server, type Socket } from 'node:net'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import { AppError } from '@/lib/errors'
import { machineFiles } from '../state/machine-folders'
import { withQmp } from '../monitor/qmp'

const SAVE_TIMEOUT_MS = 120_000

/**
 * Saves the memory and devices of a machine, which stands still from then on. It is not stopped before: a
 * copy of it would not run at once. QEMU may start no other program, so it writes to a
 * socket in the machine's folder, at which we read.
 */
export async function saveVmState(given: {
  folder: string
  seenFolder: string
  to: string
  signal: AbortSignal
}) {
  const { folder, seenFolder, to, signal } = given
  const name = 'memory.sock'
  await rm(path.join(folder, name), { force: true })
  const server = createServer({ pauseOnConnect: true })
  await new Promise<void>((resolve, reject) =>
    server.once('error', reject).listen(path.join(folder, name), resolve),
  )
  try {
    const written = receiveVmState(server, to, signal)
    const saved = withQmp(
      path.join(folder, machineFiles.monitor),
      async (qmp) => {
        await qmp.execute('migrate-set-parameters', { 'max-bandwidth': 2 ** 40 })
        await qmp.execute('migrate', { uri: `unix:${seenFolder}/${name}` })
        for (;;) {
          const { status, ...more } = await qmp.execute<{ status?: string; 'error-desc'?: string }>(
            'query-migrate',
          )
          if (status === 'completed') return
          if (status === 'failed' || status === 'cancelled')
            throw vmStateNotSaved(more['error-desc'] ?? status)
          signal.throwIfAborted()
          await new Promise((resolve) => setTimeout(resolve, 10))
        }
      },
      SAVE_TIMEOUT_MS,
    )
    await Promise.all([written, saved])
  } finally {
    server.close()
    await rm(path.join(folder, name), { force: true })
  }
}

async function receiveVmState(server: Server, to: string, signal: AbortSignal) {
  const socket = await new Promise<Socket>((resolve, reject) => {
    server.once('connection', resolve)
    server.once('close', () => reject(vmStateNotSaved('nobody connected')))
  })
  await pipeline(socket, createWriteStream(to, { mode: 0o600 }), { signal })
}

const vmStateNotSaved = (why: string) =>
  new AppError({
    code: 'machine.not_saved',
    message: `The machine's memory could not be saved: ${why}`,
    status: 503,
  })
