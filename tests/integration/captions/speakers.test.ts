import { execFileSync } from 'node:child_process'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { exportCaption } from '@/lib/captions/export'
import { requestCaptions } from '@/lib/captions/request-captions'
import { editCues, renameSpeaker, revertRevision } from '@/lib/captions/revisions'
import { searchCaptions } from '@/lib/captions/search'
import { captionSpeakersTask } from '@/lib/captions/tasks'
import { useCaptionFixture } from '@/tests/support/caption-fixture'
import { useDatabase } from '@/tests/support/database'
import { findRecognizers } from '@/tests/support/find-recognizer'
import { generateSpeech } from '@/tests/support/generate-speech'
import { neverAborted } from '@/tests/support/never-aborted'
import { findSpeechModels, installSpeechModels } from '@/tests/support/speech-model'
import type { SpeechSpan } from '@/worker/captions/find-speech'
import { findVoices } from '@/worker/captions/speakers/find-voices'
import { mergeVoices } from '@/worker/captions/speakers/merge-voices'

const hasModels = findSpeechModels() !== null

/**
 * Short: the cost of finding voices grows with each second. The first voice speaks longer at its second turn, as a voice keeps the
 * name that most of its time has.
 */
const DIALOG = [
  { voice: 'slt', atSeconds: 1, text: 'good morning and welcome to our programme' },
  {
    voice: 'rms',
    atSeconds: 7,
    text: 'thank you very much the old lighthouse was open last week and the wind came from the north',
  },
  { voice: 'slt', atSeconds: 14, text: 'that sounds pleasant did you see any ships while you were sailing' },
  {
    voice: 'awb',
    atSeconds: 20,
    text: 'i saw three large ships near the harbour and many small boats in the bay',
  },
] as const
const DIALOG_SECONDS = 25

