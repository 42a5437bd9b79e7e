import {
  type ComponentRef,
  type ComponentType,
  memo,
  type RefObject,
  useEffect,
  useRef,
  useState,
} from 'react'
import { loadUntilOnline } from '@/app/ui/load-until-online'
import type { ChapterDto } from '@/lib/videos/chapters'
import { ChapterTitle } from './chapter-title'
import {
  MediaCaptionsButton,
  MediaControlBar,
  MediaFullscreenButton,
  MediaMuteButton,
  MediaPipButton,
  MediaPlayButton,
  MediaPreviewChapterDisplay,
  MediaPreviewThumbnail,
  MediaPreviewTimeDisplay,
  MediaSettingsMenuButton,
  MediaTimeDisplay,
  MediaTimeRange,
  MediaVolumeRange,
} from './media-elements'
import type { Playhead } from './playhead'
import type { SettingsMenuProps } from './settings-menu'

// The button sets aria-checked, which the role `button` does not allow.
const setSwitchRole = (button: HTMLElement | null) => button?.setAttribute('role', 'switch')

const takeFocus = (button: HTMLElement | null) => button?.focus({ preventScroll: true })

interface Props extends SettingsMenuProps {
  chapters: readonly ChapterDto[]
  playhead: Playhead
  takesFocus: boolean
}

/** The control bar and its menus. Memoized because each render sets `hidden` on the menus, which closes an open one. */
export const PlayerControls = memo(function PlayerControls(props: Props) {
  const menuButton = useRef<ComponentRef<typeof MediaSettingsMenuButton>>(null)
  const { Menu, loadMenu, openMenu } = useSettingsMenu(menuButton)
  return (
    <>
      {Menu && (
        <Menu
          hasPicture={props.hasPicture}
          hasAudioTracks={props.hasAudioTracks}
          hasCaptions={props.hasCaptions}
          onMenuToggle={props.onMenuToggle}
        />
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
        <MediaSettingsMenuButton
          ref={menuButton}
          aria-haspopup="menu"
          onPointerEnter={loadMenu}
          onFocus={loadMenu}
          onClick={openMenu}
          // For keys, the element dispatches no click.
          onKeyUp={({ key }: { key: string }) => (key === 'Enter' || key === ' ') && openMenu()}
        />
        <MediaPipButton className="max-sm:hidden" />
        <MediaFullscreenButton />
      </MediaControlBar>
    </>
  )
})

/** The menu, which is loaded when the user points at its button, and opens once it is there if the button was clicked. */
function useSettingsMenu(button: RefObject<HTMLElement | null>) {
  const isLoading = useRef(false)
  const isClicked = useRef(false)
  const [Menu, setMenu] = useState<ComponentType<SettingsMenuProps>>()
  useEffect(() => {
    if (Menu && isClicked.current) button.current?.click()
  }, [Menu, button])
  const loadMenu = () => {
    if (isLoading.current) return
    isLoading.current = true
    void loadUntilOnline(() => import('./settings-menu')).then(({ SettingsMenu }) =>
      setMenu(() => SettingsMenu),
    )
  }
  const openMenu = () => {
    isClicked.current = true
    loadMenu()
  }
  return { Menu, loadMenu, openMenu }
}
