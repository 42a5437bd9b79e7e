'use client'

import type Hls from 'hls.js'
import type { HlsConfig } from 'hls.js'
import HlsVideo from 'hls-video-element/react'
import { type ComponentRef, useLayoutEffect, useRef, useState } from 'react'
import type { CaptionDto } from '@/lib/captions/schema'
import type { RenditionDto } from '@/lib/videos/schema'
import { uniqueTrackNames } from '@/lib/videos/languages'
import { CaptionTrack, type EditedCues } from './caption-track'
import type { CaptionFile, PlayableVideo } from './playable-video'
import type { Playhead } from './playhead'
import { reloadNative } from './reload-native'
import { MergedAudioTrackController } from './surround-tracks'
import { withGrantOf } from './with-grant-of'

/** Retries for about five minutes, which outlasts a restart of the server. */
const RETRY_POLICY: HlsConfig['fragLoadPolicy']['default']['errorRetry'] = {
  maxNumRetry: 40,
  retryDelayMs: 1_000,
  maxRetryDelayMs: 8_000,
}

/** What segments of a file that was replaced are answered with. */
const HTTP_GONE = 410

/** Browsers size captions at 5 % of the video height, which is too small to read on a phone. */
const CAPTION_STYLE = '@media (width < 640px) { video::cue { font-size: 15px } }'

interface Props {
  video: PlayableVideo
  captions: CaptionDto[]
  captionFiles: readonly CaptionFile[]
  hasChapters: boolean
  edited?: EditedCues
  playhead: Playhead
  /** Called when the user turns captions on or off. */
  onCaptionsToggle(isCaptioned: boolean): void
}

/** The hls.js media element, starting at the playhead. */
export function HlsMedia({
  video,
  captions,
  captionFiles,
  hasChapters,
  edited,
  playhead,
  onCaptionsToggle,
}: Props) {
  const element = useRef<ComponentRef<typeof HlsVideo>>(null)
  // The menu identifies tracks by name alone.
  const labels = uniqueTrackNames([...captions, ...captionFiles])
  const [start] = useState(playhead.read)
  const { hls } = video.urls
  const [firstUrl] = useState(hls)
  const latestUrl = useRef(hls)
  // Audio has no picture that would replace it.
  const hasPoster = start.seconds === 0 || video.hasVideo === false
  const [config] = useState(() => ({
    startPosition: start.seconds,
    // A growing playlist is a video still being transcoded, not a live stream.
    liveDurationInfinity: false,
    maxBufferLength: 30,
    audioTrackController: MergedAudioTrackController,
    videoPreference: isOriginalLargest(video) ? { videoCodec: 'avc1' } : undefined,
    // CaptionTrack adds captions, so they can change without reloading the playlist.
    timelineController: undefined,
    subtitleTrackController: undefined,
    subtitleStreamController: undefined,
    // The grant of a shared video is renewed while it plays.
    xhrSetup(xhr: XMLHttpRequest, url: string) {
      const renewed = withGrantOf(url, latestUrl.current)
      if (renewed !== url) xhr.open('GET', renewed)
    },
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
    latestUrl.current = hls
  }, [hls])
  useLayoutEffect(() => {
    const media = element.current
    if (!media) return
    let watched: Hls | null = null
    const watch = () => {
      if (!media.api || media.api === watched) return
      const player = media.api
      watched = player
      const { Events, ErrorTypes } = player.constructor as typeof Hls
      player.on(Events.ERROR, (_event, { fatal, type, response }) => {
        if (response?.code === HTTP_GONE) return reload(player)
        if (fatal && type === ErrorTypes.MEDIA_ERROR) media.api?.recoverMediaError()
      })
    }
    // The file of the video was replaced. Several requests may learn it.
    const reload = (player: Hls) => {
      if (player !== watched) return
      watched = null
      media.config = { ...config, startPosition: media.currentTime }
      if (!media.paused) media.addEventListener('loadedmetadata', () => void media.play(), { once: true })
      media.load()
    }
    media.addEventListener('loadstart', watch)
    const detach = playhead.attach(media)
    const stopReloading = reloadNative(media, () => latestUrl.current)
    // A src attribute would start loading before the element has its configuration.
    media.src = firstUrl
    return () => {
      media.removeEventListener('loadstart', watch)
      stopReloading()
      detach()
    }
  }, [playhead, firstUrl, config])
  return (
    <HlsVideo
      ref={element}
      slot="media"
      config={config}
      preload={start.isPlaying ? 'auto' : 'metadata'}
      autoplay={start.isPlaying}
      playsInline
      poster={hasPoster ? (video.urls.poster ?? undefined) : undefined}
      crossOrigin="anonymous"
    >
      {video.urls.storyboard && (
        <track kind="metadata" label="thumbnails" default src={video.urls.storyboard} />
      )}
      {hasChapters && <track kind="chapters" default src={video.urls.chapters} />}
      {captions.map((caption, n) => (
        <CaptionTrack
          key={caption.id}
          media={element}
          caption={caption}
          label={labels[n]!}
          edited={edited}
          onCaptionsToggle={onCaptionsToggle}
        />
      ))}
      {captionFiles.map(({ id, language, url }, n) => (
        <track key={id} kind="subtitles" label={labels[captions.length + n]} srcLang={language} src={url} />
      ))}
    </HlsVideo>
  )
}

/** hls.js chooses a codec first and then one of its sizes, so another codec would hide an original in 4K. */
function isOriginalLargest({ renditions }: PlayableVideo) {
  const height = (mode: RenditionDto['mode']) =>
    Math.max(0, ...renditions.filter((rendition) => rendition.mode === mode).map((one) => one.height ?? 0))
  return height('copy') > height('encode')
}

const loadPolicy = (maxTimeToFirstByteMs: number, maxLoadTimeMs: number) => ({
  maxTimeToFirstByteMs,
  maxLoadTimeMs,
  timeoutRetry: RETRY_POLICY,
  errorRetry: RETRY_POLICY,
})
