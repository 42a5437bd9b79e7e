import { isDatabaseUnavailable } from '@/lib/database/database-unavailable'
import type { Db } from '@/lib/database/db'
import type { Prisma } from '@/lib/generated/prisma/client'
import { type Claim, updateClaimedTask } from './claim'
import type { ProgressReport } from './handler'

const WRITE_INTERVAL_MS = 500

/** Collects reports and writes the newest at most twice a second. `onRefused` is called once. */
export function createProgressWriter(options: { db: Db; claim: Claim; onRefused: (error: unknown) => void }) {
  let pending: ProgressReport | null = null
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
          detail: report.detail as Prisma.InputJsonValue,
        }),
      )
      .catch((error: unknown) => {
        // The next report tells more than this one.
        if (!isDatabaseUnavailable(error)) options.onRefused(error)
      })
    return writing
  }

  return {
    report(report: ProgressReport) {
      pending = { ...pending, ...report }
      timer ??= setTimeout(
        () => void flush(),
        Math.max(0, lastWriteAt + WRITE_INTERVAL_MS - performance.now()),
      )
    },
    /** Drops what is pending and waits for a write under way. */
    async stop() {
      clearTimeout(timer)
      pending = null
      await writing
    },
  }
}
