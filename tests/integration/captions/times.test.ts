import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { openWhisper } from '@/tests/support/open-whisper'
import { findSpeechModels, TEST_MODEL } from '@/tests/support/speech-model'
import { hasVoices } from '@/tests/support/synthesize-voice'
import { speakWordByWord } from '@/tests/support/synthetic-speeches'
import { findTimeErrors } from '@/tests/support/time-errors'
import { buildCues } from '@/worker/captions/build-cues'
import { BYTES_PER_SECOND } from '@/worker/captions/transcriber'

const modelsDir = findSpeechModels()

const findWorst = (errors: readonly number[]) => Math.max(...errors.map(Math.abs))

/** In seconds, of synthetic voices in three languages. */
async function measureErrors({ hasWordTimes, scratchDir }: { hasWordTimes: boolean; scratchDir: string }) {
  const session = await openWhisper(scratchDir, { ...TEST_MODEL, hasWordTimes })
  try {
    const errors = { cues: [] as number[], words: [] as number[] }
    for (const { language, pieces } of speakWordByWord())
      for (const { samples, words } of pieces) {
        const { phrases } = await session.transcribe({ samples, language, isTranslated: false })
        const chunk = { startSeconds: 0, endSeconds: samples.length / BYTES_PER_SECOND }
        const found = findTimeErrors(buildCues(phrases, chunk), words)
        errors.cues.push(...found.cues)
        errors.words.push(...found.words)
      }
    return errors
  } finally {
    await session.close()
  }
}

describe.skipIf(!modelsDir || !hasVoices())('the times of Whisper', { tags: 'full' }, () => {
  const scratchDir = mkdtempSync(path.join(tmpdir(), 'meanwhile-times-'))
  afterAll(() => rmSync(scratchDir, { recursive: true, force: true }))

  it('are within 0.25 s for words and the starts of cues, if its export has cross-attention', async () => {
    const { cues, words } = await measureErrors({ hasWordTimes: true, scratchDir })
    expect(cues.length).toBeGreaterThan(7)
    expect(words.length).toBeGreaterThan(60)
    expect(findWorst(cues)).toBeLessThan(0.25)
    expect(findWorst(words)).toBeLessThan(0.25)
  })

  it('are within 0.25 s for the starts of cues and 0.5 s for words that are searched, with any other export', async () => {
    const { cues, words } = await measureErrors({ hasWordTimes: false, scratchDir })
    expect(cues.length).toBeGreaterThan(7)
    expect(words.length).toBeGreaterThan(60)
    expect(findWorst(cues)).toBeLessThan(0.25)
    expect(findWorst(words)).toBeLessThan(0.5)
  })
})
