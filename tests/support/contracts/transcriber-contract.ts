import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findProcesses } from '@/tests/support/processes'
import { ASK_NOT_SENTENCE, generateSpeech } from '@/tests/support/generate-speech'
import {
  BYTES_PER_SECOND,
  type TranscriberSession,
  SAMPLE_RATE,
  type Transcriber,
} from '@/worker/captions/transcriber'

const GiB = 1024 ** 3

interface TranscriberUnderTest {
  transcriber: Transcriber
  /** Whether it turns speech into the words that were said: a model without weights does not. */
  canRecognizeSpeech: boolean
}

/** What every engine promises. */
export function describeTranscriber({ transcriber, canRecognizeSpeech: understands }: TranscriberUnderTest) {
  describe(transcriber.title, () => {
    const dir = mkdtempSync(path.join(tmpdir(), 'meanwhile-listener-'))
    const silence = Buffer.alloc(5 * BYTES_PER_SECOND)
    let speech: Buffer
    let listener: TranscriberSession
    const open = (signal = new AbortController().signal) =>
      transcriber.open({ signal, threads: 2, memoryBytes: 6 * GiB, scratchDir: dir })

    beforeAll(async () => {
      const file = await generateSpeech(path.join(dir, 'speech.mkv'), {
        utterances: [{ text: ASK_NOT_SENTENCE, atSeconds: 1 }],
        seconds: 5,
      })
      const filter = transcriber.audioFilter ? ['-af', transcriber.audioFilter] : []
      const raw = path.join(dir, 'speech.raw')
      const format = `-ar ${SAMPLE_RATE} -ac 1 -f s16le`.split(' ')
      await promisify(execFile)('ffmpeg', ['-v', 'error', '-i', file, ...filter, ...format, raw])
      speech = readFileSync(raw)
      listener = await open()
    })
    afterAll(async () => {
      await listener.close()
      rmSync(dir, { recursive: true, force: true })
    })

    it('hears nothing in silence, at once', async () => {
      const startedAt = Date.now()
      expect((await listener.transcribe({ samples: silence, isTranslated: false })).phrases).toEqual([])
      expect(Date.now() - startedAt).toBeLessThan(500)
    })

    it('hears stretches one after the other, at times within them', async () => {
      for (const samples of [speech, speech]) {
        const { phrases } = await listener.transcribe({ samples, language: 'en', isTranslated: false })
        if (understands)
          expect(phrases.map((phrase) => phrase.text).join(' ')).toContain('your country can do')
        for (const { startSeconds, endSeconds, confidence } of phrases) {
          expect(startSeconds).toBeGreaterThan(0.5)
          expect(endSeconds).toBeGreaterThan(startSeconds)
          expect(endSeconds).toBeLessThanOrEqual(5)
          if (confidence !== null) expect(Math.abs(confidence - 0.5)).toBeLessThanOrEqual(0.5)
        }
      }
    })

    describe('at work', () => {
      const atWork = () => findProcesses(dir).filter(({ command }) => !command.includes('ffmpeg'))
      const begin = async (signal?: AbortSignal) => {
        await listener.close()
        const opened = await open(signal)
        const samples = Buffer.concat(Array.from({ length: 5 }, () => speech))
        const hearing = opened.transcribe({ samples, language: 'en', isTranslated: false })
        hearing.catch(() => undefined)
        await expect.poll(() => atWork().length, { interval: 10 }).toBeGreaterThan(0)
        return { opened, hearing }
      }

      it('stops when it is told to, and leaves no process', async () => {
        const stop = new AbortController()
        const reason = new Error('enough')
        const { opened, hearing } = await begin(stop.signal)
        stop.abort(reason)
        const abortedAt = Date.now()
        await expect(hearing).rejects.toBe(reason)
        await opened.close()
        await opened.close()
        await expect.poll(atWork).toEqual([])
        expect(Date.now() - abortedAt).toBeLessThan(2_000)
      })

      it('that crashes is an error of this stretch, and nothing more', async () => {
        const { opened, hearing } = await begin()
        for (const { pid } of atWork()) process.kill(pid, 'SIGKILL')
        await expect(hearing).rejects.toMatchObject({ code: 'captions.engine_failed' })
        await opened.close()
      })
    })
  })
}
