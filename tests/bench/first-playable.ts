import { openAsBlob, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { VideoDto } from '@/lib/videos/schema'
import { generateLongClip } from './generate-clips'
import { median, type Measurement, quantile } from './measurement'

const ROUNDS = 7
/** Of files that take long to upload. */
const LONG_ROUNDS = 3
const LONG_SECONDS = 3600
const CLIPS = [
  { name: 'web-safe, 20 s', seconds: 20, isWebSafe: true },
  { name: 'web-safe, 5 min', seconds: 300, isWebSafe: true },
  { name: 'needs transcoding, 20 s', seconds: 20, isWebSafe: false },
  { name: 'needs transcoding, 5 min', seconds: 300, isWebSafe: false },
  { name: 'needs transcoding, 60 min', seconds: LONG_SECONDS, isWebSafe: false },
] as const
const AIMS = {
  webSafe: { p50: '≤ 400', p95: undefined },
  encoded: { p50: '≤ 1500', p95: '≤ 2500' },
}

/** Time from the response to an upload, sent after its last byte, until its master playlist lists a playable segment. */
export async function benchmarkFirstPlayable({
  url,
  key,
}: {
  url: string
  key: string
}): Promise<Measurement[]> {
  const dir = mkdtempSync(path.join(tmpdir(), 'meanwhile-bench-'))
  const headers = { authorization: `Bearer ${key}` }
  const rows: Measurement[] = []
  try {
    for (const { name, ...clip } of CLIPS) {
      const file = await generateLongClip(dir, clip)
      const times: number[] = []
      const rounds = clip.seconds < LONG_SECONDS ? ROUNDS : LONG_ROUNDS
      for (let round = 0; round < rounds; round++) {
        const body = await openAsBlob(file)
        const upload = `${url}/api/v1/videos?filename=${path.basename(file)}`
        const response = await fetch(upload, { method: 'POST', headers, body })
        const startedAt = performance.now()
        const { video } = (await response.json()) as { video: VideoDto }
        const videoUrl = `${url}/api/v1/videos/${video.id}`
        while (!((await (await fetch(videoUrl, { headers })).json()) as VideoDto).isPlayable) await delay(10)
        times.push(performance.now() - startedAt)
        await fetch(videoUrl, { method: 'DELETE', headers })
      }
      const aims = clip.isWebSafe ? AIMS.webSafe : AIMS.encoded
      rows.push(
        { name: `last byte → playable, ${name}`, value: median(times), unit: 'ms', aim: aims.p50 },
        { name: '… p95', value: quantile(times, 0.95), unit: 'ms', aim: aims.p95 },
      )
    }
    return rows
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}
