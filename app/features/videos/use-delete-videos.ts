'use client'

import { useCallback } from 'react'
import type { VideoDto } from '@/lib/videos/schema'
import { useUndoableDelete } from '@/app/live/use-undoable-delete'

/** Returns a function that deletes videos after an undo period. */
export function useDeleteVideos() {
  const undoableDelete = useUndoableDelete()
  return useCallback(
    (videos: VideoDto[]) =>
      undoableDelete({
        ids: videos.map(({ id }) => id),
        name: videos.length === 1 ? `“${videos[0]!.title}”` : `${videos.length} videos`,
        urlOf: (id) => `/api/v1/videos/${id}`,
      }),
    [undoableDelete],
  )
}
