import { readFileSync } from 'node:fs'
import { findRecognizers } from '@/tests/support/find-recognizer'

const MEMORY_INTERVAL_MS = 500

/** Watches the memory of the recognizers with files in `scratchDir`, which are processes of their own. */
export function watchMemory(scratchDir: string) {
  let peakBytes = 0
  let totalPeakBytes = 0
  const timer = setInterval(() => {
    let total = 0
    for (const pid of findRecognizers(scratchDir)) {
      const status = readStatus(pid)
      const readBytes = (name: string) =>
        1024 * Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1] ?? 0)
      peakBytes = Math.max(peakBytes, readBytes('VmHWM'))
      total += readBytes('VmRSS')
    }
    totalPeakBytes = Math.max(totalPeakBytes, total)
  }, MEMORY_INTERVAL_MS)
  return {
    stop() {
      clearInterval(timer)
      return { peakBytes, totalPeakBytes }
    },
  }
}

function readStatus(pid: number) {
  try {
    return readFileSync(`/proc/${pid}/status`, 'utf8')
  } catch {
    // The process has ended.
    return ''
  }
}
