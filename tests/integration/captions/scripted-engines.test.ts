import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { useCaptionFixture } from '@/tests/support/caption-fixture'
import { describeTranscriber } from '@/tests/support/contracts/transcriber-contract'
import { useDatabase } from '@/tests/support/database'
import { findRecognizers } from '@/tests/support/find-recognizer'
import { findSpeechModels, installSpeechModels } from '@/tests/support/speech-model'
import { hasVoices, silence, speak } from '@/tests/support/synthesize-voice'
import { SPEECH_MODELS, type SpeechModel } from '@/worker/captions/speech/models'
import { createSpeechTranscriber } from '@/worker/captions/speech/speech-transcriber'
import type { TranscriberSession } from '@/worker/captions/transcriber'

// Parakeet and SenseVoice with generated models, which report the same words at the same times for any audio.
const modelsDir = findSpeechModels()
const { 'parakeet-tdt-0.6b-v3': parakeet, 'sense-voice': senseVoice } = SPEECH_MODELS
const GERMAN = 'Guten Morgen zusammen. Heute sprechen wir über die Geschichte der Eisenbahn in Deutschland.'
/** The vocabulary of the generated model of Parakeet. */
const PARAKEET_TOKENS = 13
/** The speech starts after it. */
const SILENT_SECONDS = 2

describe.skipIf(!modelsDir)('an engine with a scripted model', () => {
  if (!modelsDir) return
  for (const model of [parakeet, senseVoice])
    describeTranscriber({
      transcriber: createSpeechTranscriber({ model, modelsDir }),
      canRecognizeSpeech: false,
    })

  describe.skipIf(!hasVoices())('recognizes a voice', () => {
    const dir = mkdtempSync(path.join(tmpdir(), 'meanwhile-engines-'))
    let session: TranscriberSession | undefined
    const open = async (model: SpeechModel) =>
      (session = await createSpeechTranscriber({ model, modelsDir }).open({
        signal: new AbortController().signal,
        threads: 1,
        memoryBytes: 1024 ** 3,
        scratchDir: dir,
      }))
    const samples = () => Buffer.concat([silence(SILENT_SECONDS), speak(GERMAN, 'de')])
    afterEach(() => session?.close())
    afterAll(() => rmSync(dir, { recursive: true, force: true }))

    it('and Parakeet reports its words with their times, but no language', async () => {
      const { transcribe } = await open(parakeet)
      const { phrases, language } = await transcribe({ samples: samples(), isTranslated: false })
      expect(language).toBeNull()
      const [first] = phrases
      expect(first!.text).toMatch(/^Guten Morgen, das Wetter ist heute schön\./)
      const [guten, morgen, das] = first!.words!
      expect([guten, morgen, das].map((word) => word!.text)).toEqual(['Guten', 'Morgen,', 'das'])
      // 0.32 s, 0.64 s and 1.6 s after the start of the passage, which is a little before the speech.
      expect(guten!.startSeconds).toBeGreaterThan(SILENT_SECONDS)
      expect(morgen!.startSeconds - guten!.startSeconds).toBeCloseTo(0.32)
      expect(morgen!.endSeconds - morgen!.startSeconds).toBeCloseTo(0.48)
      expect(das!.startSeconds - morgen!.startSeconds).toBeCloseTo(0.96)
      // The softmax of the scripted scores: 2 for the token, 1 for the blank one, 0 for each of the others.
      const others = PARAKEET_TOKENS - 2
      const expected = Math.exp(2) / (Math.exp(2) + Math.exp(1) + others)
      for (const word of first!.words!) expect(word.confidence).toBeCloseTo(expected, 3)
    })

    it('and SenseVoice reports its language unless it is given, and characters as words', async () => {
      const { transcribe } = await open(senseVoice)
      const detected = await transcribe({ samples: samples(), isTranslated: false })
      expect(detected.language).toBe('ja')
      expect(detected.phrases[0]!.text).toMatch(/^今日はいい天気です。/)
      const words = detected.phrases[0]!.words!
      expect(words.slice(0, 3).map(({ text }) => text)).toEqual(['今', '日', 'は'])
      // sherpa-onnx reports probabilities only of transducers.
      expect(words[0]!.confidence).toBeNull()
      const requested = await transcribe({ samples: samples(), language: 'yue', isTranslated: false })
      expect(requested.language).toBe('yue')
      expect(requested.phrases.length).toBe(detected.phrases.length)
    })

    it('in the same sandbox as Whisper', async () => {
      for (const model of [parakeet, senseVoice]) {
        const { close } = await open(model)
        const status = readFileSync(`/proc/${findRecognizers(dir)[0]}/status`, 'utf8')
        expect(status).toMatch(/^CapEff:\t0+$/m)
        expect(status).toMatch(/^Seccomp:\t2$/m)
        await close()
      }
    })
  })
})

describe.skipIf(!modelsDir || !hasVoices())('a video with SPEECH_MODEL=parakeet-tdt-0.6b-v3', () => {
  const database = useDatabase()
  const fixture = useCaptionFixture(database, {
    CAPTIONS: 'auto',
    SPEECH_MODEL: 'parakeet-tdt-0.6b-v3',
  })
  const transcribe = async (text: string, voice: string) => {
    const file = path.join(fixture.dir, 'speech.wav')
    execFileSync('ffmpeg', ['-y', ...'-v error -f s16le -ar 16000 -ac 1 -i pipe:0'.split(' '), file], {
      input: speak(text, voice),
    })
    const videoId = await fixture.uploadVideo(file)
    await fixture.runNextTranscription()
    const [track] = await fixture.listCaptions(videoId)
    return track!
  }

  it('has captions of unknown language without a Whisper model', async () => {
    installSpeechModels(fixture.dir, ['parakeet-tdt-0.6b-v3', 'silero-vad'])
    expect(await transcribe(GERMAN, 'de')).toMatchObject({
      state: 'done',
      engine: 'parakeet',
      model: 'parakeet-tdt-0.6b-v3',
      language: 'und',
    })
  })

  it('has captions in the language that a Whisper model identifies', async () => {
    installSpeechModels(fixture.dir, ['whisper-base'])
    const track = await transcribe(GERMAN, 'de')
    expect(track).toMatchObject({ state: 'done', engine: 'parakeet', label: 'German (automatic)' })
    const [cue] = await fixture.listCues(track.id)
    expect(cue!.text).toMatch(/^Guten Morgen/)
    expect(cue!.words![0]!.text).toBe('Guten')
  })
})
