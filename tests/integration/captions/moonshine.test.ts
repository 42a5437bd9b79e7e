import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { describeTranscriber } from '@/tests/support/contracts/transcriber-contract'
import { JFK_WORDS, readRecording } from '@/tests/support/recording'
import { findSpeechModels } from '@/tests/support/speech-model'
import { calculateWordErrorRate } from '@/tests/support/word-errors'
import { SPEECH_MODELS } from '@/worker/captions/speech/models'
import { createSpeechTranscriber } from '@/worker/captions/speech/speech-transcriber'
import { BYTES_PER_SECOND, type Transcription, type TranscriberSession } from '@/worker/captions/transcriber'

const modelsDir = findSpeechModels()
const model = SPEECH_MODELS['moonshine-tiny']
const textOf = ({ phrases }: Transcription) => phrases.map((phrase) => phrase.text).join(' ')

describe.skipIf(!modelsDir)('Moonshine tiny', () => {
  if (!modelsDir) return
  describeTranscriber({
    transcriber: createSpeechTranscriber({ model, modelsDir }),
    canRecognizeSpeech: true,
  })

  describe('with a recorded speech', () => {
    const recording = readRecording()
    const dir = mkdtempSync(path.join(tmpdir(), 'meanwhile-moonshine-'))
    let session: TranscriberSession
    beforeAll(async () => {
      const signal = new AbortController().signal
      const options = { signal, threads: 2, memoryBytes: 2 * 1024 ** 3, scratchDir: dir }
      session = await createSpeechTranscriber({ model, modelsDir }).open(options)
    })
    afterAll(async () => {
      await session.close()
      rmSync(dir, { recursive: true, force: true })
    })

    it.skipIf(!recording)('recognizes it, and spreads its words over the speech', async () => {
      const { phrases, language } = await session.transcribe({ samples: recording!, isTranslated: false })
      expect(calculateWordErrorRate(textOf({ phrases, language }), JFK_WORDS)).toBeLessThanOrEqual(0.1)
      expect(language).toBeNull()
      expect(phrases.length).toBeGreaterThan(1)
      for (const { startSeconds, endSeconds, words } of phrases) {
        expect(words).toBeNull()
        expect(endSeconds - startSeconds).toBeLessThan(9)
      }
    })

    it.skipIf(!recording)(
      'recognizes speech without a pause that is longer than the engine accepts',
      async () => {
        const withoutPauses = removePauses(recording!)
        const samples = Buffer.concat([withoutPauses, withoutPauses, withoutPauses])
        expect(samples.length / BYTES_PER_SECOND).toBeGreaterThan(20)
        const transcription = await session.transcribe({ samples, isTranslated: false })
        expect(textOf(transcription).match(/country/gi)?.length).toBeGreaterThanOrEqual(4)
      },
    )
  })
})

/** Without the 20 ms frames that are quiet. */
function removePauses(samples: Buffer) {
  const frameBytes = BYTES_PER_SECOND / 50
  const frames = Array.from({ length: Math.floor(samples.length / frameBytes) }, (_, n) =>
    samples.subarray(n * frameBytes, (n + 1) * frameBytes),
  )
  const peak = (frame: Buffer) => {
    let highest = 0
    for (let at = 0; at < frame.length; at += 2) highest = Math.max(highest, Math.abs(frame.readInt16LE(at)))
    return highest
  }
  return Buffer.concat(frames.filter((frame) => peak(frame) > 1500))
}
