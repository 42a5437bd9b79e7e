'use client'

import { useMemo } from 'react'
import { ask } from '@/app/machines/ask-machine'
import { useDeleteLater } from '@/app/components/delete-later'
import { useLiveStore } from '@/app/live/live'
import { type SentSidecar, sendSidecar } from '@/app/uploads/sidecars'
import type { CaptionDto } from '@/lib/captions/contract'
import type { TaskDto } from '@/lib/tasks/contract'

interface Given {
  videoId: string
  /** Shows a track that is new, or made anew. */
  onTrack(id: string): void
  /** Told where something of a file could not be taken. */
  onFileAnswer(sent: SentSidecar): void
}

/** What people do with the captions of a video. */
export function useTrackActions({ videoId, onTrack, onFileAnswer }: Given) {
  const store = useLiveStore()
  const deleteLater = useDeleteLater()
  return useMemo(
    () => ({
      order: (order: { language?: string; translate?: boolean } = {}) =>
        ask<{ caption: CaptionDto; task: TaskDto }>(
          { at: `/api/v1/videos/${videoId}/captions`, method: 'POST', body: order },
          ({ caption, task }) => {
            store.add({ captions: [caption], tasks: [task] })
            onTrack(caption.id)
          },
        ),
      change: (track: CaptionDto, body: object) =>
        ask<CaptionDto>({ at: `/api/v1/captions/${track.id}`, method: 'PATCH', body }, (caption) =>
          store.add({ captions: [caption] }),
        ),
      remove: (track: CaptionDto) =>
        deleteLater({ ids: [track.id], name: `“${track.label}”`, at: (id) => `/api/v1/captions/${id}` }),
      async addFile(file: File) {
        const sent = await sendSidecar(videoId, file)
        if (sent.caption) {
          store.add({ captions: [sent.caption] })
          onTrack(sent.caption.id)
        }
        if (!sent.caption || sent.problems.length > 0) onFileAnswer(sent)
      },
    }),
    [videoId, store, deleteLater, onTrack, onFileAnswer],
  )
}

export type TrackActions = ReturnType<typeof useTrackActions>
