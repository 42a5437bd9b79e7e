import type { Rendition } from '@/lib/generated/prisma/client'
import { currentKeys } from '@/lib/storage/keys'
import { hasCurrentDownload } from '@/lib/videos/current-downloads'
import { whereEncodedBy } from '@/lib/videos/encoded-by'
import { selectChapters } from '@/lib/videos/chapters'
import { packageVideoTask } from '@/lib/videos/tasks'
import * as messages from '@/lib/generated/messages/video-stages'
import { loadInspectedVideo, removeFilesIfDeleted } from '../media/load-video'
import { requireSandboxFile } from '../process/sandbox-files'
import type { TaskHandler, TaskRun } from '../runtime/handler'
import { withScratchDir } from '../runtime/scratch'
import { remuxRenditions } from './remux-renditions'

/**
 * Packages each rendition with all audio tracks and the chapters as an MP4 download, without encoding. After an edit of the
 * chapters, downloads are packaged again.
 */
export const packageVideo: TaskHandler<typeof packageVideoTask> = {
  kind: packageVideoTask,
  async run(run) {
    const { video, info } = await loadInspectedVideo(run)
    const { db, storage } = run.context
    const keys = currentKeys(video)
    const chapters = await db.chapter.findMany({ where: { videoId: video.id }, ...selectChapters })
    const renditions = await db.rendition.findMany({
      where: whereEncodedBy(run.payload),
      orderBy: { position: 'asc' },
      include: { segments: { orderBy: { index: 'asc' }, select: { index: true } } },
    })
    const audio = renditions.filter((rendition) => rendition.mode === 'audio')
    // An MP4 source is its own download.
    const isMp4 = info.demuxer === 'mov'
    const downloads = renditions.filter(
      ({ mode, state }) => state !== 'failed' && (mode === 'encode' || (mode === 'copy' && !isMp4)),
    )
    const downloadChaptersAt = video.chaptersEditedAt
    const isPackaged = (rendition: Rendition) => hasCurrentDownload(rendition, video)
    for (const rendition of downloads) {
      if (isPackaged(rendition)) continue
      reportDownloads(run, { downloads, current: rendition.name, isPackaged })
      await withScratchDir(run, async (outputDir) => {
        const fileName = `${rendition.name}.mp4`
        await remuxRenditions(run, {
          keys,
          renditions: [rendition, ...audio],
          chapters,
          metadata: info.metadata,
          outputDir,
          fileName,
        })
        const downloadKey = keys.download(rendition.name)
        await storage.moveIn(downloadKey, await requireSandboxFile(outputDir, fileName), {
          signal: run.signal,
        })
        const downloadBytes = (await storage.stat(downloadKey))?.sizeBytes
        const data = { downloadKey, downloadBytes, downloadChaptersAt }
        const { count } = await run.write((tx) =>
          tx.rendition.updateMany({ where: { id: rendition.id, state: { not: 'failed' } }, data }),
        )
        // Its check has withdrawn it meanwhile.
        if (count === 0) return storage.removeAll(downloadKey)
        Object.assign(rendition, { downloadKey, downloadChaptersAt })
      })
    }
    return { result: { renditions: downloads.map(({ name }) => name) } }
  },

  discard: async (run) => void (await removeFilesIfDeleted(run)),
}

interface Packaging {
  downloads: Rendition[]
  /** The name of the one that is being packaged. */
  current: string
  /** Whether there is a download with the present chapters. */
  isPackaged: (rendition: Rendition) => boolean
}

/** Reports the state of every download, which distinguishes one that is being packaged from a missing one. */
function reportDownloads(
  run: Pick<TaskRun<unknown>, 'report'>,
  { downloads, current, isPackaged }: Packaging,
) {
  run.report({
    stage: messages.packaging({ name: current }),
    progress: downloads.filter(isPackaged).length / downloads.length,
    detail: {
      renditions: downloads.map((rendition) => ({
        name: rendition.name,
        state: isPackaged(rendition) ? 'done' : rendition.name === current ? 'in_progress' : 'queued',
        progress: isPackaged(rendition) ? 1 : 0,
      })),
    },
  })
}
