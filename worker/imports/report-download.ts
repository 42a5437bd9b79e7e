import * as messages from '@/lib/generated/messages/import-tasks'
import type { ImportRun } from './load-import'

/** Before, the speed of a connection says little. */
const MIN_MEASURED_MS = 3_000

interface Options {
  host: string
  offset: number
  /** Null if it is unknown: then there is neither a share nor an estimate. */
  totalBytes: number | null
}

/** Returns a function that reports how much of a file has arrived, by the bytes received. */
export function reportDownload({ report }: Pick<ImportRun, 'report'>, { host, offset, totalBytes }: Options) {
  const startedAt = performance.now()
  return (receivedBytes: number) => {
    const elapsedMs = performance.now() - startedAt
    const bytesPerMs = (receivedBytes - offset) / elapsedMs
    const isMeasured = totalBytes !== null && elapsedMs >= MIN_MEASURED_MS && bytesPerMs > 0
    report({
      stage: messages.downloadingFrom({ host }),
      progress: totalBytes ? receivedBytes / totalBytes : 0,
      etaSeconds: isMeasured ? (totalBytes - receivedBytes) / bytesPerMs / 1000 : null,
      detail: { receivedBytes, totalBytes },
    })
  }
}
