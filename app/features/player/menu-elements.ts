import MediaAudioTrackMenuElement from 'media-chrome/menu/media-audio-track-menu'
import MediaCaptionsMenuElement from 'media-chrome/menu/media-captions-menu'
import MediaPlaybackRateMenuElement from 'media-chrome/menu/media-playback-rate-menu'
import MediaRenditionMenuElement from 'media-chrome/menu/media-rendition-menu'
import MediaSettingsMenuElement from 'media-chrome/menu/media-settings-menu'
import MediaSettingsMenuItemElement from 'media-chrome/menu/media-settings-menu-item'
import { wrapElement } from './wrap-element'

export const MediaAudioTrackMenu = wrapElement('media-audio-track-menu', MediaAudioTrackMenuElement)
export const MediaCaptionsMenu = wrapElement('media-captions-menu', MediaCaptionsMenuElement)
export const MediaPlaybackRateMenu = wrapElement('media-playback-rate-menu', MediaPlaybackRateMenuElement)
export const MediaRenditionMenu = wrapElement('media-rendition-menu', MediaRenditionMenuElement)
export const MediaSettingsMenu = wrapElement('media-settings-menu', MediaSettingsMenuElement)
export const MediaSettingsMenuItem = wrapElement('media-settings-menu-item', MediaSettingsMenuItemElement)
