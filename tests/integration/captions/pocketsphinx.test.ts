import { describe, expect, it } from 'vitest'
import { pocketSphinx, parsePhrases } from '@/worker/captions/pocketsphinx'
import { describeTranscriber } from '@/tests/support/contracts/transcriber-contract'

describeTranscriber({ transcriber: pocketSphinx, canRecognizeSpeech: true })

describe('the output of PocketSphinx', () => {
  const printed =
    'do you\n<s> 0.000 0.100 1.0\ndo(2) 1.000 1.300 0.5\n<sil> 1.300 1.400 0.9\nyou 1.400 1.600 1.000003\n</s> 1.6 1.7 1.0\n'
  const read = (text: string, range: { startSeconds: number; endSeconds: number }) =>
    parsePhrases(text, { speech: [range], offsetSeconds: 10 })

  it('is parsed into words with times, without silence and variant markers', () => {
    const more = '++NOISE++ 1.7 1.8 0.4\n[SPEECH] 1.8 1.9 0.4\n'
    const [phrase] = read(`${printed}${more}`, { startSeconds: 11, endSeconds: 13 })
    expect(phrase).toMatchObject({ text: 'do you', startSeconds: 11, endSeconds: 11.6, confidence: 0.75 })
    expect(phrase!.words).toHaveLength(2)
  })

  it('is parsed without profanities, of which it is never sure', () => {
    const more = 'shit 1.8 1.9 0.99\nSHIT(2) 1.9 2.0 0.99\nassess 2.1 2.4 0.4\n'
    const [phrase] = read(`${printed}${more}`, { startSeconds: 11, endSeconds: 13 })
    expect(phrase!.text).toBe('do you assess')
  })

  it('is ignored outside speech', () => {
    expect(read(printed, { startSeconds: 15, endSeconds: 16 })).toEqual([])
  })
})
