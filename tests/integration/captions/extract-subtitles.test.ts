import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { extractSubtitlesTask } from '@/lib/captions/tasks'
import { enqueueTask } from '@/lib/tasks/enqueue'
import { useCaptionFixture } from '@/tests/support/caption-fixture'
import { useDatabase } from '@/tests/support/database'
import { generateMedia } from '@/tests/support/generate-media'

const database = useDatabase()
const fixture = useCaptionFixture(database)
afterEach(() => database.db.video.deleteMany())

describe('embedded subtitles', () => {
  it('get an empty track with an explanation if they are bitmaps', async () => {
    const videoId = await fixture.uploadVideo(await generateMedia('silent.mp4'))
    const video = await database.db.video.findUniqueOrThrow({ where: { id: videoId } })
    const bitmapStream = { index: 5, codec: 'hdmv_pgs_subtitle', language: 'fr', title: null, isText: false }
    const mediaInfo = { ...(video.mediaInfo as object), subtitles: [bitmapStream] }
    await database.db.video.update({ where: { id: videoId }, data: { mediaInfo } })
    const payload = { videoId }
    await database.db.$transaction((tx) =>
      enqueueTask(tx, fixture.boss, {
        kind: extractSubtitlesTask,
        ownerId: fixture.ownerId,
        subjectId: videoId,
        payload,
      }),
    )
    await fixture.runNextJob(extractSubtitlesTask.name)
    expect(await fixture.listCaptions(videoId)).toMatchObject([
      {
        language: 'fr',
        cueCount: 0,
        state: 'done',
        note: expect.stringContaining('cannot be converted to text'),
      },
    ])
  })

  it(
    'are truncated at the size limit of subtitle files, without affecting later tracks',
    { tags: 'full' },
    async () => {
      const cue = (n: number) => `${n}\n${clockOf(n)} --> ${clockOf(n + 1)}\n${'words '.repeat(320)}\n\n`
      const clockOf = (n: number) => new Date(n * 1_000).toISOString().slice(11, 23).replace('.', ',')
      const [large, small] = ['large.srt', 'small.srt'].map((name) => path.join(fixture.dir, name))
      writeFileSync(large!, Array.from({ length: 6_000 }, (_, n) => cue(n + 1)).join(''))
      writeFileSync(small!, '1\n00:00:00,500 --> 00:00:02,000\nyou\n')
      const file = path.join(fixture.dir, 'large-subtitles.mkv')
      const inputs = ['-i', await generateMedia('silent.mp4'), '-i', large!, '-i', small!]
      const maps = '-map 0:v -map 1 -map 2 -c:v copy -c:s subrip'
      execFileSync('ffmpeg', ['-v', 'error', '-y', ...inputs, ...maps.split(' '), file])
      const videoId = await fixture.uploadVideo(file)
      await fixture.runNextJob(extractSubtitlesTask.name)
      const tracks = await fixture.listCaptions(videoId)
      expect(tracks).toMatchObject([{ note: expect.stringContaining('exceed 10 MB') }, { cueCount: 1 }])
      expect(tracks[0]!.cueCount).toBeGreaterThan(5_000)
      expect(tracks[0]!.cueCount).toBeLessThan(6_000)
    },
  )

  it('of Advanced SubStation Alpha become text without drawings, layers and syllables', async () => {
    const ass = path.join(fixture.dir, 'in.ass')
    const dialogue = [
      '0,0:00:00.50,0:00:02.00,Default,,0,0,0,,{\\p1}m 0 0 l 100 0 100 100{\\p0}',
      '0,0:00:00.50,0:00:02.00,Default,,0,0,0,,{\\bord3}Καλημέρα',
      '1,0:00:00.50,0:00:02.00,Default,,0,0,0,,Καλημέρα',
      '0,0:00:02.00,0:00:02.90,Default,,0,0,0,,{\\k20}ka{\\k20}ra{\\k20}o{\\k20}ke',
    ]
    const header =
      '[Script Info]\nScriptType: v4.00+\n\n[V4+ Styles]\nFormat: Name\nStyle: Default\n\n[Events]\n'
    const format = 'Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n'
    writeFileSync(ass, `${header}${format}${dialogue.map((line) => `Dialogue: ${line}\n`).join('')}`)
    const file = path.join(fixture.dir, 'karaoke.mkv')
    const inputs = ['-i', await generateMedia('silent.mp4'), '-i', ass]
    execFileSync('ffmpeg', ['-v', 'error', '-y', ...inputs, '-map', '0:v', '-map', '1', '-c', 'copy', file])
    const videoId = await fixture.uploadVideo(file)
    await fixture.runNextJob(extractSubtitlesTask.name)
    const [track] = await fixture.listCaptions(videoId)
    const cues = await fixture.listCues(track!.id)
    expect(cues.map(({ startSeconds, text }) => [startSeconds, text])).toEqual([
      [0.5, 'Καλημέρα'],
      [2, 'karaoke'],
    ])
  })

  it.each(['mov_text', 'subrip', 'ass', 'webvtt'])(
    'of codec %s become tracks with their languages',
    async (codec) => {
      const srt = path.join(fixture.dir, 'in.srt')
      writeFileSync(
        srt,
        '1\n00:00:00,500 --> 00:00:02,000\n<i>Grüße</i> & more\n\n2\n00:00:02,500 --> 00:00:02,900\nyou\n',
      )
      const file = path.join(fixture.dir, codec === 'mov_text' ? 'subtitled.mp4' : `subtitled-${codec}.mkv`)
      const maps =
        '-map 0:v -map 1 -map 1 -c:v copy -metadata:s:s:0 language=ger -metadata:s:s:1 language=eng -metadata:s:s:1'
      const args = [
        '-i',
        await generateMedia('silent.mp4'),
        '-i',
        srt,
        ...maps.split(' '),
        'title=For the deaf',
        '-c:s',
        codec,
      ]
      execFileSync('ffmpeg', ['-v', 'error', '-y', ...args, file])
      const videoId = await fixture.uploadVideo(file)
      await fixture.runNextJob(extractSubtitlesTask.name)
      const tracks = await fixture.listCaptions(videoId)
      expect(tracks).toMatchObject([
        { language: 'de', label: 'German', source: 'embedded', state: 'done', cueCount: 2 },
        { language: 'en', source: 'embedded', state: 'done', cueCount: 2 },
      ])
      if (codec !== 'mov_text') expect(tracks[1]!.label).toBe('For the deaf')
      const [first] = await fixture.listCues(tracks[0]!.id)
      expect(first!.text).toBe('Grüße & more')
      expect(first!.startSeconds).toBeCloseTo(0.5, 1)
    },
  )
})
