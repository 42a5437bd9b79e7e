import { type ComponentType, type RefObject, useEffect, useState } from 'react'
import { onFirstInput } from '@/app/ui/first-input'
import { nextTask } from '@/app/ui/next-task'
import { loadPlayer } from './load-player'
import type { PlayerProps } from './player'
import type { Playhead } from './playhead'

/** So long after it was shown, a page has nothing else to do. The player is then there without input, and offline. */
const IDLE_MS = 10_000

export interface LoadedPlayer {
  Player: ComponentType<PlayerProps>
  /** Whether the button in its place had the focus. */
  takesFocus: boolean
}

interface Options {
  playhead: Playhead
  /** In the place of the player. */
  button: RefObject<HTMLButtonElement | null>
  onLoad(loaded: LoadedPlayer): void
}

/**
 * Loads the player when the playhead plays or moves, at the first input on the page, or after ten seconds. Loads it again
 * after a failure when the browser is online, or when `load` is called.
 */
export function usePlayerLoading({ playhead, button, onLoad }: Options) {
  const [state, setState] = useState<'waiting' | 'loading' | 'failed'>('waiting')
  const [isWanted, setWanted] = useState(false)
  useEffect(() => {
    if (state !== 'loading') return
    let isCanceled = false
    const load = async () => {
      const Player = await loadPlayer()
      // A click on a button that is replaced while it is pressed would be lost.
      while (button.current?.matches(':active')) await nextTask()
      if (!isCanceled) onLoad({ Player, takesFocus: document.activeElement === button.current })
    }
    void load().catch(() => setState('failed'))
    return () => void (isCanceled = true)
  }, [state, button, onLoad])
  useEffect(() => {
    const load = () => setState('loading')
    const follow = () => {
      setWanted(playhead.read().isPlaying)
      load()
    }
    const abort = new AbortController()
    const timer = setTimeout(load, IDLE_MS)
    const stops = [playhead.subscribe(follow), onFirstInput(load)]
    window.addEventListener('online', load, { signal: abort.signal })
    if (wasClicked(button.current)) playhead.play()
    else if (playhead.read().isPlaying || playhead.read().seconds > 0) follow()
    return () => {
      clearTimeout(timer)
      abort.abort()
      for (const stop of stops) stop()
    }
  }, [playhead, button])
  return { hasFailed: state === 'failed', isWanted, load: () => setState('loading') }
}

/** Whether a button has been clicked before the page could respond: a click, and no key, focuses it without a ring. */
const wasClicked = (button: HTMLButtonElement | null) =>
  button !== null && button === document.activeElement && !button.matches(':focus-visible')
