import { isDatabaseUnavailable } from '@/lib/database/database-unavailable'
import type { Db } from '@/lib/database/db'
import { Prisma } from '@/lib/generated/prisma/client'
import { type StoredMessage, findStoredMessage } from '@/lib/i18n/stored-message'
import { type Claim, updateClaimedTask } from './claim'
import type { ProgressReport } from './handler'

const WRITE_INTERVAL_MS = 500

/** A report with the message of its stage. */
interface WrittenReport extends ProgressReport {
  stageSource?: StoredMessage
}

interface Options {
  db: Db
  claim: Claim
  /** Called with each written report. */
  onWritten?(report: WrittenReport): Promise<void>
  onError(error: unknown): void
}

/** Writes the newest report at most twice per second. Passes errors, such as ClaimLost, to `onError`. */
export function createProgressWriter(options: Options) {
  let pending: WrittenReport | null = null
  let timer: NodeJS.Timeout | undefined
  let writing: Promise<void> = Promise.resolve()
  let lastWriteAt = -WRITE_INTERVAL_MS

  const flush = () => {
    timer = undefined
    const report = pending
    if (!report) return writing
    pending = null
    lastWriteAt = performance.now()
    writing = writing
      .then(() =>
        updateClaimedTask(options.db, options.claim, {
          ...report,
          ...(report.stage && { stageSource: report.stageSource ?? Prisma.DbNull }),
          detail: report.detail as Prisma.InputJsonValue,
        }),
      )
      .then(() => options.onWritten?.(report))
      .catch((error: unknown) => {
        // While the database restarts, reports are lost; the next one replaces them.
        if (!isDatabaseUnavailable(error)) options.onError(error)
      })
    return writing
  }

  return {
    report(report: ProgressReport) {
      const { stage } = report
      // Reports with an earlier stage keep its source.
      pending = { ...pending, ...report, ...(stage && { stageSource: findStoredMessage(stage) }) }
      timer ??= setTimeout(
        () => void flush(),
        Math.max(0, lastWriteAt + WRITE_INTERVAL_MS - performance.now()),
      )
    },
    /** Drops the pending report and waits for a write in progress. */
    async stop() {
      clearTimeout(timer)
      pending = null
      await writing
    },
  }
}