describe.skipIf(!hasModels)('captions with speakers', () => {
  const database = useDatabase()
  const fixture = useCaptionFixture(database, { CAPTIONS: 'auto' })
  let dialog: string
  beforeAll(async () => {
    installSpeechModels(fixture.dir)
    const file = path.join(fixture.dir, 'dialog.mkv')
    dialog = await generateSpeech(file, { utterances: DIALOG, seconds: DIALOG_SECONDS })
  })

  const request = (videoId: string, more: { speakers?: boolean } = {}) =>
    requestCaptions(
      { db: database.db, boss: fixture.boss },
      { videoId, ownerId: fixture.ownerId, translate: false, ...more },
    )
  const readTrack = async (videoId: string) => (await fixture.listCaptions(videoId))[0]!

  /** Uploads a dialog without its automatic captions, and requests some with speakers. */
  async function requestDialog() {
    await database.db.video.deleteMany()
    const videoId = await fixture.uploadVideo(dialog)
    await database.db.task.deleteMany({ where: { videoId, kind: 'video.caption' } })
    await database.db.$executeRaw`DELETE FROM pgboss.job WHERE name = 'video.caption'`
    const { captionId } = await request(videoId, { speakers: true })
    return { videoId, id: captionId, ownerId: fixture.ownerId }
  }

  /** Who speaks in the middle of each utterance of the dialog. */
  async function readSpeakers(captionId: string) {
    const cues = await fixture.listCues(captionId)
    return DIALOG.map(
      ({ atSeconds }) =>
        cues.find((cue) => cue.startSeconds <= atSeconds + 2 && cue.endSeconds > atSeconds + 2)?.speaker,
    )
  }

  describe('of three voices in turns', () => {
    let track: Awaited<ReturnType<typeof requestDialog>>
    const [one, two, three] = ['Speaker 1', 'Speaker 2', 'Speaker 3']
    beforeAll(async () => {
      track = await requestDialog()
      await fixture.runNextTranscription()
    })

    it('name the cues', async () => {
      expect(await readSpeakers(track.id)).toEqual([one, two, one, three])
      const cues = await fixture.listCues(track.id)
      expect(cues.every(({ speaker }) => speaker !== null)).toBe(true)
      const done = { state: 'done', cueCount: cues.length, note: null }
      expect(await readTrack(track.videoId)).toMatchObject(done)
      // The characteristics of voices are not kept.
      expect(await database.db.task.count({ where: { kind: captionSpeakersTask.name } })).toBe(0)
    })

    it('keep the names and edits of users after a new transcription', async () => {
      const target = { db: database.db, ...track }
      await renameSpeaker({ ...target, from: two!, to: 'Ben' })
      const [first] = await fixture.listCues(track.id)
      const { revision } = await readTrack(track.videoId)
      const put = [{ ...first!, speaker: 'Host', text: 'Good morning, all.' }]
      await editCues({ ...target, change: { baseRevision: revision, put, remove: [] } })
      await request(track.videoId)
      await fixture.runNextTranscription()
      expect(await readSpeakers(track.id)).toEqual(['Host', 'Ben', one, two])
      expect((await fixture.listCues(track.id))[0]).toMatchObject({
        text: 'Good morning, all.',
        speaker: 'Host',
      })
      const query = { q: 'lighthouse', limit: 5, ownerId: track.ownerId }
      expect(await searchCaptions(database.db, query)).toMatchObject([{ speaker: 'Ben' }])
      const { text } = await exportCaption(database.db, { ...track, format: 'vtt' })
      expect(text).toContain('<v Host>Good morning, all.')
    })
  })

  it('are identified again when the process is killed with SIGKILL', async () => {
    const { videoId, id } = await requestDialog()
    await fixture.runNextJob()
    while (await fixture.runNextJob('video.caption-start'));
    await fixture.runNextJob()
    const running = fixture.runNextJob(captionSpeakersTask.name)
    const recognizers = () => findRecognizers(path.join(fixture.dir, 'scratch'))
    await expect.poll(() => recognizers().length, { interval: 10, timeout: 60_000 }).toBeGreaterThan(0)
    process.kill(recognizers()[0]!, 'SIGKILL')
    await running
    expect(await fixture.findTask(videoId, captionSpeakersTask.name)).toMatchObject({
      state: 'queued',
      error: { message: 'Speaker identification failed: it crashed.' },
    })
    // The cues are there meanwhile.
    expect(await readTrack(videoId)).toMatchObject({ state: 'in_progress' })
    expect((await fixture.listCues(id)).length).toBeGreaterThan(3)
    await database.db
      .$executeRaw`UPDATE pgboss.job SET start_after = now() WHERE name = ${captionSpeakersTask.name}`
    await fixture.runParts()
    expect(new Set(await readSpeakers(id)).size).toBe(3)
  })

  it('are complete without speakers, and say why, if the model cannot be downloaded', async () => {
    const { videoId, id } = await requestDialog()
    const settings = { ...fixture.settings }
    fixture.settings.DATA_DIR = path.join(fixture.dir, 'without-speakers')
    installSpeechModels(fixture.settings.DATA_DIR, ['whisper-base', 'silero-vad'])
    await fixture.runNextTranscription()
    Object.assign(fixture.settings, settings)
    expect(await readTrack(videoId)).toMatchObject({
      state: 'done',
      note:
        'Speakers are not identified: the model is not on this server, and it cannot be downloaded from 127.0.0.1:9. ' +
        'Ask the administrator to add it with npm run models -- get speakers.',
    })
    expect(new Set(await readSpeakers(id))).toEqual(new Set([null]))
  })

  it('are the same in all parts of a video', async () => {
    const parts = [DIALOG.slice(0, 3), DIALOG.slice(2)]
    const voices = []
    for (const [n, utterances] of parts.entries()) {
      const shift = 100 * n
      const early = utterances.map((one) => ({ ...one, atSeconds: one.atSeconds - utterances[0]!.atSeconds }))
      const part = { utterances: early, seconds: early.at(-1)!.atSeconds + 6 }
      const file = await generateSpeech(path.join(fixture.dir, `part${n}.flac`), part)
      const toSamples = ['-v', 'error', '-i', file, '-f', 's16le', '-']
      const samples = execFileSync('ffmpeg', toSamples, { maxBuffer: 10 ** 7 })
      const found = await findVoices({
        samples,
        modelsDir: path.join(fixture.dir, 'models'),
        threads: 2,
        memoryBytes: 4 * 1024 ** 3,
        scratchDir: fixture.dir,
        signal: neverAborted,
      })
      const move = (turn: SpeechSpan) => ({
        startSeconds: turn.startSeconds + shift,
        endSeconds: turn.endSeconds + shift,
      })
      voices.push(...found.map(({ embedding, turns }) => ({ embedding, turns: turns.map(move) })))
    }
    expect(mergeVoices(voices).map(({ speaker }) => speaker)).toEqual([0, 1, 0, 0, 2])
  })

  it('restore the name when its revision is reverted', async () => {
    const track = await requestDialog()
    await fixture.runNextTranscription()
    const before = await readSpeakers(track.id)
    const target = { db: database.db, ...track }
    const number = await renameSpeaker({ ...target, from: 'Speaker 1', to: 'Anna' })
    expect(await readSpeakers(track.id)).toContain('Anna')
    await revertRevision({ ...target, baseRevision: number, number })
    expect(await readSpeakers(track.id)).toEqual(before)
    const missing = renameSpeaker({ ...target, from: 'Carl', to: 'Anna' })
    await expect(missing).rejects.toMatchObject({ code: 'speaker.not_found' })
  })
})
