'use client'

import type Hls from 'hls.js'
import type { HlsConfig } from 'hls.js'
import HlsVideo from 'hls-video-element/react'
import { type ComponentRef, useLayoutEffect, useRef, useState } from 'react'
import type { CaptionDto } from '@/lib/captions/schema'
import type { VideoDto } from '@/lib/videos/schema'
import { uniqueTrackNames } from '@/lib/videos/languages'
import { CaptionTrack, type EditedCues } from './caption-track'
import type { Playhead } from './playhead'

/** A server that restarts is waited for: about five minutes of tries. */
const RETRY_POLICY: HlsConfig['fragLoadPolicy']['default']['errorRetry'] = {
  maxNumRetry: 40,
  retryDelayMs: 1_000,
  maxRetryDelayMs: 8_000,
}

/** Browsers make captions a twentieth as high as the picture, which on a phone is too small to read. */
const CAPTION_STYLE = '@media (width < 640px) { video::cue { font-size: 15px } }'

interface Props {
  video: VideoDto
  captions: CaptionDto[]
  edited?: EditedCues
  playhead: Playhead
  /** The person chose to see captions, or not to. */
  onCaptionsToggle(isCaptioned: boolean): void
}

/** The media under the player: hls.js, starting where the playhead is. */
export function HlsMedia({ video, captions, edited, playhead, onCaptionsToggle: onCaptioned }: Props) {
  const element = useRef<ComponentRef<typeof HlsVideo>>(null)
  // A menu tells tracks by their names alone.
  const labels = uniqueTrackNames(captions)
  const [start] = useState(playhead.read)
  const { hls } = video.urls
  const [config] = useState(() => ({
    startPosition: start.seconds,
    // A growing playlist is a video that is being made, not a live one.
    liveDurationInfinity: false,
    maxBufferLength: 30,
    // Captions are put in by CaptionTrack, where they grow and change without the playlist being loaded anew.
    timelineController: undefined,
    subtitleTrackController: undefined,
    subtitleStreamController: undefined,
    fragLoadPolicy: { default: loadPolicy(20_000, 120_000) },
    manifestLoadPolicy: { default: loadPolicy(10_000, 20_000) },
    playlistLoadPolicy: { default: loadPolicy(10_000, 20_000) },
  }))
  useLayoutEffect(() => {
    const style = new CSSStyleSheet()
    style.replaceSync(CAPTION_STYLE)
    element.current?.shadowRoot?.adoptedStyleSheets.push(style)
  }, [])
  useLayoutEffect(() => {
    const media = element.current
    if (!media) return
    let watched: Hls | null = null
    const watch = () => {
      if (!media.api || media.api === watched) return
      watched = media.api
      const { Events, ErrorTypes } = watched.constructor as typeof Hls
      watched.on(Events.ERROR, (_event, { fatal, type }) => {
        if (fatal && type === ErrorTypes.MEDIA_ERROR) media.api?.recoverMediaError()
      })
    }
    media.addEventListener('loadstart', watch)
    const detach = playhead.attach(media)
    // As an attribute it would begin to load at once, before it has its configuration.
    media.src = hls
    return () => {
      media.removeEventListener('loadstart', watch)
      detach()
    }
  }, [playhead, hls])
  return (
    <HlsVideo
      ref={element}
      slot="media"
      config={config}
      preload={start.isPlaying ? 'auto' : 'metadata'}
      autoplay={start.isPlaying}
      playsInline
      poster={start.seconds > 0 ? undefined : (video.urls.poster ?? undefined)}
      crossOrigin="anonymous"
    >
      {video.urls.storyboard && (
        <track kind="metadata" label="thumbnails" default src={video.urls.storyboard} />
      )}
      {captions.map((caption, n) => (
        <CaptionTrack
          key={caption.id}
          media={element}
          caption={caption}
          label={labels[n]!}
          edited={edited}
          onCaptionsToggle={onCaptioned}
        />
      ))}
    </HlsVideo>
  )
}

const loadPolicy = (maxTimeToFirstByteMs: number, maxLoadTimeMs: number) => ({
  maxTimeToFirstByteMs,
  maxLoadTimeMs,
  timeoutRetry: RETRY_POLICY,
  errorRetry: RETRY_POLICY,
})
