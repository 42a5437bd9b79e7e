import path from 'node:path'
import { expect, it } from 'vitest'
import { useCaptionFixture } from '@/tests/support/caption-fixture'
import { useDatabase } from '@/tests/support/database'
import { generateSpeech, MORNING_SUN_SENTENCE } from '@/tests/support/generate-speech'

const fixture = useCaptionFixture(useDatabase())

it('transcribes eight hours of audio with bounded memory', async () => {
  const hours = 8
  const utterances = [0, 1, 2, 3, 4, 5, 6, 7].map((hour) => ({
    text: MORNING_SUN_SENTENCE,
    atSeconds: hour * 3600 + 30,
  }))
  const file = await generateSpeech(path.join(fixture.dir, 'day.mkv'), {
    utterances,
    seconds: hours * 3600,
  })
  const videoId = await fixture.uploadVideo(file)
  let peak = 0
  const before = process.memoryUsage().rss
  const watch = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage().rss)
  }, 50)
  const startedAt = Date.now()
  await fixture.runNextTranscription()
  clearInterval(watch)
  const [track] = await fixture.listCaptions(videoId)
  process.stdout.write(
    `${hours} h transcribed in ${((Date.now() - startedAt) / 1000).toFixed(0)} s, ${((peak - before) / 1e6).toFixed(0)} MB more\n`,
  )
  expect(track).toMatchObject({ state: 'done', cueCount: hours })
  expect(peak - before).toBeLessThan(250e6)
  const cues = await fixture.listCues(track!.id)
  for (const [hour, cue] of cues.entries())
    expect(Math.abs(cue.startSeconds - hour * 3600 - 30.1)).toBeLessThan(0.5)
})
