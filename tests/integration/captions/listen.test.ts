// Long, because all of it shares one recording, which is spoken and encoded once.

import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { deleteCaption, requestCaptions } from '@/lib/captions/control'
import { editCues } from '@/lib/captions/edit'
import { extractSubtitles } from '@/lib/captions/kinds'
import { enqueueTask } from '@/lib/tasks/enqueue'
import { cancelTask, retryTask } from '@/lib/tasks/control'
import { transcodeVideo } from '@/lib/videos/kinds'
import { useCaptionRoom } from '@/tests/support/caption-room'
import { useDatabase } from '@/tests/support/database'
import { makeMedia } from '@/tests/support/media'
import { processesNaming } from '@/tests/support/processes'
import { ASK, makeSpeech, SUN } from '@/tests/support/speech'

const database = useDatabase()
const room = useCaptionRoom(database)
let speech: string
let silence: string

beforeAll(async () => {
  const said = [
    { text: ASK, atSeconds: 1 },
    { text: SUN, atSeconds: 36 },
  ]
  speech = await makeSpeech(path.join(room.dir, 'speech.mkv'), { said, seconds: 45 })
  silence = await makeSpeech(path.join(room.dir, 'silence.mkv'), { said: [], seconds: 200 })
})
afterEach(async () => {
  room.settings.CAPTIONS = 'pocketsphinx'
  await database.db.video.deleteMany()
})

const target = () => ({ db: database.db, boss: room.boss, ownerId: room.ownerId })
const theTrack = async (videoId: string) => (await room.captionsOf(videoId))[0]!
const listeners = () =>
  processesNaming(path.join(room.dir, 'scratch')).filter(({ command }) => !command.includes('ffmpeg'))

describe('a video in which somebody speaks', () => {
  it('gets captions where it is said, called rough where they are', async () => {
    const videoId = await room.upload(speech)
    await room.deliver()
    const track = await theTrack(videoId)
    expect(track).toMatchObject({
      state: 'done',
      label: 'English (automatic, rough)',
      engine: 'pocketsphinx',
      isLowAccuracy: true,
      note: expect.stringContaining('about half of the words'),
    })
    const cues = await room.cuesOf(track.id)
    expect(cues).toMatchObject([
      { text: expect.stringContaining('what your country can do for you') },
      { text: SUN },
    ])
    expect(Math.abs(cues[0]!.startSeconds - 1.1)).toBeLessThan(0.5)
    expect(Math.abs(cues[1]!.startSeconds - 36.1)).toBeLessThan(0.5)
    expect(cues[1]!.words!.map((word) => word.text).join(' ')).toBe(SUN)
    expect(await room.taskOf(videoId)).toMatchObject({
      state: 'done',
      result: { cues: 2, engine: 'pocketsphinx' },
    })
  })

  it('stops at once when canceled, without stopping what is made beside it, and goes on where it was', async () => {
    const videoId = await room.upload(speech)
    const task = await room.taskOf(videoId)
    const delivered = room.deliver()
    await expect
      .poll(async () => (await theTrack(videoId))?.cueCount, { interval: 20, timeout: 30_000 })
      .toBe(1)
    const [first] = await room.cuesOf((await theTrack(videoId)).id)
    await cancelTask({ ...target(), taskId: task.id })
    const canceledAt = Date.now()
    await delivered
    expect(Date.now() - canceledAt).toBeLessThan(2_000)
    expect(listeners()).toEqual([])
    expect(await theTrack(videoId)).toMatchObject({ state: 'canceled', cueCount: 1 })
    expect(await room.taskOf(videoId, transcodeVideo.name)).toMatchObject({ state: 'queued' })

    await retryTask({ ...target(), taskId: task.id })
    await room.deliver()
    const track = await theTrack(videoId)
    expect(track).toMatchObject({ state: 'done', cueCount: 2, revision: 0 })
    expect((await room.cuesOf(track.id))[0]).toEqual(first)
  })

  it('keeps what a person wrote when it is listened to again, and shows what is heard now beside it', async () => {
    const videoId = await room.upload(speech)
    await room.deliver()
    const { id } = await theTrack(videoId)
    const [first, second] = await room.cuesOf(id)
    const own = { ...first!, text: 'Ask not', alternative: null }
    await editCues({ ...target(), id, change: { baseRevision: 0, put: [own], remove: [second!.id] } })
    await requestCaptions(target(), { ...target(), videoId, translate: false })
    await expect(requestCaptions(target(), { ...target(), videoId, translate: false })).rejects.toMatchObject(
      {
        code: 'caption.in_progress',
      },
    )
    await room.deliver()
    expect(await room.captionsOf(videoId)).toHaveLength(1)
    expect(await room.cuesOf(id)).toEqual([
      expect.objectContaining({ id: first!.id, text: 'Ask not', isEdited: true, alternative: first!.text }),
    ])
    expect((await theTrack(videoId)).revision).toBeGreaterThan(1)
  })
})

