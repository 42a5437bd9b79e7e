import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { VideoDto } from '@/lib/videos/schema'
import { generateLongClip } from './generate-clips'
import { sendFile } from './send-file'
import { median, type Measurement, quantile } from './measurement'

const ROUNDS = 7
/** Of a file that takes minutes to upload. */
const LONG_ROUNDS = 3
const CLIPS = [
  { name: 'web-safe, 20 s', seconds: 20, isWebSafe: true },
  { name: 'web-safe, 5 min', seconds: 300, isWebSafe: true },
  { name: 'needs transcoding, 20 s', seconds: 20, isWebSafe: false },
  { name: 'needs transcoding, 5 min', seconds: 300, isWebSafe: false },
] as const
/** 6.4 GB. */
const LONG_CLIP = { name: 'needs transcoding, 60 min', seconds: 3600, isWebSafe: false }
const AIMS = {
  webSafe: { p50: '≤ 400', p95: undefined },
  encoded: { p50: '≤ 1500', p95: '≤ 2500' },
}

interface Server {
  url: string
  key: string
}

/** Time from the response to an upload, sent after its last byte, until its master playlist lists a playable segment. */
export const benchmarkFirstPlayable = (server: Server) =>
  measureClips(server, { clips: CLIPS, rounds: ROUNDS })

/** The same, of an hour. */
export const benchmarkFirstPlayableOfAnHour = (server: Server) =>
  measureClips(server, { clips: [LONG_CLIP], rounds: LONG_ROUNDS })

interface Options {
  clips: readonly { name: string; seconds: number; isWebSafe: boolean }[]
  rounds: number
}

async function measureClips({ url, key }: Server, { clips, rounds }: Options): Promise<Measurement[]> {
  const dir = mkdtempSync(path.join(tmpdir(), 'meanwhile-bench-'))
  const headers = { authorization: `Bearer ${key}` }
  const rows: Measurement[] = []
  try {
    for (const { name, ...clip } of clips) {
      const file = await generateLongClip(dir, clip)
      const times: number[] = []
      for (let round = 0; round < rounds; round++) {
        const upload = `${url}/api/v1/videos?filename=${path.basename(file)}`
        const { video } = (await sendFile(upload, file, {
          method: 'POST',
          headers: { ...headers, 'content-length': statSync(file).size },
        })) as { video: VideoDto }
        const startedAt = performance.now()
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
