'use client'

import type Hls from 'hls.js'
import {
  MediaControlBar,
  MediaController,
  MediaFullscreenButton,
  MediaMuteButton,
  MediaPlaybackRateButton,
  MediaPlayButton,
  MediaPreviewThumbnail,
  MediaPreviewTimeDisplay,
  MediaTimeDisplay,
  MediaTimeRange,
  MediaVolumeRange,
} from 'media-chrome/react'
import { useEffect, useRef, useState } from 'react'
import type { VideoDto } from '@/lib/videos/contract'

interface Quality {
  index: number
  height: number
}

/** Plays the HLS renditions; what becomes ready while it plays is taken in at the place where it is. */
export function Player({ video }: { video: VideoDto }) {
  const element = useRef<HTMLVideoElement>(null)
  const hls = useRef<Hls | null>(null)
  const [qualities, setQualities] = useState<Quality[]>([])
  const [chosen, setChosen] = useState(-1)
  // Another set of whole renditions means another master playlist.
  const available = video.renditions
    .filter((rendition) => rendition.state === 'done')
    .map((rendition) => rendition.name)
    .join()

  useEffect(() => {
    const media = element.current
    if (!media) return
    const { currentTime, paused } = media
    let isCurrent = true
    void import('hls.js').then(({ default: Engine }) => {
      if (!isCurrent) return
      if (!Engine.isSupported()) {
        media.src = video.urls.hls
        return
      }
      const engine = new Engine({ startPosition: currentTime || 0, maxBufferLength: 30 })
      hls.current = engine
      engine.on(Engine.Events.MANIFEST_PARSED, (_event, { levels }) => {
        setQualities(
          levels.map(({ height }, index) => ({ index, height })).sort((a, b) => b.height - a.height),
        )
        if (!paused) void media.play()
      })
      engine.on(Engine.Events.ERROR, (_event, { fatal, type }) => {
        if (!fatal) return
        if (type === Engine.ErrorTypes.MEDIA_ERROR) engine.recoverMediaError()
        else setTimeout(() => isCurrent && engine.loadSource(video.urls.hls), 3_000)
      })
      engine.loadSource(video.urls.hls)
      engine.attachMedia(media)
    })
    return () => {
      isCurrent = false
      hls.current?.destroy()
      hls.current = null
    }
  }, [video.urls.hls, available])

  const choose = (index: number) => {
    setChosen(index)
    if (hls.current) hls.current.nextLevel = index
  }
  return (
    <div className="flex flex-col gap-2">
      <MediaController
        className="aspect-video w-full overflow-hidden rounded-xl bg-black"
        hotkeys="noarrowup noarrowdown"
      >
        {/* oxlint-disable-next-line jsx-a11y/media-has-caption -- captions come with their own issue */}
        <video
          ref={element}
          slot="media"
          playsInline
          poster={video.urls.poster ?? undefined}
          className="size-full"
          crossOrigin="anonymous"
        >
          {video.urls.storyboard && (
            <track kind="metadata" label="thumbnails" default src={video.urls.storyboard} />
          )}
        </video>
        <MediaControlBar>
          <MediaPlayButton />
          <MediaMuteButton />
          <MediaVolumeRange className="max-sm:hidden" />
          <MediaTimeRange>
            <MediaPreviewThumbnail slot="preview" />
            <MediaPreviewTimeDisplay slot="preview" />
          </MediaTimeRange>
          <MediaTimeDisplay showDuration />
          <MediaPlaybackRateButton />
          <MediaFullscreenButton />
        </MediaControlBar>
      </MediaController>
      {qualities.some(({ height }) => height > 0) && (
        <label className="flex items-center gap-2 self-end text-sm text-soft">
          Quality
          <select
            value={chosen}
            onChange={(event) => choose(Number(event.target.value))}
            className="h-8 rounded-md border bg-raised px-2 text-ink"
          >
            <option value={-1}>Automatic</option>
            {qualities.map(({ index, height }) => (
              <option key={index} value={index}>
                {height}p
              </option>
            ))}
          </select>
        </label>
      )}
    </div>
  )
}
