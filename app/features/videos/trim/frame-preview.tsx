'use client'

import HlsVideo from 'hls-video-element/react'
import { type ComponentRef, useEffect, useRef, useState } from 'react'
import { formatTimecode } from '@/app/features/captions/editor/timecode'
import { getAspectRatio } from '@/app/features/player/aspect-ratio'
import type { VideoDto } from '@/lib/videos/schema'

interface Props {
  video: VideoDto
  /** The playlist. */
  src: string
  seconds: number
  label: string
}

/** Few seconds around the frame are loaded. */
const CONFIG = { maxBufferLength: 2, maxMaxBufferLength: 4 }

/** Shows one frame of a video. */
export function FramePreview({ video, src, seconds, label }: Props) {
  const element = useRef<ComponentRef<typeof HlsVideo>>(null)
  const [config] = useState(() => ({ ...CONFIG, startPosition: seconds }))
  useEffect(() => {
    const media = element.current
    // A src attribute would start loading before the element has its configuration.
    if (media) media.src = src
  }, [src])
  useEffect(() => {
    const media = element.current
    if (!media) return
    const seek = () => void (media.currentTime = seconds)
    if (media.readyState > 0) return seek()
    media.addEventListener('loadedmetadata', seek, { once: true })
    return () => media.removeEventListener('loadedmetadata', seek)
  }, [seconds])
  return (
    <figure className="relative mx-auto max-h-64 w-full overflow-hidden rounded-md bg-black">
      <HlsVideo
        ref={element}
        config={config}
        muted
        playsInline
        preload="auto"
        crossOrigin="anonymous"
        aria-hidden
        className="mx-auto block max-h-64 max-w-full"
        style={{ aspectRatio: getAspectRatio(video) }}
      />
      <figcaption className="absolute start-1.5 bottom-1.5 rounded bg-black/75 px-1.5 py-0.5 text-xs text-white tabular-nums">
        {label} · {formatTimecode(seconds)}
      </figcaption>
    </figure>
  )
}
