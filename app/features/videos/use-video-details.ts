import { useState } from 'react'
import { useDebouncedFetch } from '@/app/ui/use-debounced-fetch'
import type { ChapterDto } from '@/lib/videos/chapters'
import type { VideoDetailsDto, VideoDto } from '@/lib/videos/schema'

interface EditedChapters {
  /** The file that they were edited for. */
  sha256: string | null | undefined
  chapters: ChapterDto[]
}

/**
 * The chapters, the metadata and the trim of a video, which its live row lacks. Fetched when an inspection has found them, and when its
 * file was replaced.
 */
export function useVideoDetails(initial: VideoDetailsDto, video: VideoDto | undefined) {
  const sha256 = video?.sha256
  const isReplaced = Boolean(initial.sha256 && sha256) && initial.sha256 !== sha256
  const isOutdated = initial.durationSeconds === null && (video?.durationSeconds ?? null) !== null
  const url = `/api/v1/videos/${initial.id}`
  const fetched = useDebouncedFetch<VideoDetailsDto>(
    isReplaced ? `${url}?file=${sha256}` : isOutdated ? url : null,
  )
  const [latest, setLatest] = useState<EditedChapters>()
  const edited = latest?.sha256 === sha256 ? latest?.chapters : undefined
  const setEdited = (chapters: ChapterDto[]) => setLatest({ sha256, chapters })
  const { chapters, metadata, trim } = fetched ?? initial
  return { chapters: edited ?? chapters, metadata, trim, edited, setEdited }
}
