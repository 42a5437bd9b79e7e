import { openAsBlob, readFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { CuesDto } from '@/lib/captions/schema'
import type { TaskDto } from '@/lib/tasks/schema'
import type { VideoDto } from '@/lib/videos/schema'
import { startApp } from '@/tests/support/app'
import { findRecognizers } from '@/tests/support/find-recognizer'
import { installSpeechModels } from '@/tests/support/speech-model'

const POLL_INTERVAL_MS = 20
const TIMEOUT_MS = 60 * 60_000
const MEMORY_INTERVAL_MS = 500

interface AppRun {
  /** From the response to the upload to the first cue in the API. */
  firstCueSeconds: number
  /** From the start of the transcription to its end. */
  seconds: number
  /** Of one recognizer. */
  peakBytes: number
  /** Of all recognizers together. */
  totalPeakBytes: number
  transcript: string
}

/** Uploads a file to the whole app, started for it with Whisper base, and waits for its captions. */
export async function transcribeInApp(
  file: string,
  { env = {}, stopAtFirstCue = false }: { env?: Record<string, string>; stopAtFirstCue?: boolean } = {},
): Promise<AppRun> {
  const app = await startApp({ LOG_LEVEL: 'warn', CAPTIONS: 'whisper', MACHINES: 'off', ...env })
  try {
    installSpeechModels(app.dataDir)
    const user = await app.createUser('bench@example.com', { isAdmin: true })
    const body = await openAsBlob(file)
    const upload = `/api/v1/videos?filename=${path.basename(file)}`
    const { video } = await user.fetchJson<{ video: VideoDto }>(upload, { method: 'POST', body })
    const uploadedAt = performance.now()
    const memory = watchMemory(path.join(app.dataDir, 'scratch'))
    let firstCueSeconds = 0
    for (;;) {
      if (performance.now() - uploadedAt > TIMEOUT_MS) throw new Error('no captions within the timeout')
      const { captions } = await user.fetchJson<VideoDto>(`/api/v1/videos/${video.id}`)
      const [track] = captions
      if (track && track.cueCount > 0) firstCueSeconds ||= (performance.now() - uploadedAt) / 1000
      const isOver = track?.state === 'done' || (stopAtFirstCue && firstCueSeconds > 0)
      if (track?.state === 'failed') throw new Error(`the transcription failed: ${track.error?.message}`)
      if (!isOver) {
        await delay(firstCueSeconds > 0 ? 25 * POLL_INTERVAL_MS : POLL_INTERVAL_MS)
        continue
      }
      const task = await user.fetchJson<TaskDto>(`/api/v1/tasks/${track!.taskId}`)
      const { cues } = await user.fetchJson<CuesDto>(track!.urls.cues)
      return {
        firstCueSeconds,
        seconds: (Date.parse(task.finishedAt ?? '') - Date.parse(task.startedAt ?? '')) / 1000,
        ...memory.stop(),
        transcript: cues.map(({ text }) => text).join(' '),
      }
    }
  } finally {
    await app.stop()
  }
}

/** Watches the memory of the recognizers, which are processes of their own. */
function watchMemory(scratchDir: string) {
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
