'use client'

import { useCallback } from 'react'
import type { VideoDto } from '@/lib/videos/schema'
import { useUndoableDelete } from '@/app/live/use-undoable-delete'

/** Deletes videos, with some time to undo it. */
export function useDeleteVideos() {
  const deleteLater = useUndoableDelete()
  return useCallback(
    (videos: VideoDto[]) =>
      deleteLater({
        ids: videos.map(({ id }) => id),
        name: videos.length === 1 ? `“${videos[0]!.title}”` : `${videos.length} videos`,
        urlOf: (id) => `/api/v1/videos/${id}`,
      }),
    [deleteLater],
  )
}
