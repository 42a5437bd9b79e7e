import './player-language'
import { createComponent, defaultToAttributeValue } from 'ce-la-react'
import MediaCaptionsButtonElement from 'media-chrome/media-captions-button'
import MediaControlBarElement from 'media-chrome/media-control-bar'
import MediaControllerElement from 'media-chrome/media-controller'
import MediaErrorDialogElement from 'media-chrome/media-error-dialog'
import MediaFullscreenButtonElement from 'media-chrome/media-fullscreen-button'
import MediaLoadingIndicatorElement from 'media-chrome/media-loading-indicator'
import MediaMuteButtonElement from 'media-chrome/media-mute-button'
import MediaPipButtonElement from 'media-chrome/media-pip-button'
import MediaPlayButtonElement from 'media-chrome/media-play-button'
import MediaPreviewChapterDisplayElement from 'media-chrome/media-preview-chapter-display'
import MediaPreviewThumbnailElement from 'media-chrome/media-preview-thumbnail'
import MediaPreviewTimeDisplayElement from 'media-chrome/media-preview-time-display'
import MediaTimeDisplayElement from 'media-chrome/media-time-display'
import MediaTimeRangeElement from 'media-chrome/media-time-range'
import MediaVolumeRangeElement from 'media-chrome/media-volume-range'
import MediaAudioTrackMenuElement from 'media-chrome/menu/media-audio-track-menu'
import MediaCaptionsMenuElement from 'media-chrome/menu/media-captions-menu'
import MediaPlaybackRateMenuElement from 'media-chrome/menu/media-playback-rate-menu'
import MediaRenditionMenuElement from 'media-chrome/menu/media-rendition-menu'
import MediaSettingsMenuElement from 'media-chrome/menu/media-settings-menu'
import MediaSettingsMenuButtonElement from 'media-chrome/menu/media-settings-menu-button'
import MediaSettingsMenuItemElement from 'media-chrome/menu/media-settings-menu-item'
import React from 'react'

// The elements that the player uses, as components. `media-chrome/react` contains and loads all that there are.

const wrap = <E extends HTMLElement>(tagName: string, elementClass: new () => E) =>
  createComponent<E>({
    react: React,
    tagName,
    elementClass,
    toAttributeValue: (value) => (Array.isArray(value) ? value.join(' ') : defaultToAttributeValue(value)),
  })

export const MediaCaptionsButton = wrap('media-captions-button', MediaCaptionsButtonElement)
export const MediaControlBar = wrap('media-control-bar', MediaControlBarElement)
export const MediaController = wrap('media-controller', MediaControllerElement)
export const MediaErrorDialog = wrap('media-error-dialog', MediaErrorDialogElement)
export const MediaFullscreenButton = wrap('media-fullscreen-button', MediaFullscreenButtonElement)
export const MediaLoadingIndicator = wrap('media-loading-indicator', MediaLoadingIndicatorElement)
export const MediaMuteButton = wrap('media-mute-button', MediaMuteButtonElement)
export const MediaPipButton = wrap('media-pip-button', MediaPipButtonElement)
export const MediaPlayButton = wrap('media-play-button', MediaPlayButtonElement)
export const MediaPreviewChapterDisplay = wrap(
  'media-preview-chapter-display',
  MediaPreviewChapterDisplayElement,
)
export const MediaPreviewThumbnail = wrap('media-preview-thumbnail', MediaPreviewThumbnailElement)
export const MediaPreviewTimeDisplay = wrap('media-preview-time-display', MediaPreviewTimeDisplayElement)
export const MediaTimeDisplay = wrap('media-time-display', MediaTimeDisplayElement)
export const MediaTimeRange = wrap('media-time-range', MediaTimeRangeElement)
export const MediaVolumeRange = wrap('media-volume-range', MediaVolumeRangeElement)
export const MediaAudioTrackMenu = wrap('media-audio-track-menu', MediaAudioTrackMenuElement)
export const MediaCaptionsMenu = wrap('media-captions-menu', MediaCaptionsMenuElement)
export const MediaPlaybackRateMenu = wrap('media-playback-rate-menu', MediaPlaybackRateMenuElement)
export const MediaRenditionMenu = wrap('media-rendition-menu', MediaRenditionMenuElement)
export const MediaSettingsMenu = wrap('media-settings-menu', MediaSettingsMenuElement)
export const MediaSettingsMenuButton = wrap('media-settings-menu-button', MediaSettingsMenuButtonElement)
export const MediaSettingsMenuItem = wrap('media-settings-menu-item', MediaSettingsMenuItemElement)
