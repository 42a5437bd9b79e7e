import { openAsBlob } from 'node:fs'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { CuesDto } from '@/lib/captions/schema'
import type { TaskDto } from '@/lib/tasks/schema'
import type { VideoDto } from '@/lib/videos/schema'
import { startApp } from '@/tests/support/app'
import { installSmallStandIn, installSpeechModels } from '@/tests/support/speech-model'
import { watchMemory } from './watch-memory'

const POLL_INTERVAL_MS = 20
const TIMEOUT_MS = 60 * 60_000

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

/** Uploads a file to the whole app, started for it with Whisper base or the stand-in for small, and waits for its captions. */
export async function transcribeInApp(
  file: string,
  options: { env?: Record<string, string>; stopAtFirstCue?: boolean; isSmallStandIn?: boolean } = {},
): Promise<AppRun> {
  const { env = {}, stopAtFirstCue = false, isSmallStandIn = false } = options
  const model: Record<string, string> = isSmallStandIn ? { SPEECH_MODEL: 'small' } : {}
  const app = await startApp({ LOG_LEVEL: 'warn', CAPTIONS: 'whisper', MACHINES: 'off', ...model, ...env })
  try {
    installSpeechModels(app.dataDir)
    if (isSmallStandIn) installSmallStandIn(app.dataDir)
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