describe('a track that is waited for', () => {
  it('is not made twice: by itself, and because somebody asked meanwhile', async () => {
    const videoId = await room.upload(speech)
    const order = { ...target(), videoId, translate: false }
    await expect(requestCaptions(target(), order)).rejects.toMatchObject({ code: 'caption.in_progress' })
    await requestCaptions(target(), { ...order, translate: true })
    await room.deliver()
    await room.deliver()
    expect(await room.captionsOf(videoId)).toMatchObject([
      { isTranslation: true, state: 'failed', error: { message: 'PocketSphinx cannot translate.' } },
      { isTranslation: false, state: 'done', cueCount: 2 },
    ])
  })

  it('is not made when it was deleted', async () => {
    const videoId = await room.upload(speech)
    await room.deliver()
    const { id } = await theTrack(videoId)
    await requestCaptions(target(), { ...target(), videoId, translate: false })
    await deleteCaption(target(), { id, ownerId: room.ownerId })
    expect(await room.taskOf(videoId)).toMatchObject({ state: 'canceled' })
    expect(await room.deliver()).toBe(false)
    expect(await room.captionsOf(videoId)).toEqual([])
  })
})

describe('a video in which nobody speaks', () => {
  it('gets a track that says so, quickly', async () => {
    const videoId = await room.upload(silence)
    const startedAt = Date.now()
    await room.deliver()
    expect(Date.now() - startedAt).toBeLessThan(5_000)
    expect(await theTrack(videoId)).toMatchObject({
      state: 'done',
      cueCount: 0,
      note: 'Nobody speaks in it, as far as PocketSphinx can tell.',
    })
  })

  it('gets no track where there is no sound at all', async () => {
    const videoId = await room.upload(await makeMedia('silent.mp4'))
    await room.deliver()
    expect(await room.captionsOf(videoId)).toEqual([])
    expect(await room.taskOf(videoId)).toMatchObject({ state: 'done' })
  })
})

describe('a long video', () => {
  it('lets one in that nobody has listened to yet, and goes on behind what it has', async () => {
    const long = await room.upload(silence)
    const short = await room.upload(speech)
    await room.deliver()
    expect(await room.taskOf(long)).toMatchObject({ state: 'queued', attempts: 0 })
    const { doneSeconds } = await theTrack(long)
    expect(doneSeconds).toBeGreaterThan(10)
    await room.deliver()
    expect(await theTrack(short)).toMatchObject({ state: 'done' })
    expect(await theTrack(long)).toMatchObject({ state: 'in_progress', doneSeconds })
    await room.deliver()
    expect(await theTrack(long)).toMatchObject({ state: 'done' })
  })
})

describe('the engine', () => {
  it('is PocketSphinx where Whisper cannot be had, and that is said', async () => {
    room.settings.CAPTIONS = 'auto'
    const videoId = await room.upload(speech)
    await room.deliver()
    const { note, engine } = await theTrack(videoId)
    expect(engine).toBe('pocketsphinx')
    expect(note).toMatch(/^The speech model base \(142 MiB\) is not here yet\..* PocketSphinx listened:/)
    const { id: taskId } = await room.taskOf(videoId)
    const lines = await database.db.taskLogLine.findMany({ where: { taskId } })
    expect(lines.map((line) => line.message).join('\n')).toContain('is not here yet')
  })

  it('that cannot be had is waited for, then told of; the video is not touched', async () => {
    room.settings.CAPTIONS = 'whisper'
    const videoId = await room.upload(speech)
    await room.deliver()
    expect(await room.taskOf(videoId)).toMatchObject({
      state: 'queued',
      error: {
        code: 'captions.model_unavailable',
        message: expect.stringContaining('could not be downloaded'),
      },
    })
    expect(await room.taskOf(videoId, transcodeVideo.name)).toMatchObject({ state: 'queued' })
  })

  it('that does not know the language says so, and fails alone', async () => {
    const videoId = await room.upload(speech, { language: 'de' })
    await room.deliver()
    expect(await room.taskOf(videoId)).toMatchObject({
      state: 'failed',
      error: { message: 'PocketSphinx understands English only.' },
    })
    expect(await room.taskOf(videoId, transcodeVideo.name)).toMatchObject({ state: 'queued' })
  })
})

