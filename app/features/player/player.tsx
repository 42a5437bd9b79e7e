'use client'

import { MediaController, MediaErrorDialog, MediaLoadingIndicator } from 'media-chrome/react'
import { memo, useState } from 'react'
import type { CaptionDto } from '@/lib/captions/schema'
import { isFinished } from '@/lib/tasks/state'
import { isExtraCodec } from '@/lib/videos/extra-codecs'
import type { VideoDto } from '@/lib/videos/schema'
import type { EditedCues } from './caption-track'
import { HlsMedia } from './hls-media'
import { PlayerControls } from './player-controls'
import type { Playhead } from './playhead'
import './player.css'
import './quality-labels'

interface Props {
  video: VideoDto
  captions: CaptionDto[]
  edited?: EditedCues
  playhead: Playhead
}

/** Plays the HLS renditions. Renditions and captions that finish during playback appear without losing the position. */
export function Player(props: Props) {
  // Kept here so that captions stay off when a track is added or the media element is replaced.
  const [isCaptioned, setCaptioned] = useState(true)
  const [isMenuOpen, setMenuOpen] = useState(false)
  const { video } = props
  return (
    <MediaController
      className="player"
      defaultSubtitles={isCaptioned}
      hotkeys="noarrowup noarrowdown"
      defaultDuration={video.durationSeconds ?? undefined}
      style={{ aspectRatio: getAspectRatio(video) }}
    >
      <PlayerContent
        {...props}
        isMenuOpen={isMenuOpen}
        onMenuToggle={setMenuOpen}
        onCaptionsToggle={setCaptioned}
      />
      <MediaLoadingIndicator slot="centered-chrome" noAutohide />
      {/* The element names itself only once it shows an error. */}
      <MediaErrorDialog slot="dialog" aria-label="Playback error" />
    </MediaController>
  )
}

interface PlayerContentProps extends Props {
  isMenuOpen: boolean
  onMenuToggle(isOpen: boolean): void
  onCaptionsToggle(isCaptioned: boolean): void
}

/**
 * The media element and its controls. Not re-rendered while a menu is open: removing the focused entry would close
 * the menu.
 */
const PlayerContent = memo(
  function PlayerContent({
    video,
    captions,
    edited,
    playhead,
    onMenuToggle,
    onCaptionsToggle,
  }: PlayerContentProps) {
    const audioTracks = video.renditions.filter((rendition) => rendition.mode === 'audio')
    const nonEmpty = captions.filter((caption) => caption.cueCount > 0)
    return (
      <>
        <HlsMedia
          key={sourceKey(video)}
          video={video}
          captions={nonEmpty}
          edited={edited}
          playhead={playhead}
          onCaptionsToggle={onCaptionsToggle}
        />
        <PlayerControls
          hasPicture={video.hasVideo !== false}
          hasAudioTracks={audioTracks.length > 1}
          hasCaptions={nonEmpty.length > 0}
          onMenuToggle={onMenuToggle}
        />
      </>
    )
  },
  (_before, { isMenuOpen }) => isMenuOpen,
)

/**
 * The media element is replaced when this key changes. Reloading the playlist is noticeable, so it happens at most
 * twice: when the first rendition is complete and when all are; those in extra codecs appear when the page is opened
 * again. A playlist that ended early reloads when it grows again.
 */
function sourceKey({ renditions: all, state }: VideoDto) {
  const renditions = all.filter(({ codec }) => !isExtraCodec(codec))
  const complete = renditions.filter((rendition) => rendition.state === 'done')
  if (complete.length === renditions.length) return 'all'
  const hasEnded = isFinished(state) ? 'ended' : 'growing'
  return `${complete.some((rendition) => rendition.mode !== 'audio') ? 'some' : 'none'}, ${hasEnded}`
}

/** Landscape video keeps its aspect ratio, portrait video is shown in 16:9, and audio gets a flat strip. */
function getAspectRatio({ hasVideo, width, height }: VideoDto) {
  if (hasVideo === false) return '16 / 5'
  return width && height && width > height ? `${width} / ${height}` : '16 / 9'
}
