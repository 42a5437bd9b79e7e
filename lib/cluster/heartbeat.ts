import { hostname } from 'node:os'
import { runEvery } from '../concurrency/run-every'
import type { Db } from '../database/db'
import { log } from '../log'
import type { Storage } from '../storage/storage'
import { checkStorage, type StorageCheck } from '../storage/check-storage'
import { setClockOffset } from './database-clock'
import { measureClockOffset } from './clock-offset'
import { readHostLoad } from './host-load'
import { PROCESS_ID } from './process-id'
import { findForeignStorage } from './queries'
import { ownRelease } from './release'
import type { ProcessRole } from './schema'

const HEARTBEAT_INTERVAL_MS = 5_000
/** Requests to an object storage cost money. */
const STORAGE_CHECK_INTERVAL_MS = 15_000

/** What a process reports about itself beside what every process measures. */
interface ProcessReport {
  /** Why a worker cannot process files. */
  problem?: string | null
  warning?: string | null
  /** The queues that it takes now. */
  queues: string[]
  drainReason: string | null
  videoEncoder?: string
  /** Why it does not encode with the configured encoder. */
  encoderProblem?: string | null
  /** Titles of the speech models that it has. */
  speechModels?: string[]
}

interface Options {
  db: Db
  storage: Storage
  role: ProcessRole
  /** Called before each heartbeat with what it measured. */
  report(storage: StorageCheck): Promise<ProcessReport> | ProcessReport
}

/** Records every 5 s that this process lives, what it does and how its computer is. */
export function startHeartbeat({ db, storage: files, role, report }: Options) {
  let storage: StorageCheck = { id: null, problem: null }
  let checkedAt = -Infinity
  const beat = async () => {
    if (storage.problem || performance.now() - checkedAt > STORAGE_CHECK_INTERVAL_MS) {
      storage = await checkStorage(db, files)
      checkedAt = performance.now()
    }
    const storageProblem = storage.problem ?? (await findForeignStorage(db, storage.id))
    const {
      problem = null,
      warning = null,
      queues,
      drainReason,
      videoEncoder = null,
      encoderProblem = null,
      speechModels = [],
    } = await report({ ...storage, problem: storageProblem })
    const clockOffsetMs = await measureClockOffset(db)
    setClockOffset(clockOffsetMs)
    const { load, cpus, memoryTotalBytes, memoryUsedBytes, rssBytes } = readHostLoad()
    await db.$executeRaw`
      INSERT INTO worker_beat (id, "seenAt", problem, warning, hostname, pid, role, version, "schemaLevel", queues,
        "drainReason", "storageId", "storageProblem", "videoEncoder", "encoderProblem", "speechModels", "clockOffsetMs", load, cpus, "memoryTotalBytes", "memoryUsedBytes",
        "rssBytes")
      VALUES (${PROCESS_ID}, now(), ${problem}, ${warning}, ${hostname()}, ${process.pid}, ${role}, ${ownRelease.version},
        ${ownRelease.migrations.at(-1)}, ${queues}, ${drainReason}, ${storage.id}, ${storageProblem}, ${videoEncoder}, ${encoderProblem}, ${speechModels}, ${clockOffsetMs},
        ${load}, ${cpus}, ${memoryTotalBytes}, ${memoryUsedBytes}, ${rssBytes})
      ON CONFLICT (id) DO UPDATE SET "seenAt" = now(), queues = EXCLUDED.queues, "drainReason" = EXCLUDED."drainReason",
        "storageId" = EXCLUDED."storageId", "storageProblem" = EXCLUDED."storageProblem",
        "videoEncoder" = EXCLUDED."videoEncoder", "encoderProblem" = EXCLUDED."encoderProblem",
        "speechModels" = EXCLUDED."speechModels", "clockOffsetMs" = EXCLUDED."clockOffsetMs", load = EXCLUDED.load, "memoryUsedBytes" = EXCLUDED."memoryUsedBytes",
        "rssBytes" = EXCLUDED."rssBytes"`
    await db.$executeRaw`DELETE FROM worker_beat WHERE "seenAt" < now() - interval '1 day'`
  }
  const stop = runEvery({
    work: beat,
    pauseMs: HEARTBEAT_INTERVAL_MS,
    failureMessage: 'could not record the heartbeat',
  })
  return {
    /** Reports a change at once. */
    beat,
    /** Stops, and removes this process from the list of processes. */
    async stop() {
      await stop()
      await db.$executeRaw`DELETE FROM worker_beat WHERE id = ${PROCESS_ID}`.catch((error: unknown) =>
        log.warn({ err: error }, 'could not remove the heartbeat'),
      )
    },
  }
}
