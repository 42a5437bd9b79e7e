import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { createReadStream, mkdtempSync, rmSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import type { VideoDto } from '@/lib/videos/schema'
import { generateLongClip } from './generate-clips'
import { median, type Measurement, measureMs } from './measurement'

const execFileAsync = promisify(execFile)
const ROUNDS = 3
const SECONDS = 300
const PART_SECONDS = 10
const LINK_BYTES_PER_SECOND = 50e6
const POLL_MS = 10
const CONSTANT_RATE = '-b:v 17M -minrate 17M -maxrate 17M -bufsize 17M'
const RECORDER = `-c:v libvpx -deadline realtime -cpu-used 8 ${CONSTANT_RATE} -c:a libopus`

interface Server {
  url: string
  key: string
}

/**
 * Uploads a file of five minutes over a link of 50 MB/s: how much of it has been sent when its first picture can be played,
 * and how long it cannot after the last byte.
 */
export async function benchmarkPlayableWhileUploading(server: Server): Promise<Measurement[]> {
  const dir = mkdtempSync(path.join(tmpdir(), 'meanwhile-bench-'))
  try {
    const camera = `-c:v libx264 -preset ultrafast ${CONSTANT_RATE} -x264-params nal-hrd=cbr -c:a aac`
    const clips = [
      ['H.264 and AAC in MP4', await generateClip(dir, { encode: camera, name: 'camera.mp4' })],
      ['MPEG-4 and AAC in Matroska', await generateLongClip(dir, { seconds: SECONDS, isWebSafe: false })],
      ['VP8 and Opus in WebM', await generateClip(dir, { encode: RECORDER, name: 'recorder.webm' })],
      ['H.264 and AAC in MPEG-TS', await generateClip(dir, { encode: camera, name: 'stream.ts' })],
    ] as const
    const rows: Measurement[] = []
    for (const [name, file] of clips) {
      const rounds: Awaited<ReturnType<typeof uploadAndWatch>>[] = []
      for (let round = 0; round < ROUNDS; round++) rounds.push(await uploadAndWatch(server, file))
      const megabytes = (await stat(file)).size / 1e6
      const value = (of: (round: (typeof rounds)[number]) => number) => median(rounds.map(of))
      rows.push(
        {
          name: `while uploading, ${name} (${megabytes.toFixed(0)} MB): sent at the first picture`,
          value: value(({ sentShare }) => 100 * sentShare),
          unit: '%',
          aim: '≤ 10',
        },
        {
          name: '… first byte → first picture',
          value: value(({ firstPictureMs }) => firstPictureMs),
          unit: 'ms',
        },
        {
          name: '… last byte → playable',
          value: value(({ waitMs }) => waitMs),
          unit: 'ms',
          aim: '0, still playable',
        },
        { name: '… last byte → inspected', value: value(({ inspectedMs }) => inspectedMs), unit: 'ms' },
      )
    }
    return rows
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

/** 1080p at the rate at which phones record it; MP4 with its index at the start. Repeats a part, which is generated fast. */
async function generateClip(dir: string, { encode, name }: { encode: string; name: string }) {
  const part = path.join(dir, `part${path.extname(name)}`)
  const file = path.join(dir, name)
  const sources = `-f lavfi -i testsrc2=s=1920x1080:r=25:d=${PART_SECONDS} -f lavfi -i sine=f=440:r=48000:d=${PART_SECONDS}`
  const ffmpeg = (args: string) => execFileAsync('ffmpeg', ['-v', 'error', '-y', ...args.split(' ')])
  await ffmpeg(`${sources} ${encode} -pix_fmt yuv420p -g 50 ${part}`)
  const loops = SECONDS / PART_SECONDS - 1
  await ffmpeg(`-stream_loop ${loops} -i ${part} -c copy -movflags +faststart ${file}`)
  return file
}

async function uploadAndWatch({ url, key }: Server, file: string) {
  const headers = { authorization: `Bearer ${key}`, 'tus-resumable': '1.0.0' }
  const { size } = await stat(file)
  const created = await fetch(`${url}/api/uploads`, {
    method: 'POST',
    headers: {
      ...headers,
      'upload-length': String(size),
      'upload-metadata': `filename ${btoa(path.basename(file))}`,
    },
  })
  const location = created.headers.get('location')!
  const videoUrl = `${url}/api/v1/videos/${location.split('/').at(-1)}`
  const read = async () => {
    const response = await fetch(videoUrl, { headers })
    return response.ok ? ((await response.json()) as VideoDto) : null
  }
  const startedAt = performance.now()
  let sentBytes = 0
  const patch = request(new URL(location, url), {
    method: 'PATCH',
    headers: {
      ...headers,
      'upload-offset': '0',
      'content-type': 'application/offset+octet-stream',
      'content-length': size,
    },
  })
  const paced = async function* () {
    for await (const chunk of createReadStream(file, { highWaterMark: 2 ** 20 }) as AsyncIterable<Buffer>) {
      const dueMs = (sentBytes / LINK_BYTES_PER_SECOND) * 1_000
      await delay(Math.max(0, startedAt + dueMs - performance.now()))
      yield chunk
      sentBytes += chunk.length
    }
  }
  const sending = Promise.all([
    once(patch, 'response'),
    pipeline(Readable.from(paced(), { highWaterMark: 1 }), patch),
  ])
  let isSent = false
  void sending.then(() => (isSent = true))
  while (!isSent && !(await read())?.isPlayable) await delay(POLL_MS)
  const firstPicture = { sentShare: sentBytes / size, firstPictureMs: performance.now() - startedAt }
  await sending
  const sentAt = performance.now()
  // It may be replaced at the inspection.
  let waitMs = 0
  for (;;) {
    let video: VideoDto | null = null
    const pollMs = await measureMs(async () => {
      video = await read()
      await delay(POLL_MS)
    })
    const { isPlayable, durationSeconds } = video! as VideoDto
    if (!isPlayable) waitMs += pollMs
    else if (durationSeconds !== null) break
  }
  const inspectedMs = performance.now() - sentAt
  await fetch(videoUrl, { method: 'DELETE', headers })
  return { ...firstPicture, waitMs, inspectedMs }
}
