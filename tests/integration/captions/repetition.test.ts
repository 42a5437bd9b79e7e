import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mixSamples } from '@/tests/support/mix-samples'
import { openWhisper } from '@/tests/support/open-whisper'
import { findSpeechModels } from '@/tests/support/speech-model'
import { canPlayMusic, playMusic } from '@/tests/support/synthesize-music'
import { hasVoices, silence, speak } from '@/tests/support/synthesize-voice'
import { calculateWordErrorRate } from '@/tests/support/word-errors'
import { BYTES_PER_SECOND, type TranscriberSession } from '@/worker/captions/transcriber'
import { isRepetitive } from '@/worker/captions/speech/repetition'

const hasModels = findSpeechModels() !== null
const hasMusic = canPlayMusic()
if (hasModels && !hasMusic) process.stderr.write('Skipped: no fluidsynth to play music for tests\n')
const SENTENCE =
  'Good morning and welcome. Today we are going to talk about the history of the railway in England.'
const MUSIC_SECONDS = 15

describe.skipIf(!hasModels)('Whisper base', { tags: 'full' }, () => {
  const dir = mkdtempSync(path.join(tmpdir(), 'meanwhile-repetition-'))
  let session: TranscriberSession
  beforeAll(async () => void (session = await openWhisper(dir)))
  afterAll(async () => {
    await session.close()
    rmSync(dir, { recursive: true, force: true })
  })
  const transcribe = async (samples: Buffer, language?: string) =>
    (await session.transcribe({ samples, language, isTranslated: false })).phrases
      .map(({ text }) => text.trim())
      .join(' ')

  it.skipIf(!hasVoices())('publishes all of a sentence that is said five times', async () => {
    const said = [speak('The train leaves at seven in the morning.', 'en-us'), silence(0.6)]
    const text = await transcribe(Buffer.concat(Array.from({ length: 5 }, () => said).flat()))
    expect(text.match(/the train leaves/gi)).toHaveLength(5)
  })

  it.skipIf(!hasVoices())('publishes no loop for a voice that hums', async () => {
    // The model repeats "(mimicking)" eighteen times.
    const text = await transcribe(speak('mmmmmm mmmmmmm mmmmmmmm '.repeat(4), 'en-us'))
    expect(isRepetitive(text)).toBe(false)
    expect(text).toBe('')
  })

  it.skipIf(!hasMusic).each([
    { melody: 'saxophone', chords: 'piano' },
    { melody: 'choir', chords: 'choir', hasDrums: false },
    { melody: 'choir', chords: 'guitar' },
    { melody: 'flute', chords: 'strings', hasDrums: false },
  ] as const)('publishes no words for music of $melody and $chords', async (music) => {
    expect(await transcribe(playMusic({ seconds: MUSIC_SECONDS, ...music }))).toBe('')
  })

  it.skipIf(!hasMusic || !hasVoices())('publishes what a voice says over music', async () => {
    const voice = Buffer.concat([silence(1), speak(SENTENCE, 'en-us'), silence(1)])
    const seconds = voice.length / BYTES_PER_SECOND
    const music = playMusic({ seconds, melody: 'saxophone', chords: 'piano' })
    const text = await transcribe(mixSamples(voice, music, { gain: 0.5 }))
    expect(calculateWordErrorRate(text, SENTENCE)).toBeLessThanOrEqual(0.05)
  })
})
