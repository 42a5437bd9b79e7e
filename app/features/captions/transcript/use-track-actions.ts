'use client'

import { useMemo } from 'react'
import { sendApiRequest } from '@/app/ui/api-request'
import { useUndoableDelete } from '@/app/live/use-undoable-delete'
import { useLiveStore } from '@/app/live/live-provider'
import { type SidecarResult, uploadSidecar } from '@/app/features/uploads/sidecars'
import type { CaptionDto } from '@/lib/captions/schema'
import type { TaskDto } from '@/lib/tasks/schema'
import * as messages from '@/lib/generated/messages/captions'

interface Options {
  videoId: string
  /** Called with a track that was added or regenerated. */
  onTrackReady(id: string): void
  /** Called with the result if some or all of an imported file could not be read, and with null before another import. */
  onImportReport(report: { file: File; result: SidecarResult } | null): void
}

/** Returns the actions for the caption tracks of a video. */
export function useTrackActions({ videoId, onTrackReady, onImportReport }: Options) {
  const store = useLiveStore()
  const undoableDelete = useUndoableDelete()
  return useMemo(
    () => ({
      requestCaptions: (request: { language?: string; translate?: boolean; speakers?: boolean } = {}) =>
        sendApiRequest<{ caption: CaptionDto; task: TaskDto }>(
          { url: `/api/v1/videos/${videoId}/captions`, method: 'POST', body: request },
          ({ caption, task }) => {
            store.upsert({ captions: [caption], tasks: [task] })
            onTrackReady(caption.id)
          },
        ),
      updateTrack: (track: CaptionDto, body: object) =>
        sendApiRequest<CaptionDto>(
          { url: `/api/v1/captions/${track.id}`, method: 'PATCH', body },
          (caption) => store.upsert({ captions: [caption] }),
        ),
      translateTrack: (track: CaptionDto, language: string) =>
        sendApiRequest<{ caption: CaptionDto; task: TaskDto }>(
          { url: `/api/v1/captions/${track.id}/translations`, method: 'POST', body: { language } },
          ({ caption, task }) => {
            store.upsert({ captions: [caption], tasks: [task] })
            onTrackReady(caption.id)
          },
        ),
      renameSpeaker: (track: CaptionDto, body: { from: string; to: string }) =>
        sendApiRequest<{ caption: CaptionDto }>(
          { url: `/api/v1/captions/${track.id}/speakers`, method: 'PATCH', body },
          ({ caption }) => store.upsert({ captions: [caption] }),
        ),
      deleteTrack: (track: CaptionDto) =>
        undoableDelete({
          ids: [track.id],
          name: messages.quotedName({ name: track.label }),
          urlOf: (id) => `/api/v1/captions/${id}`,
        }),
      async importFile(file: File, encoding?: string) {
        onImportReport(null)
        const result = await uploadSidecar(videoId, file, encoding)
        if (result.caption) {
          store.upsert({ captions: [result.caption] })
          onTrackReady(result.caption.id)
        }
        if (!result.caption || result.problems.length > 0) onImportReport({ file, result })
      },
    }),
    [videoId, store, undoableDelete, onTrackReady, onImportReport],
  )
}

export type TrackActions = ReturnType<typeof useTrackActions>
