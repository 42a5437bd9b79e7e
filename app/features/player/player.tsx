'use client'

import { type CSSProperties, memo, type ReactNode, useState } from 'react'
import type { CaptionDto } from '@/lib/captions/schema'
import { useShortcutGroup } from '@/app/ui/shortcuts'
import { isFinished } from '@/lib/tasks/state'
import type { ChapterDto } from '@/lib/videos/chapters'
import { isExtraCodec } from '@/lib/videos/extra-codecs'
import * as messages from '@/lib/generated/messages/player'
import { getAspectRatio } from './aspect-ratio'
import type { EditedCues } from './caption-track'
import { handleChapterKey } from './chapter-keys'
import { HlsMedia } from './hls-media'
import { MediaController, MediaErrorDialog, MediaLoadingIndicator } from './media-elements'
import type { CaptionFile, PlayableVideo } from './playable-video'
import { PlayerControls } from './player-controls'
import type { Playhead } from './playhead'
import { StartButton } from './start-button'
import './player.css'
import { PLAYER_SHORTCUTS, PLAYER_SHORTCUTS_WITH_CHAPTERS } from './shortcut-group'
import { useStage } from './use-stage'

export interface PlayerProps {
  video: PlayableVideo
  /** Live caption tracks. */
  captions?: CaptionDto[]
  captionFiles?: readonly CaptionFile[]
  chapters?: readonly ChapterDto[]
  edited?: EditedCues
  playhead: Playhead
  /** Whether the player fills the page, as in the frame of another site. */
  fillsPage?: boolean
  /** Shown above the picture together with the controls. */
  overlay?: ReactNode
  /** Whether the play button gets the focus. Default: false. */
  takesFocus?: boolean
}

const NO_CAPTIONS: CaptionDto[] = []
const NO_FILES: readonly CaptionFile[] = []
const NO_CHAPTERS: readonly ChapterDto[] = []

/** Plays the HLS renditions. Renditions and captions that finish during playback appear without losing the position. */
export function Player(props: PlayerProps) {
  // Kept here so that captions stay off when a track is added or the media element is replaced.
  const [isCaptioned, setCaptioned] = useState(true)
  const [isMenuOpen, setMenuOpen] = useState(false)
  const [isPlaying] = useState(() => props.playhead.read().isPlaying)
  const { video, playhead, chapters = NO_CHAPTERS, fillsPage = false, overlay } = props
  useShortcutGroup(chapters.length > 0 ? PLAYER_SHORTCUTS_WITH_CHAPTERS : PLAYER_SHORTCUTS)
  return (
    <MediaController
      className={fillsPage ? 'player fills-page' : 'player'}
      defaultSubtitles={isCaptioned}
      // The page has a sheet of shortcuts itself.
      hotkeys="noarrowup noarrowdown noshift+/"
      defaultDuration={video.durationSeconds ?? undefined}
      style={{ aspectRatio: fillsPage ? undefined : getAspectRatio(video), ...chapterGapStyle(chapters) }}
      onKeyDownCapture={(event) => handleChapterKey(event, { chapters, playhead })}
    >
      <PlayerContent
        {...props}
        chapters={chapters}
        isMenuOpen={isMenuOpen}
        onMenuToggle={setMenuOpen}
        onCaptionsToggle={setCaptioned}
      />
      {overlay && <div slot="top-chrome">{overlay}</div>}
      {!isPlaying && <StartButton playhead={playhead} />}
      <MediaLoadingIndicator slot="centered-chrome" noAutohide />
      {/* The element names itself only once it shows an error. */}
      <MediaErrorDialog slot="dialog" aria-label={messages.playbackError()} />
    </MediaController>
  )
}

/** All gaps together take a part of the seek bar of a phone, however many chapters there are. */
const chapterGapStyle = ({ length }: readonly ChapterDto[]) =>
  ({ '--media-range-segments-gap': `${Math.min(2, 40 / length)}px` }) as CSSProperties

interface PlayerContentProps extends Required<Pick<PlayerProps, 'chapters'>>, Omit<PlayerProps, 'chapters'> {
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
    captions = NO_CAPTIONS,
    captionFiles = NO_FILES,
    chapters,
    edited,
    playhead,
    takesFocus = false,
    onMenuToggle,
    onCaptionsToggle,
  }: PlayerContentProps) {
    const stage = useStage(1)
    const audioTracks = video.renditions.filter((rendition) => rendition.mode === 'audio')
    const nonEmpty = captions.filter((caption) => caption.cueCount > 0)
    return (
      <>
        <HlsMedia
          key={sourceKey(video)}
          video={video}
          captions={nonEmpty}
          captionFiles={captionFiles}
          hasChapters={chapters.length > 0}
          edited={edited}
          playhead={playhead}
          onCaptionsToggle={onCaptionsToggle}
        />
        {stage > 0 && (
          <PlayerControls
            hasPicture={video.hasVideo !== false}
            hasAudioTracks={audioTracks.length > 1}
            hasCaptions={nonEmpty.length + captionFiles.length > 0}
            chapters={chapters}
            playhead={playhead}
            takesFocus={takesFocus}
            onMenuToggle={onMenuToggle}
          />
        )}
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
function sourceKey({ renditions: all, state }: PlayableVideo) {
  const renditions = all.filter(({ codec }) => !isExtraCodec(codec))
  const complete = renditions.filter((rendition) => rendition.state === 'done')
  if (complete.length === renditions.length) return 'all'
  const hasEnded = isFinished(state) ? 'ended' : 'growing'
  return `${complete.some((rendition) => rendition.mode !== 'audio') ? 'some' : 'none'}, ${hasEnded}`
}
