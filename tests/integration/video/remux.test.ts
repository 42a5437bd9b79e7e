import { createReadStream } from 'node:fs'
import { mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { NO_METADATA } from '@/lib/videos/media-info'
import { readStreams as probeStreams } from '@/worker/video/ffmpeg/ffprobe'
import { readMetadata } from '@/worker/video/ffmpeg/read-metadata'
import { remuxMp4 } from '@/worker/video/ffmpeg/remux-mp4'
import { resolveChapters } from '@/worker/video/ffmpeg/resolve-chapters'
import { generateMedia } from '@/tests/support/generate-media'
import {
  findBeeps,
  findDecodingErrors,
  findFlashes,
  readDecodeSteps,
  readFrames,
  readStreams,
} from '@/tests/support/media-analysis'
import { LadderRun, MEMORY_BYTES } from '@/tests/support/ladder-run'
import { neverAborted } from '@/tests/support/never-aborted'

let root: string
let run: LadderRun
beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'remux-'))
  run = new LadderRun(await generateMedia('clapper.mkv'), root)
  await run.run()
})
afterAll(() => rm(root, { recursive: true, force: true }))

const readRendition = (name: string) => ({
  data: createReadStream(run.renditionPath(name)),
  language: null,
  title: null,
  frameRate: name.startsWith('audio') ? null : 25,
})

const PLAIN = { chapters: [], metadata: NO_METADATA }

describe('an MP4 remuxed from segments', () => {
  it.each(['360p', 'source'])(
    'of %s starts at zero, in sync, with its index first, and is not re-encoded',
    async (name) => {
      const fileName = `download-${name}.mp4`
      const outputDir = await mkdtemp(path.join(root, 'out-'))
      const streams = [name, 'audio-0'].map(readRendition)
      await remuxMp4({
        ...PLAIN,
        streams,
        outputDir,
        fileName,
        signal: neverAborted,
        memoryBytes: MEMORY_BYTES,
      })
      const file = path.join(outputDir, fileName)

      expect(await findDecodingErrors(file)).toBe('')
      const [video, audio] = await readStreams(file)
      expect(video).toMatchObject({ codec_name: 'h264', start_time: '0.000000', avg_frame_rate: '25/1' })
      expect(Math.abs(Number(audio!.start_time))).toBeLessThan(0.03)
      expect(Number(video!.duration)).toBeCloseTo(9, 3)
      expect(await readFrames(file)).toHaveLength((await readFrames(run.renditionPath(name))).length)
      const steps = await readDecodeSteps(file)
      expect(Math.max(...steps)).toBeCloseTo(0.04, 3)
      expect(Math.min(...steps)).toBeCloseTo(0.04, 3)
      const beepTimes = await findBeeps(file)
      const flashTimes = await findFlashes(file)
      expect(flashTimes).toHaveLength(9)
      flashTimes.forEach((at, n) => {
        expect(Math.abs(at - n)).toBeLessThan(0.04)
        expect(Math.abs(at - beepTimes[n]!)).toBeLessThan(0.04)
      })
      expect(await readFirstBoxes(file)).toEqual(['ftyp', 'moov'])
    },
  )

  it('has only a video stream if there is no audio', async () => {
    await remuxMp4({
      ...PLAIN,
      streams: [readRendition('360p')],
      outputDir: root,
      fileName: 'mute.mp4',
      signal: neverAborted,
      memoryBytes: MEMORY_BYTES,
    })
    expect(await readStreams(path.join(root, 'mute.mp4'))).toHaveLength(1)
  })

  it('names the languages and titles of its tracks', async () => {
    const tracks = [
      { language: 'pt-BR', title: 'Brasil' },
      { language: 'yue', title: null },
      { language: null, title: null },
    ]
    await remuxMp4({
      ...PLAIN,
      streams: tracks.map((track) => ({ ...readRendition('audio-0'), ...track })),
      outputDir: root,
      fileName: 'languages.mp4',
      signal: neverAborted,
      memoryBytes: MEMORY_BYTES,
    })
    const streams = await readStreams(path.join(root, 'languages.mp4'))
    expect(streams.map(({ tags }) => tags)).toMatchObject([
      { language: 'por', handler_name: 'Brasil' },
      { language: 'yue' },
      { language: 'und' },
    ])
  })

  it('has the chapters and the metadata', async () => {
    const metadata = {
      title: String.raw`a = b; #1 \ "c"`,
      artist: '[CHAPTER]',
      album: 'é 🎬',
      date: '2024-02-29',
      description: 'x'.repeat(1_000),
    }
    const chapters = [
      { startSeconds: 1, endSeconds: 4.5, title: 'START=7; [CHAPTER]' },
      { startSeconds: 4.5, endSeconds: 9, title: '🎬 <b>' },
    ]
    await remuxMp4({
      streams: ['360p', 'audio-0'].map(readRendition),
      chapters,
      metadata,
      outputDir: root,
      fileName: 'chapters.mp4',
      signal: neverAborted,
      memoryBytes: MEMORY_BYTES,
    })
    const file = path.join(root, 'chapters.mp4')
    const probed = await probeStreams({ path: file, signal: neverAborted, memoryBytes: MEMORY_BYTES })
    expect(readMetadata(probed)).toEqual(metadata)
    const [gap, ...stored] = resolveChapters(probed, 9)
    expect(gap).toEqual({ startSeconds: 0, endSeconds: 1, title: 'Chapter 1' })
    expect(stored).toEqual(chapters)
    expect((await readFrames(file)).length).toBe((await readFrames(run.renditionPath('360p'))).length)
  })

  it('stops when the signal aborts', async () => {
    const reason = new Error('enough')
    const remuxing = remuxMp4({
      ...PLAIN,
      streams: [readRendition('360p')],
      outputDir: root,
      fileName: 'stopped.mp4',
      signal: AbortSignal.abort(reason),
      memoryBytes: MEMORY_BYTES,
    })
    await expect(remuxing).rejects.toBe(reason)
  })
})

async function readFirstBoxes(file: string) {
  const handle = await open(file)
  const head = Buffer.alloc(64)
  await handle.read(head, 0, 64, 0)
  await handle.close()
  const second = head.readUInt32BE(0)
  return [head.toString('latin1', 4, 8), head.toString('latin1', second + 4, second + 8)]
}
