import { type ElementType, memo, useCallback } from 'react'
import type { ChapterDto } from '@/lib/videos/chapters'
import * as messages from '@/lib/generated/messages/player'
import { ChapterTitle } from './chapter-title'
import {
  MediaAudioTrackMenu,
  MediaCaptionsButton,
  MediaCaptionsMenu,
  MediaControlBar,
  MediaFullscreenButton,
  MediaMuteButton,
  MediaPipButton,
  MediaPlayButton,
  MediaPlaybackRateMenu,
  MediaPreviewChapterDisplay,
  MediaPreviewThumbnail,
  MediaPreviewTimeDisplay,
  MediaRenditionMenu,
  MediaSettingsMenu,
  MediaSettingsMenuButton,
  MediaSettingsMenuItem,
  MediaTimeDisplay,
  MediaTimeRange,
  MediaVolumeRange,
} from './media-elements'
import type { Playhead } from './playhead'

const SPEEDS = [0.5, 0.75, 1, 1.25, 1.5, 2]

// The button sets aria-checked, which the role `button` does not allow.
const setSwitchRole = (button: HTMLElement | null) => button?.setAttribute('role', 'switch')

// A submenu takes the focus once its animation ends. If it is closed by then, the focus is lost and every menu closes,
// so the focus moves to its parent.
function releaseHiddenMenuFocus({ target }: { target: EventTarget }) {
  if (target instanceof HTMLElement && target.slot === 'submenu' && target.hidden) {
    target.parentElement?.focus()
  }
}

const takeFocus = (button: HTMLElement | null) => button?.focus({ preventScroll: true })

interface Props {
  /** Whether the menus are rendered, the largest part. */
  hasMenus: boolean
  hasPicture: boolean
  hasAudioTracks: boolean
  hasCaptions: boolean
  chapters: readonly ChapterDto[]
  playhead: Playhead
  takesFocus: boolean
  onMenuToggle(isOpen: boolean): void
}

/** The control bar and its menus. Memoized because each render sets `hidden` on the menus, which closes an open one. */
export const PlayerControls = memo(function PlayerControls({ onMenuToggle, ...props }: Props) {
  const handleToggle = useCallback(
    ({ target }: { target: EventTarget }) => {
      if (target instanceof HTMLElement && !target.slot) onMenuToggle(!target.hidden)
    },
    [onMenuToggle],
  )
  return (
    <>
      {props.hasMenus && (
        <MediaSettingsMenu
          hidden
          anchor="auto"
          onToggle={handleToggle}
          onFocusCapture={releaseHiddenMenuFocus}
        >
          <SettingsItem name={messages.speed()} Menu={MediaPlaybackRateMenu} rates={SPEEDS} />
          {props.hasPicture && <SettingsItem name={messages.quality()} Menu={MediaRenditionMenu} />}
          {props.hasCaptions && <SettingsItem name={messages.captions()} Menu={MediaCaptionsMenu} />}
          {props.hasAudioTracks && <SettingsItem name={messages.audio()} Menu={MediaAudioTrackMenu} />}
        </MediaSettingsMenu>
      )}
      <MediaControlBar>
        <MediaPlayButton ref={props.takesFocus ? takeFocus : undefined} />
        <MediaMuteButton />
        <MediaVolumeRange className="max-sm:hidden" />
        <MediaTimeDisplay showDuration noToggle />
        <MediaTimeRange>
          <MediaPreviewThumbnail slot="preview" />
          <MediaPreviewChapterDisplay slot="preview" />
          <MediaPreviewTimeDisplay slot="preview" />
        </MediaTimeRange>
        {props.chapters.length > 0 && <ChapterTitle chapters={props.chapters} playhead={props.playhead} />}
        {props.hasCaptions && <MediaCaptionsButton ref={setSwitchRole} />}
        <MediaSettingsMenuButton />
        <MediaPipButton className="max-sm:hidden" />
        <MediaFullscreenButton />
      </MediaControlBar>
    </>
  )
})

interface SettingsItemProps {
  name: string
  Menu: ElementType
  rates?: number[]
}

const SettingsItem = ({ name, Menu, ...menuProps }: SettingsItemProps) => (
  <MediaSettingsMenuItem>
    {name}
    <Menu slot="submenu" hidden {...menuProps}>
      <div slot="title">{name}</div>
    </Menu>
  </MediaSettingsMenuItem>
)
