import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { useCaptionRoom } from '@/tests/support/caption-room'
import { useDatabase } from '@/tests/support/database'
import { ASK, makeSpeech, SUN } from '@/tests/support/speech'

const database = useDatabase()
const room = useCaptionRoom(database)
let speech: string

beforeAll(async () => {
  const said = [
    { text: ASK, atSeconds: 1 },
    { text: SUN, atSeconds: 36 },
  ]
  speech = await makeSpeech(path.join(room.dir, 'speech.mkv'), { said, seconds: 45 })
})

describe('a video in which somebody speaks', () => {
  it('gets captions where it is said, told to be rough, with how long it took', async () => {
    const videoId = await room.upload(speech)
    await room.deliver()
    const [track] = await room.captionsOf(videoId)
    expect(track).toMatchObject({
      state: 'done',
      language: 'en',
      source: 'speech',
      engine: 'pocketsphinx',
      isLowAccuracy: true,
    })
    const cues = await room.cuesOf(track!.id)
    expect(cues.map((cue) => cue.text)).toEqual([ASK, SUN])
    expect(cues[0]!.startSeconds).toBeCloseTo(1, 0)
    expect(cues[1]!.startSeconds).toBeCloseTo(36, 0)
    expect(await room.taskOf(videoId)).toMatchObject({ state: 'done', result: { cues: 2 } })
  })
})
