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
  /** Whether it recognizes the spoken words; a model without weights does not. */
  canRecognizeSpeech: boolean
}

/** The contract suite of every transcriber. */
export function describeTranscriber({ transcriber, canRecognizeSpeech }: TranscriberUnderTest) {
  describe(transcriber.title, () => {
    const dir = mkdtempSync(path.join(tmpdir(), 'meanwhile-transcriber-'))
    const silence = Buffer.alloc(5 * BYTES_PER_SECOND)
    let speech: Buffer
    let session: TranscriberSession
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
      session = await open()
    })
    afterAll(async () => {
      await session.close()
      rmSync(dir, { recursive: true, force: true })
    })

    it('returns no phrases for silence without delay', async () => {
      const startedAt = Date.now()
      expect((await session.transcribe({ samples: silence, isTranslated: false })).phrases).toEqual([])
      expect(Date.now() - startedAt).toBeLessThan(500)
    })

    it('transcribes one chunk after another, with times within each', async () => {
      for (const samples of [speech, speech]) {
        const { phrases } = await session.transcribe({ samples, language: 'en', isTranslated: false })
        if (canRecognizeSpeech)
          expect(phrases.map((phrase) => phrase.text).join(' ')).toContain('your country can do')
        for (const { startSeconds, endSeconds, confidence } of phrases) {
          expect(startSeconds).toBeGreaterThan(0.5)
          expect(endSeconds).toBeGreaterThan(startSeconds)
          expect(endSeconds).toBeLessThanOrEqual(5)
          if (confidence !== null) expect(Math.abs(confidence - 0.5)).toBeLessThanOrEqual(0.5)
        }
      }
    })

    it(
      'transcribes as many chunks at once as it has lanes, like one after another',
      { tags: 'full' },
      async () => {
        const later = Buffer.concat([Buffer.alloc(2 * BYTES_PER_SECOND), speech])
        const requests = Array.from({ length: session.lanes }, (_, n) => ({
          samples: n % 2 === 0 ? speech : later,
          language: 'en',
          isTranslated: false,
        }))
        const atOnce = await Promise.all(requests.map((request) => session.transcribe(request)))
        for (const [n, request] of requests.entries())
          expect(atOnce[n]).toEqual(await session.transcribe(request))
      },
    )

    describe('while transcribing', () => {
      const findEngineProcesses = () =>
        findProcesses(dir).filter(({ command }) => !command.includes('ffmpeg'))
      const startTranscription = async (signal?: AbortSignal) => {
        await session.close()
        const opened = await open(signal)
        const samples = Buffer.concat(Array.from({ length: 5 }, () => speech))
        const transcription = opened.transcribe({ samples, language: 'en', isTranslated: false })
        transcription.catch(() => undefined)
        await expect.poll(() => findEngineProcesses().length, { interval: 10 }).toBeGreaterThan(0)
        return { opened, transcription }
      }

      it('stops when the signal aborts and leaves no process running', async () => {
        const stop = new AbortController()
        const reason = new Error('aborted')
        const { opened, transcription } = await startTranscription(stop.signal)
        stop.abort(reason)
        const abortedAt = Date.now()
        await expect(transcription).rejects.toBe(reason)
        await opened.close()
        await opened.close()
        await expect.poll(findEngineProcesses).toEqual([])
        expect(Date.now() - abortedAt).toBeLessThan(2_000)
      })

      it('reports a crash of the engine as an error of the chunk', async () => {
        const { opened, transcription } = await startTranscription()
        for (const { pid } of findEngineProcesses()) process.kill(pid, 'SIGKILL')
        await expect(transcription).rejects.toMatchObject({ code: 'captions.engine_failed' })
        await opened.close()
      })
    })
  })
}
