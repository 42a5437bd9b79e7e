import { existsSync, mkdtempSync, readFileSync, readlinkSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { describeTranscriber } from '@/tests/support/contracts/transcriber-contract'
import { findRecognizers } from '@/tests/support/find-recognizer'
import { JFK_WORDS, readRecording } from '@/tests/support/recording'
import { openWhisper } from '@/tests/support/open-whisper'
import { findSpeechModels, TEST_MODEL } from '@/tests/support/speech-model'
import { generateSound, hasVoices, silence, speak, speakWords } from '@/tests/support/synthesize-voice'
import { calculateWordErrorRate } from '@/tests/support/word-errors'
import { createSpeechTranscriber } from '@/worker/captions/speech/speech-transcriber'
import type { Transcription, TranscriberSession } from '@/worker/captions/transcriber'

const modelsDir = findSpeechModels()
if (modelsDir && !hasVoices()) process.stderr.write('Skipped: no espeak-ng to synthesize voices for tests\n')
const recording = modelsDir ? readRecording() : null

const textOf = ({ phrases }: Transcription) => phrases.map((phrase) => phrase.text).join(' ')
const wordsOf = ({ phrases }: Transcription) => phrases.flatMap((phrase) => phrase.words ?? [])

describe.skipIf(!modelsDir)('Whisper base', () => {
  if (modelsDir)
    describeTranscriber({
      transcriber: createSpeechTranscriber({ model: TEST_MODEL, modelsDir }),
      canRecognizeSpeech: true,
    })

  describe('with real weights', () => {
    const dir = mkdtempSync(path.join(tmpdir(), 'meanwhile-recognition-'))
    let session: TranscriberSession
    const open = (model = TEST_MODEL) => openWhisper(dir, model)
    const transcribe = (samples: Buffer, isTranslated = false) =>
      session.transcribe({ samples, isTranslated })
    beforeAll(async () => void (session = await open()))
    afterAll(async () => {
      await session.close()
      rmSync(dir, { recursive: true, force: true })
    })

    it('runs without network, capabilities, other system calls and other files', () => {
      const [pid] = findRecognizers(dir)
      const status = readFileSync(`/proc/${pid}/status`, 'utf8')
      expect(status).toMatch(/^CapEff:\t0+$/m)
      expect(status).toMatch(/^NoNewPrivs:\t1$/m)
      expect(status).toMatch(/^Seccomp:\t2$/m)
      expect(readlinkSync(`/proc/${pid}/ns/net`)).not.toBe(readlinkSync('/proc/self/ns/net'))
      const isVisible = (file: string) => existsSync(path.join(`/proc/${pid}/root`, path.resolve(file)))
      expect(['worker/captions/speech/child.ts', modelsDir!].map(isVisible)).toEqual([true, true])
      expect(['lib', '.git', '/etc/passwd', dir].map(isVisible)).toEqual([false, false, false, false])
    })

    it.skipIf(!recording)('recognizes a recorded speech', async () => {
      const transcription = await transcribe(recording!)
      expect(calculateWordErrorRate(textOf(transcription), JFK_WORDS)).toBeLessThanOrEqual(0.05)
      expect(transcription.language).toBe('en')
      // The pause after "not" does not belong to a word.
      const words = wordsOf(transcription)
      const indexOfNot = words.findIndex(({ text }) => text === 'not')
      expect(words[indexOfNot + 1]!.startSeconds - words[indexOfNot]!.endSeconds).toBeGreaterThan(0.5)
    })

    it.skipIf(!hasVoices()).each([
      [
        'en',
        'en-us',
        'Good morning and welcome. Today we are going to talk about the history of the railway in England.',
      ],
      [
        'de',
        'de',
        'Guten Morgen zusammen. Heute sprechen wir über die Geschichte der Eisenbahn in Deutschland.',
      ],
      ['es', 'es', 'Buenos días a todos. Hoy vamos a hablar de la historia del tren en España.'],
      ['fr', 'fr', "Bonjour à tous. Aujourd'hui, nous allons parler de l'histoire de la musique."],
    ])('detects the language %s of a voice and recognizes its words', async (language, voice, text) => {
      const transcription = await transcribe(speak(text, voice))
      expect(transcription.language).toBe(language)
      expect(calculateWordErrorRate(textOf(transcription), text)).toBeLessThanOrEqual(0.05)
    })

    it.skipIf(!hasVoices())('recognizes two languages at once', async () => {
      expect(session.lanes).toBe(2)
      const texts = {
        en: 'Good morning and welcome. Today we talk about music.',
        de: 'Das Wetter ist heute sehr gut.',
      }
      const requests = Object.entries(texts).map(([language, text]) => ({
        samples: speak(text, language),
        language,
        isTranslated: false,
      }))
      const atOnce = await Promise.all(requests.map((request) => session.transcribe(request)))
      for (const [n, request] of requests.entries())
        expect(atOnce[n]).toEqual(await session.transcribe(request))
    })

    it.skipIf(!hasVoices())('reports the times of words within 0.25 s', async () => {
      const text =
        '0.8 Morgen gehen wir mit den Kindern in den Garten. 1.2 Das Wetter ist heute sehr gut und die Sonne scheint. 1'
      const { samples, words } = speakWords(text, 'de')
      const recognized = wordsOf(await transcribe(samples))
      const matched = words.flatMap((word, n) => {
        const same = recognized.filter(({ text: other }) => other === word.text)
        return words.filter(({ text: other }) => other === word.text).length === 1 && same[0]
          ? [{ n, word, same: same[0] }]
          : []
      })
      expect(matched.length).toBeGreaterThan(words.length / 2)
      const errors = matched.map(({ word, same }) => ({
        text: word.text,
        seconds: Math.max(
          Math.abs(same.startSeconds - word.startSeconds),
          Math.abs(same.endSeconds - word.endSeconds),
        ),
      }))
      expect(errors.filter(({ seconds }) => seconds > 0.25)).toEqual([])
    })

    it.each([
      ['silence', () => silence(20)],
      [
        'noise with tremolo',
        () => generateSound('anoisesrc=d=12:c=pink:a=0.4:r=16000:s=1,tremolo=f=4:d=0.95'),
      ],
      [
        'chords with tremolo',
        () =>
          generateSound(
            "aevalsrc='0.2*(sin(2765*t)+sin(3481*t)+sin(4141*t))*(0.5+0.5*sin(12*t))':d=12:s=16000",
          ),
      ],
    ])('recognizes no words in %s', async (_, generate) => {
      expect(await transcribe(generate())).toEqual({ phrases: [], language: null })
    })

    it.skipIf(!hasVoices())(
      'reports late times for a sound that starts late, without words before it',
      async () => {
        const { samples, words } = speakWords('18.5 Good morning, we are very happy to be here. 0.5', 'en-us')
        const [first] = (await transcribe(samples)).phrases
        expect(Math.abs(first!.startSeconds - words[0]!.startSeconds)).toBeLessThan(0.25)
      },
    )

    it.skipIf(!hasVoices())('translates German into English', async () => {
      const text =
        'Guten Morgen zusammen. Heute sprechen wir über die Geschichte der Eisenbahn in Deutschland.'
      const transcription = await transcribe(speak(text, 'de'), true)
      expect(textOf(transcription)).toMatch(/Good morning.*today.*the history.*German/is)
    })

    it.skipIf(!recording)(
      'divides a recorded speech at its pauses if the model has no word times',
      async () => {
        const other = await open({ ...TEST_MODEL, hasWordTimes: false })
        const { phrases } = await other.transcribe({ samples: recording!, isTranslated: false })
        await other.close()
        const starts = phrases.map(({ text }) => text.split(' ').slice(0, 2).join(' ').toLowerCase())
        // The speaker stretches "ask not", and pauses for a second.
        expect(starts).toEqual(['and so', 'ask not', 'what your', 'ask what'])
        expect(Math.abs(phrases[2]!.startSeconds - 5.3)).toBeLessThan(0.25)
      },
    )

    it.skipIf(!hasVoices())('reports phrases with times if the model has no word times', async () => {
      const other = await open({ ...TEST_MODEL, hasWordTimes: false })
      const first = speak('Good morning and welcome.', 'en-us')
      const samples = Buffer.concat([
        silence(1),
        first,
        silence(1.5),
        speak('Today we talk about the railway.', 'en-us'),
      ])
      const { phrases } = await other.transcribe({ samples, isTranslated: false })
      await other.close()
      const secondStart = 2.5 + first.length / 32_000
      expect(phrases.map(({ words }) => words)).toEqual([null, null])
      expect(Math.abs(phrases[0]!.startSeconds - 1)).toBeLessThan(0.25)
      expect(Math.abs(phrases[1]!.startSeconds - secondStart)).toBeLessThan(0.25)
    })
  })
})