describe('subtitles inside the file', () => {
  it('that are pictures are told of, not converted', async () => {
    const videoId = await room.upload(await makeMedia('silent.mp4'))
    const video = await database.db.video.findUniqueOrThrow({ where: { id: videoId } })
    const pictures = { index: 5, codec: 'hdmv_pgs_subtitle', language: 'fr', title: null, isText: false }
    const mediaInfo = { ...(video.mediaInfo as object), subtitles: [pictures] }
    await database.db.video.update({ where: { id: videoId }, data: { mediaInfo } })
    const payload = { videoId }
    await database.db.$transaction((tx) =>
      enqueueTask(tx, room.boss, { kind: extractSubtitles, ownerId: room.ownerId, videoId, payload }),
    )
    await room.deliver(extractSubtitles.name)
    expect(await room.captionsOf(videoId)).toMatchObject([
      {
        language: 'fr',
        cueCount: 0,
        state: 'done',
        note: expect.stringContaining('cannot be turned into text'),
      },
    ])
  })

  it('that are larger than a file of subtitles may be are taken from their beginning, and what is behind them', async () => {
    const cue = (n: number) => `${n}\n${clockOf(n)} --> ${clockOf(n + 1)}\n${'words '.repeat(320)}\n\n`
    const clockOf = (n: number) => new Date(n * 1_000).toISOString().slice(11, 23).replace('.', ',')
    const [large, small] = ['large.srt', 'small.srt'].map((name) => path.join(room.dir, name))
    writeFileSync(large!, Array.from({ length: 6_000 }, (_, n) => cue(n + 1)).join(''))
    writeFileSync(small!, '1\n00:00:00,500 --> 00:00:02,000\nyou\n')
    const file = path.join(room.dir, 'large-subtitles.mkv')
    const inputs = ['-i', await makeMedia('silent.mp4'), '-i', large!, '-i', small!]
    const maps = '-map 0:v -map 1 -map 2 -c:v copy -c:s subrip'
    execFileSync('ffmpeg', ['-v', 'error', '-y', ...inputs, ...maps.split(' '), file])
    const videoId = await room.upload(file)
    await room.deliver(extractSubtitles.name)
    const tracks = await room.captionsOf(videoId)
    expect(tracks).toMatchObject([{ note: expect.stringContaining('larger than 10 MB') }, { cueCount: 1 }])
    expect(tracks[0]!.cueCount).toBeGreaterThan(5_000)
    expect(tracks[0]!.cueCount).toBeLessThan(6_000)
  })

  it.each(['mov_text', 'subrip', 'ass', 'webvtt'])(
    'of %s become tracks in their languages',
    async (codec) => {
      const srt = path.join(room.dir, 'in.srt')
      writeFileSync(
        srt,
        '1\n00:00:00,500 --> 00:00:02,000\n<i>Grüße</i> & more\n\n2\n00:00:02,500 --> 00:00:02,900\nyou\n',
      )
      const file = path.join(room.dir, codec === 'mov_text' ? 'subtitled.mp4' : `subtitled-${codec}.mkv`)
      const maps =
        '-map 0:v -map 1 -map 1 -c:v copy -metadata:s:s:0 language=ger -metadata:s:s:1 language=eng -metadata:s:s:1'
      const args = [
        '-i',
        await makeMedia('silent.mp4'),
        '-i',
        srt,
        ...maps.split(' '),
        'title=For the deaf',
        '-c:s',
        codec,
      ]
      execFileSync('ffmpeg', ['-v', 'error', '-y', ...args, file])
      const videoId = await room.upload(file)
      await room.deliver(extractSubtitles.name)
      const tracks = await room.captionsOf(videoId)
      expect(tracks).toMatchObject([
        { language: 'de', label: 'German', source: 'embedded', state: 'done', cueCount: 2 },
        { language: 'en', source: 'embedded', state: 'done', cueCount: 2 },
      ])
      if (codec !== 'mov_text') expect(tracks[1]!.label).toBe('For the deaf')
      const [first] = await room.cuesOf(tracks[0]!.id)
      expect(first!.text).toBe('Grüße & more')
      expect(first!.startSeconds).toBeCloseTo(0.5, 1)
    },
  )
})
