import { useState } from 'react'
import { useDebouncedFetch } from '@/app/ui/use-debounced-fetch'
import type { ChapterDto } from '@/lib/videos/chapters'
import type { VideoDetailsDto, VideoDto } from '@/lib/videos/schema'

/** The chapters and the metadata of a video, which its live row lacks. Fetched when an inspection has found them. */
export function useVideoDetails(initial: VideoDetailsDto, video: VideoDto | undefined) {
  const isOutdated = initial.durationSeconds === null && (video?.durationSeconds ?? null) !== null
  const fetched = useDebouncedFetch<VideoDetailsDto>(isOutdated ? `/api/v1/videos/${initial.id}` : null)
  const [edited, setEdited] = useState<ChapterDto[]>()
  const { chapters, metadata } = fetched ?? initial
  return { chapters: edited ?? chapters, metadata, edited, setEdited }
}
