'use client'

import { useMemo } from 'react'
import { sendApiRequest } from '@/app/ui/api-request'
import { useUndoableDelete } from '@/app/live/use-undoable-delete'
import { useLiveStore } from '@/app/live/live-provider'
import { type SidecarResult, uploadSidecar } from '@/app/features/uploads/sidecars'
import type { CaptionDto } from '@/lib/captions/schema'
import type { TaskDto } from '@/lib/tasks/schema'

interface Options {
  videoId: string
  /** Shows a track that is new, or made anew. */
  onTrackReady(id: string): void
  /** Told where something of a file could not be taken. */
  onImportReport(sent: SidecarResult): void
}

/** What people do with the captions of a video. */
export function useTrackActions({ videoId, onTrackReady: onTrack, onImportReport: onFileAnswer }: Options) {
  const store = useLiveStore()
  const deleteLater = useUndoableDelete()
  return useMemo(
    () => ({
      order: (order: { language?: string; translate?: boolean } = {}) =>
        sendApiRequest<{ caption: CaptionDto; task: TaskDto }>(
          { url: `/api/v1/videos/${videoId}/captions`, method: 'POST', body: order },
          ({ caption, task }) => {
            store.upsert({ captions: [caption], tasks: [task] })
            onTrack(caption.id)
          },
        ),
      change: (track: CaptionDto, body: object) =>
        sendApiRequest<CaptionDto>(
          { url: `/api/v1/captions/${track.id}`, method: 'PATCH', body },
          (caption) => store.upsert({ captions: [caption] }),
        ),
      remove: (track: CaptionDto) =>
        deleteLater({ ids: [track.id], name: `“${track.label}”`, urlOf: (id) => `/api/v1/captions/${id}` }),
      async addFile(file: File) {
        const sent = await uploadSidecar(videoId, file)
        if (sent.caption) {
          store.upsert({ captions: [sent.caption] })
          onTrack(sent.caption.id)
        }
        if (!sent.caption || sent.problems.length > 0) onFileAnswer(sent)
      },
    }),
    [videoId, store, deleteLater, onTrack, onFileAnswer],
  )
}

export type TrackActions = ReturnType<typeof useTrackActions>
