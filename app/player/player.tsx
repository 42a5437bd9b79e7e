'use client'

import {
  MediaControlBar,
  MediaController,
  MediaErrorDialog,
  MediaFullscreenButton,
  MediaLoadingIndicator,
  MediaMuteButton,
  MediaPipButton,
  MediaPlayButton,
  MediaPreviewThumbnail,
  MediaPreviewTimeDisplay,
  MediaTimeDisplay,
  MediaTimeRange,
  MediaVolumeRange,
} from 'media-chrome/react'
import {
  MediaAudioTrackMenu,
  MediaPlaybackRateMenu,
  MediaRenditionMenu,
  MediaSettingsMenu,
  MediaSettingsMenuButton,
  MediaSettingsMenuItem,
} from 'media-chrome/react/menu'
import { useState } from 'react'
import type { VideoDto } from '@/lib/videos/contract'
import { HlsMedia } from './hls-media'
import './player.css'

/** Plays the HLS renditions; what becomes ready while it plays is taken in at the place where it is. */
export function Player({ video }: { video: VideoDto }) {
  const [place] = useState(() => ({ seconds: 0, isPlaying: false }))
  // Another set of whole renditions means another multivariant playlist.
  const whole = video.renditions.filter((rendition) => rendition.state === 'done').map(({ name }) => name)
  const tracks = video.renditions.filter((rendition) => rendition.mode === 'audio')
  return (
    <MediaController
      className="player"
      hotkeys="noarrowup noarrowdown"
      defaultDuration={video.durationSeconds ?? undefined}
      style={{ aspectRatio: shapeOf(video) }}
    >
      <HlsMedia key={whole.join()} video={video} place={place} />
      <MediaLoadingIndicator slot="centered-chrome" noAutohide suppressHydrationWarning />
      <MediaErrorDialog slot="dialog" suppressHydrationWarning />
      <MediaSettingsMenu hidden anchor="auto">
        <MediaSettingsMenuItem>
          Speed
          <MediaPlaybackRateMenu slot="submenu" hidden rates={[0.5, 0.75, 1, 1.25, 1.5, 2]}>
            <div slot="title">Speed</div>
          </MediaPlaybackRateMenu>
        </MediaSettingsMenuItem>
        {video.hasVideo !== false && (
          <MediaSettingsMenuItem>
            Quality
            <MediaRenditionMenu slot="submenu" hidden>
              <div slot="title">Quality</div>
            </MediaRenditionMenu>
          </MediaSettingsMenuItem>
        )}
        {tracks.length > 1 && (
          <MediaSettingsMenuItem>
            Sound
            <MediaAudioTrackMenu slot="submenu" hidden>
              <div slot="title">Sound</div>
            </MediaAudioTrackMenu>
          </MediaSettingsMenuItem>
        )}
      </MediaSettingsMenu>
      <MediaControlBar>
        <MediaPlayButton />
        <MediaMuteButton />
        <MediaVolumeRange className="max-sm:hidden" />
        <MediaTimeDisplay showDuration />
        <MediaTimeRange>
          <MediaPreviewThumbnail slot="preview" />
          <MediaPreviewTimeDisplay slot="preview" />
        </MediaTimeRange>
        <MediaSettingsMenuButton />
        <MediaPipButton className="max-sm:hidden" />
        <MediaFullscreenButton />
      </MediaControlBar>
    </MediaController>
  )
}

/** Pictures keep their shape, but none is taller than the page is wide. Sound gets a wide strip. */
function shapeOf({ hasVideo, width, height }: VideoDto) {
  if (hasVideo === false) return '16 / 5'
  return width && height && width > height ? `${width} / ${height}` : '16 / 9'
}
