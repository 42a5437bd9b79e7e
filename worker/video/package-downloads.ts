import path from 'node:path'
import { packageVideo } from '@/lib/videos/kinds'
import type { Storage } from '@/lib/storage/storage'
import type { TaskHandler } from '../handler'
import { remuxMp4 } from './engine/remux-mp4'
import { folderOf, loadInspected, removeIfDeleted, withScratch } from './load'

/** An MP4 to download of every rendition, with the first audio track. Nothing is encoded again. */
export const packageDownloads: TaskHandler<typeof packageVideo> = {
  kind: packageVideo,
  async run(run) {
    const { video, info } = await loadInspected(run)
    const { db, storage, config } = run.context
    const renditions = await db.rendition.findMany({
      where: { videoId: video.id },
      orderBy: { position: 'asc' },
      include: { segments: { orderBy: { index: 'asc' }, select: { index: true } } },
    })
    const audio = renditions.find((rendition) => rendition.mode === 'audio')
    // The source is there to download as it is; only where that is no MP4, one is made.
    const isMp4 = info.demuxer === 'mov'
    const wanted = renditions.filter(({ mode }) => mode === 'encode' || (mode === 'copy' && !isMp4))
    for (const [n, rendition] of wanted.entries()) {
      if (rendition.downloadKey) continue
      run.report({ stage: `Preparing ${rendition.name}`, progress: n / wanted.length })
      await withScratch(run, async (outputDir) => {
        const parts = [rendition, ...(audio ? [audio] : [])]
        const streams = parts.map((part) =>
          readAll(storage, `${folderOf(video.id)}/hls/${part.name}`, part.segments),
        )
        const fileName = `${rendition.name}.mp4`
        await remuxMp4({
          streams,
          outputDir,
          fileName,
          signal: run.signal,
          memoryBytes: config.MEDIA_MEMORY_BYTES,
        })
        const downloadKey = `${folderOf(video.id)}/downloads/${fileName}`
        await storage.adopt(downloadKey, path.join(outputDir, fileName))
        await run.write((tx) => tx.rendition.update({ where: { id: rendition.id }, data: { downloadKey } }))
      })
    }
    return {
      store: async (tx) => void (await tx.video.update({ where: { id: video.id }, data: { version: 0 } })),
    }
  },

  discard: async (run) => void (await removeIfDeleted(run)),
}

async function* readAll(
  storage: Storage,
  folder: string,
  segments: { index: number }[],
): AsyncGenerator<Buffer> {
  yield* await storage.read(`${folder}/init.mp4`)
  for (const { index } of segments) yield* await storage.read(`${folder}/${index}.m4s`)
}
