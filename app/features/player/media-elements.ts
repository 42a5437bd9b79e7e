import './player-language'
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
import MediaSettingsMenuButtonElement from 'media-chrome/menu/media-settings-menu-button'
import { wrapElement } from './wrap-element'

// The elements that the player uses, as components, except for its menus. `media-chrome/react` contains and loads all that there are.

export const MediaCaptionsButton = wrapElement('media-captions-button', MediaCaptionsButtonElement)
export const MediaControlBar = wrapElement('media-control-bar', MediaControlBarElement)
export const MediaController = wrapElement('media-controller', MediaControllerElement)
export const MediaErrorDialog = wrapElement('media-error-dialog', MediaErrorDialogElement)
export const MediaFullscreenButton = wrapElement('media-fullscreen-button', MediaFullscreenButtonElement)
export const MediaLoadingIndicator = wrapElement('media-loading-indicator', MediaLoadingIndicatorElement)
export const MediaMuteButton = wrapElement('media-mute-button', MediaMuteButtonElement)
export const MediaPipButton = wrapElement('media-pip-button', MediaPipButtonElement)
export const MediaPlayButton = wrapElement('media-play-button', MediaPlayButtonElement)
export const MediaPreviewChapterDisplay = wrapElement(
  'media-preview-chapter-display',
  MediaPreviewChapterDisplayElement,
)
export const MediaPreviewThumbnail = wrapElement('media-preview-thumbnail', MediaPreviewThumbnailElement)
export const MediaPreviewTimeDisplay = wrapElement(
  'media-preview-time-display',
  MediaPreviewTimeDisplayElement,
)
export const MediaTimeDisplay = wrapElement('media-time-display', MediaTimeDisplayElement)
export const MediaTimeRange = wrapElement('media-time-range', MediaTimeRangeElement)
export const MediaVolumeRange = wrapElement('media-volume-range', MediaVolumeRangeElement)
export const MediaSettingsMenuButton = wrapElement(
  'media-settings-menu-button',
  MediaSettingsMenuButtonElement,
)
