import {
  MediaCaptionsButton,
  MediaControlBar,
  MediaFullscreenButton,
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
  MediaCaptionsMenu,
  MediaPlaybackRateMenu,
  MediaRenditionMenu,
  MediaSettingsMenu,
  MediaSettingsMenuButton,
  MediaSettingsMenuItem,
} from 'media-chrome/react/menu'
import { memo, useCallback } from 'react'

// It says that it is checked or not, which a plain button cannot be.
const setSwitchRole = (button: HTMLElement | null) => button?.setAttribute('role', 'switch')

// A menu takes the focus when it has come, which for a quick hand is after it was left again: a hidden
// menu cannot keep it, and all of them would close.
function releaseHiddenMenuFocus({ target }: { target: EventTarget }) {
  if (target instanceof HTMLElement && target.slot === 'submenu' && target.hidden) {
    target.parentElement?.focus()
  }
}

interface Props {
  hasPicture: boolean
  hasAudioTracks: boolean
  hasCaptions: boolean
  onMenuToggle(isOpen: boolean): void
}

/**
 * The bar and the menus. Rendered only when one of these changes: every rendering sets `hidden` on the
 * menus again, which would close one that is open.
 */
export const PlayerControls = memo(function PlayerControls({ onMenuToggle: onMenu, ...has }: Props) {
  const tellMenu = useCallback(
    ({ target }: { target: EventTarget }) => {
      if (target instanceof HTMLElement && !target.slot) onMenu(!target.hidden)
    },
    [onMenu],
  )
  return (
    <>
      <MediaSettingsMenu hidden anchor="auto" onToggle={tellMenu} onFocusCapture={releaseHiddenMenuFocus}>
        <MediaSettingsMenuItem>
          Speed
          <MediaPlaybackRateMenu slot="submenu" hidden rates={[0.5, 0.75, 1, 1.25, 1.5, 2]}>
            <div slot="title">Speed</div>
          </MediaPlaybackRateMenu>
        </MediaSettingsMenuItem>
        {has.hasPicture && (
          <MediaSettingsMenuItem>
            Quality
            <MediaRenditionMenu slot="submenu" hidden>
              <div slot="title">Quality</div>
            </MediaRenditionMenu>
          </MediaSettingsMenuItem>
        )}
        {has.hasCaptions && (
          <MediaSettingsMenuItem>
            Captions
            <MediaCaptionsMenu slot="submenu" hidden>
              <div slot="title">Captions</div>
            </MediaCaptionsMenu>
          </MediaSettingsMenuItem>
        )}
        {has.hasAudioTracks && (
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
        <MediaTimeDisplay showDuration noToggle />
        <MediaTimeRange>
          <MediaPreviewThumbnail slot="preview" />
          <MediaPreviewTimeDisplay slot="preview" />
        </MediaTimeRange>
        {has.hasCaptions && <MediaCaptionsButton ref={setSwitchRole} />}
        <MediaSettingsMenuButton />
        <MediaPipButton className="max-sm:hidden" />
        <MediaFullscreenButton />
      </MediaControlBar>
    </>
  )
})
