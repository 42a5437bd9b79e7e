import { createWriteStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import { createServer, type Server, type Socket } from 'node:net'
import { pipeline } from 'node:stream/promises'
import { waitUntil } from '@/lib/concurrency/wait-until'
import { AppError } from '@/lib/errors'
import { type QmpClient, withQmp } from '../monitor/qmp'
import { guestFileOf, guestFiles } from '../state/machine-files'
import * as messages from '@/lib/generated/messages/machine-driver-errors'

const SAVE_TIMEOUT_MS = 120_000
const POLL_INTERVAL_MS = 10
const SOCKET_NAME = 'memory.sock'

interface SaveOptions {
  folder: string
  /** The folder that QEMU may write to, as QEMU sees it. */
  qemuFolder: string
  to: string
  signal: AbortSignal
}

interface MigrationStatus {
  status?: string
  'error-desc'?: string
}

/**
 * Saves the memory and device state of a machine, which is paused from then on. It must not be paused before, as machines
 * restored from the state would then start paused. QEMU cannot spawn helpers in its sandbox, so it sends the state to
 * a Unix socket in the folder that it may write to.
 * @throws {AppError} machine.not_saved; the signal's reason
 */
export async function saveVmState({ folder, qemuFolder, to, signal }: SaveOptions) {
  const socket = guestFileOf(folder, SOCKET_NAME)
  await rm(socket, { force: true })
  const server = createServer({ pauseOnConnect: true })
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(socket, resolve))
  try {
    const written = receiveVmState({ server, to, signal })
    const saved = withQmp(
      { path: guestFileOf(folder, guestFiles.monitor), timeoutMs: SAVE_TIMEOUT_MS },
      async (qmp) => {
        await qmp.execute('migrate-set-parameters', { 'max-bandwidth': 2 ** 40 })
        await qmp.execute('migrate', { uri: `unix:${qemuFolder}/${SOCKET_NAME}` })
        await waitUntil(() => isMigrationCompleted(qmp), { intervalMs: POLL_INTERVAL_MS, signal })
      },
    )
    await Promise.all([written, saved])
  } finally {
    server.close()
    await rm(socket, { force: true })
  }
}

async function isMigrationCompleted(qmp: QmpClient) {
  const migration = await qmp.execute<MigrationStatus>('query-migrate')
  const { status } = migration
  if (status === 'failed' || status === 'cancelled') throw vmStateNotSaved(migration['error-desc'] ?? status)
  return status === 'completed'
}

async function receiveVmState({ server, to, signal }: { server: Server; to: string; signal: AbortSignal }) {
  const socket = await new Promise<Socket>((resolve, reject) => {
    server.once('connection', resolve)
    server.once('close', () => reject(vmStateNotSaved('QEMU did not connect')))
  })
  await pipeline(socket, createWriteStream(to, { mode: 0o600 }), { signal })
}

const vmStateNotSaved = (reason: string) =>
  new AppError({
    code: 'machine.not_saved',
    message: messages.memoryNotSaved({ reason }),
    status: 503,
  })
