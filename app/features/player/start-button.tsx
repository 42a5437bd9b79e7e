import type { MouseEvent } from 'react'
import type { Playhead } from './playhead'
import { StartMark } from './start-mark'

/** Plays for the first time. In addition to the play button of the control bar, which has a name and takes keys. */
export function StartButton({ playhead }: { playhead: Playhead }) {
  function play({ currentTarget }: MouseEvent<HTMLButtonElement>) {
    // It is about to be hidden.
    currentTarget.parentElement?.querySelector<HTMLElement>('media-play-button')?.focus()
    playhead.play()
  }
  return (
    <button
      slot="centered-chrome"
      type="button"
      aria-hidden
      tabIndex={-1}
      onClick={play}
      className="start-button group absolute inset-0 m-auto size-16 rounded-full"
    >
      <StartMark />
    </button>
  )
}
