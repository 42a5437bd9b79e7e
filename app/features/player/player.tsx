'use client'

import { MediaController, MediaErrorDialog, MediaLoadingIndicator } from 'media-chrome/react'
import { memo, useState } from 'react'
import type { CaptionDto } from '@/lib/captions/schema'
import { isFinished } from '@/lib/tasks/state'
import type { VideoDto } from '@/lib/videos/schema'
import type { EditedCues } from './caption-track'
import { HlsMedia } from './hls-media'
import { PlayerControls } from './player-controls'
import type { Playhead } from './playhead'
import './player.css'

interface Props {
  video: VideoDto
  captions: CaptionDto[]
  edited?: EditedCues
  playhead: Playhead
}

/** Plays the HLS renditions; what becomes ready while it plays is taken in at the place where it is. */
export function Player(given: Props) {
  // Whoever switches them off does not get them back with the next track, or when the media is exchanged.
  const [isCaptioned, setCaptioned] = useState(true)
  const [isMenuOpen, setMenuOpen] = useState(false)
  const { video } = given
  return (
    <MediaController
      className="player"
      defaultSubtitles={isCaptioned}
      hotkeys="noarrowup noarrowdown"
      defaultDuration={video.durationSeconds ?? undefined}
      style={{ aspectRatio: getAspectRatio(video) }}
    >
      <PlayerContent
        {...given}
        isMenuOpen={isMenuOpen}
        onMenuToggle={setMenuOpen}
        onCaptionsToggle={setCaptioned}
      />
      <MediaLoadingIndicator slot="centered-chrome" noAutohide />
      <MediaErrorDialog slot="dialog" />
    </MediaController>
  )
}

interface PlayerContentProps extends Props {
  isMenuOpen: boolean
  onMenuToggle(isOpen: boolean): void
  onCaptionsToggle(isCaptioned: boolean): void
}

/**
 * The media, and the menus of what there is to choose from. It stays as it is while a menu is open: an
 * entry that goes takes the focus with it, and that closes the menu under the hand of whoever chooses.
 */
const PlayerContent = memo(
  function Offer({
    video,
    captions,
    edited,
    playhead,
    onMenuToggle: onMenu,
    onCaptionsToggle: onCaptioned,
  }: PlayerContentProps) {
    const tracks = video.renditions.filter((rendition) => rendition.mode === 'audio')
    const shown = captions.filter((caption) => caption.cueCount > 0)
    return (
      <>
        <HlsMedia
          key={sourceKey(video)}
          video={video}
          captions={shown}
          edited={edited}
          playhead={playhead}
          onCaptionsToggle={onCaptioned}
        />
        <PlayerControls
          hasPicture={video.hasVideo !== false}
          hasAudioTracks={tracks.length > 1}
          hasCaptions={shown.length > 0}
          onMenuToggle={onMenu}
        />
      </>
    )
  },
  (_before, { isMenuOpen }) => isMenuOpen,
)

/**
 * What there is to choose from changes twice: when the first rendition is whole, and when all are. Then
 * the playlist is loaded anew, which a person may notice, so not for every single one. A playlist that has
 * ended with less is loaded anew when it grows again.
 */
function sourceKey({ renditions, state }: VideoDto) {
  const whole = renditions.filter((rendition) => rendition.state === 'done')
  if (whole.length === renditions.length) return 'all'
  const hasEnded = isFinished(state) ? 'ended' : 'growing'
  return `${whole.some((rendition) => rendition.mode !== 'audio') ? 'some' : 'none'}, ${hasEnded}`
}

/** Pictures keep their shape, but none is taller than the page is wide. Sound gets a wide strip. */
function getAspectRatio({ hasVideo, width, height }: VideoDto) {
  if (hasVideo === false) return '16 / 5'
  return width && height && width > height ? `${width} / ${height}` : '16 / 9'
}
