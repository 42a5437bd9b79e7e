import path from 'node:path'
import { packageVideoTask } from '@/lib/videos/tasks'
import type { Storage } from '@/lib/storage/storage'
import type { TaskHandler } from '../runtime/handler'
import { remuxMp4 } from './ffmpeg/remux-mp4'
import { videoPrefix, loadInspectedVideo, removeFilesIfDeleted, withScratchDir } from './load-video'

/** An MP4 to download of every rendition, with the first audio track. Nothing is encoded again. */
export const packageVideo: TaskHandler<typeof packageVideoTask> = {
  kind: packageVideoTask,
  async run(run) {
    const { video, info } = await loadInspectedVideo(run)
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
      await withScratchDir(run, async (outputDir) => {
        const parts = [rendition, ...(audio ? [audio] : [])]
        const streams = parts.map((part) =>
          readRendition(storage, `${videoPrefix(video.id)}/hls/${part.name}`, part.segments),
        )
        const fileName = `${rendition.name}.mp4`
        await remuxMp4({
          streams,
          outputDir,
          fileName,
          signal: run.signal,
          memoryBytes: config.MEDIA_MEMORY_BYTES,
        })
        const downloadKey = `${videoPrefix(video.id)}/downloads/${fileName}`
        await storage.moveIn(downloadKey, path.join(outputDir, fileName))
        await run.write((tx) => tx.rendition.update({ where: { id: rendition.id }, data: { downloadKey } }))
      })
    }
    return {
      store: async (tx) => void (await tx.video.update({ where: { id: video.id }, data: { version: 0 } })),
    }
  },

  discard: async (run) => void (await removeFilesIfDeleted(run)),
}

async function* readRendition(
  storage: Storage,
  folder: string,
  segments: { index: number }[],
): AsyncGenerator<Buffer> {
  yield* await storage.read(`${folder}/init.mp4`)
  for (const { index } of segments) yield* await storage.read(`${folder}/${index}.m4s`)
}
