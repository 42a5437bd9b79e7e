import path from 'node:path'
import type { PgBoss } from 'pg-boss'
import { type Config, config } from '@/lib/config/config'
import { databaseUrl, type Db, openDb } from '@/lib/database/db'
import { readInstallationId } from '@/lib/machines/installation-id'
import { openStorage } from '@/lib/storage/configured-storage'
import type { Storage } from '@/lib/storage/storage'
import { openBoss } from '@/lib/tasks/boss'
import { chooseHypervisor } from './machines/drivers/choose-hypervisor'
import { loadHostId, LocalMachineHost } from './machines/host/local-machine-host'
import { chooseMailer } from './mail/choose-mailer'
import type { Mailer } from './mail/mailer'
import { withFileLock } from './process/file-lock'
import { scratchDirName } from './runtime/scratch'
import { createEncoderProbe, type EncoderProbe } from './video/encoders/encoder-probe'

/** Dependencies of the handlers. Only this file chooses implementations. */
export interface WorkerContext {
  config: Config
  db: Db
  boss: PgBoss
  storage: Storage
  /** Directory for temporary files of running tasks. */
  scratchDir: string
  /** The machine host of this worker; unset if it takes no tasks of machines. */
  host?: LocalMachineHost
  /** Unset in tests that send no mail. */
  mailer?: Mailer
  /** The encoder of H.264 of this computer. Unset: software. */
  encoders?: EncoderProbe
}

/** A task waits so long for a storage that is away, like for the database, before it is postponed. */
const STORAGE_PATIENCE_MS = 2 * 60_000

export async function openContext({ takesMachines }: { takesMachines: boolean }): Promise<WorkerContext> {
  const { DATA_DIR, DATABASE_CONNECTIONS } = config()
  const url = databaseUrl()
  const boss = openBoss({ url, supervise: true, schedule: true, poolSize: 10 })
  await boss.start()
  const db = openDb({ url, poolSize: DATABASE_CONNECTIONS })
  return {
    config: config(),
    db,
    boss,
    storage: await openStorage(config(), { patienceMs: STORAGE_PATIENCE_MS, withLock: withFileLock }),
    scratchDir: path.join(DATA_DIR, 'scratch', scratchDirName()),
    host: takesMachines ? await openHost(db) : undefined,
    mailer: chooseMailer(config(), db),
    encoders: createEncoderProbe(config().VIDEO_ENCODER),
  }
}

async function openHost(db: Db) {
  const hostId = await loadHostId(config().DATA_DIR)
  const installationId = await readInstallationId(db)
  const hypervisor = await chooseHypervisor(config(), { hostId, installationId })
  return hypervisor && new LocalMachineHost(hostId, hypervisor)
}
