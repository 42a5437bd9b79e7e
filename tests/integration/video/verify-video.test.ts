import { describe, expect, it } from 'vitest'
import { videoKeys } from '@/lib/storage/keys'
import { getProofSheet } from '@/lib/videos/proof/get-proof-sheet'
import { renderPlaylist } from '@/lib/videos/render-playlist'
import {
  copyStreamsTask,
  packageVideoTask,
  transcodeStartTask,
  transcodeVideoTask,
  verifyVideoTask,
} from '@/lib/videos/tasks'
import { useCaptionFixture } from '@/tests/support/caption-fixture'
import { useDatabase } from '@/tests/support/database'
import { generateMedia, type MediaName } from '@/tests/support/generate-media'

const database = useDatabase()
const fixture = useCaptionFixture(database, { CAPTIONS: 'none' })

async function transcode(name: MediaName) {
  const videoId = await fixture.uploadVideo(await generateMedia(name))
  for (const { name: queue } of [transcodeVideoTask, copyStreamsTask, transcodeStartTask, transcodeVideoTask])
    await fixture.runNextJob(queue)
  return videoId
}
const readSheet = (id: string) => getProofSheet(database.db, { id, ownerId: fixture.ownerId })

describe('a proof sheet', () => {
  it('shows that pictures and sound of the renditions are those of the file, at the same time', async () => {
    const videoId = await transcode('surf.mkv')
    expect(await readSheet(videoId)).toMatchObject({ isChecked: false })
    await fixture.runNextJob(verifyVideoTask.name)
    const { renditions, changes, source, isChecked } = await readSheet(videoId)
    expect(isChecked).toBe(true)
    expect(source.tracks.map(({ kind }) => kind)).toEqual(['video', 'audio'])
    expect(changes.map(({ reason }) => reason)).toContain('Not every browser plays mpeg4.')
    const [picture, sound] = renditions
    expect(picture).toMatchObject({ name: '360p', segments: 4, longestSegmentSeconds: 4, problems: [] })
    expect(picture!.similarity.map(({ atSeconds }) => atSeconds)).toEqual([0, 2, 4])
    for (const { mean, lowest } of picture!.similarity) {
      expect(mean).toBeGreaterThan(0.9)
      expect(lowest).toBeLessThanOrEqual(mean)
    }
    expect(sound!.problems).toEqual([])
    expect(sound!.soundDelays, JSON.stringify(sound)).not.toEqual([])
    for (const { delaySeconds } of sound!.soundDelays) expect(Math.abs(delaySeconds!)).toBeLessThan(0.005)
  })

  it('withdraws a rendition that shows other pictures, with its download', { tags: 'full' }, async () => {
    const [videoId, otherId] = [await transcode('surf.mkv'), await transcode('other-pictures.mkv')]
    while (await fixture.runNextJob(packageVideoTask.name));
    const [keys, others] = [videoKeys(videoId), videoKeys(otherId)].map(
      ({ segment }) =>
        (index: number) =>
          segment('360p', index),
    )
    for (const index of [0, 1, 2, 3])
      await fixture.context.storage.put(keys!(index), await fixture.context.storage.read(others!(index)))
    while (await fixture.runNextJob(verifyVideoTask.name));
    const [picture] = (await readSheet(videoId)).renditions
    expect(picture).toMatchObject({ state: 'failed' })
    expect(picture!.problems).toHaveLength(3)
    const row = await database.db.rendition.findFirstOrThrow({ where: { videoId, name: '360p' } })
    expect(row).toMatchObject({ state: 'failed', downloadKey: null })
    expect(await fixture.context.storage.stat(videoKeys(videoId).download('360p'))).toBeNull()
    expect(await renderPlaylist(database.db, { videoId, ownerId: fixture.ownerId })).toBeDefined()
  })

  it('is not found before the inspection and by other users', async () => {
    const video = await database.db.video.create({
      data: {
        ownerId: fixture.ownerId,
        title: 'a',
        filename: 'a.mp4',
        sizeBytes: 1,
        sha256: '',
        sourceKey: 'a',
      },
    })
    await expect(readSheet(video.id)).rejects.toMatchObject({ code: 'video.not_inspected' })
    const where = { id: video.id, ownerId: 'another' }
    await expect(getProofSheet(database.db, where)).rejects.toMatchObject({ code: 'video.not_found' })
  })
})
