'use client'

import { MediaController, MediaErrorDialog, MediaLoadingIndicator } from 'media-chrome/react'
import { memo, useState } from 'react'
import type { CaptionDto } from '@/lib/captions/contract'
import { isFinished } from '@/lib/tasks/state'
import type { VideoDto } from '@/lib/videos/contract'
import type { EditedCues } from './caption-track'
import { HlsMedia } from './hls-media'
import { PlayerControls } from './player-controls'
import type { Playhead } from './playhead'
import './player.css'

interface Given {
  video: VideoDto
  captions: CaptionDto[]
  edited?: EditedCues
  playhead: Playhead
}

/** Plays the HLS renditions; what becomes ready while it plays is taken in at the place where it is. */
export function Player(given: Given) {
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
      style={{ aspectRatio: shapeOf(video) }}
    >
      <Offer {...given} isMenuOpen={isMenuOpen} onMenu={setMenuOpen} onCaptioned={setCaptioned} />
      <MediaLoadingIndicator slot="centered-chrome" noAutohide />
      <MediaErrorDialog slot="dialog" />
    </MediaController>
  )
}

interface OfferProps extends Given {
  isMenuOpen: boolean
  onMenu(isOpen: boolean): void
  onCaptioned(isCaptioned: boolean): void
}

/**
 * The media, and the menus of what there is to choose from. It stays as it is while a menu is open: an
 * entry that goes takes the focus with it, and that closes the menu under the hand of whoever chooses.
 */
const Offer = memo(
  function Offer({ video, captions, edited, playhead, onMenu, onCaptioned }: OfferProps) {
    const tracks = video.renditions.filter((rendition) => rendition.mode === 'audio')
    const shown = captions.filter((caption) => caption.cueCount > 0)
    return (
      <>
        <HlsMedia
          key={stageOf(video)}
          video={video}
          captions={shown}
          edited={edited}
          playhead={playhead}
          onCaptioned={onCaptioned}
        />
        <PlayerControls
          picture={video.hasVideo !== false}
          tracks={tracks.length > 1}
          captions={shown.length > 0}
          onMenu={onMenu}
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
function stageOf({ renditions, state }: VideoDto) {
  const whole = renditions.filter((rendition) => rendition.state === 'done')
  if (whole.length === renditions.length) return 'all'
  const hasEnded = isFinished(state) ? 'ended' : 'growing'
  return `${whole.some((rendition) => rendition.mode !== 'audio') ? 'some' : 'none'}, ${hasEnded}`
}

/** Pictures keep their shape, but none is taller than the page is wide. Sound gets a wide strip. */
function shapeOf({ hasVideo, width, height }: VideoDto) {
  if (hasVideo === false) return '16 / 5'
  return width && height && width > height ? `${width} / ${height}` : '16 / 9'
}
