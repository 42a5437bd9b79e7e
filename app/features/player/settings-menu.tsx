import { type ElementType, useCallback } from 'react'
import * as messages from '@/lib/generated/messages/player'
import {
  MediaAudioTrackMenu,
  MediaCaptionsMenu,
  MediaPlaybackRateMenu,
  MediaRenditionMenu,
  MediaSettingsMenu,
  MediaSettingsMenuItem,
} from './menu-elements'
import './quality-labels'

const SPEEDS = [0.5, 0.75, 1, 1.25, 1.5, 2]

// A submenu takes the focus once its animation ends. If it is closed by then, the focus is lost and every menu closes,
// so the focus moves to its parent.
function releaseHiddenMenuFocus({ target }: { target: EventTarget }) {
  if (target instanceof HTMLElement && target.slot === 'submenu' && target.hidden) {
    target.parentElement?.focus()
  }
}

export interface SettingsMenuProps {
  hasPicture: boolean
  hasAudioTracks: boolean
  hasCaptions: boolean
  onMenuToggle(isOpen: boolean): void
}

/** Speed, quality, captions and sound. */
export function SettingsMenu({ hasPicture, hasAudioTracks, hasCaptions, onMenuToggle }: SettingsMenuProps) {
  const handleToggle = useCallback(
    ({ target }: { target: EventTarget }) => {
      if (target instanceof HTMLElement && !target.slot) onMenuToggle(!target.hidden)
    },
    [onMenuToggle],
  )
  return (
    <MediaSettingsMenu hidden anchor="auto" onToggle={handleToggle} onFocusCapture={releaseHiddenMenuFocus}>
      <SettingsItem name={messages.speed()} Menu={MediaPlaybackRateMenu} rates={SPEEDS} />
      {hasPicture && <SettingsItem name={messages.quality()} Menu={MediaRenditionMenu} />}
      {hasCaptions && <SettingsItem name={messages.captions()} Menu={MediaCaptionsMenu} />}
      {hasAudioTracks && <SettingsItem name={messages.audio()} Menu={MediaAudioTrackMenu} />}
    </MediaSettingsMenu>
  )
}

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
