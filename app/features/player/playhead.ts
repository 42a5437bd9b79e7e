'use client'

import { useSyncExternalStore } from 'react'

type MediaElement = Pick<
  HTMLMediaElement,
  'currentTime' | 'paused' | 'readyState' | 'play' | 'pause' | 'addEventListener' | 'removeEventListener'
>

const EVENTS = ['timeupdate', 'seeked', 'play', 'pause'] as const

/**
 * Shares the playback position between the player and the transcript. The position survives replacing the media
 * element. It can be set, and playback be started, before one is attached, which then plays at once.
 */
export function createPlayhead(startSeconds = 0, isPlaying = false) {
  const listeners = new Set<() => void>()
  const endListeners = new Set<() => void>()
  let media: MediaElement | null = null
  let now = { seconds: startSeconds, isPlaying }
  const set = (next: typeof now) => {
    if (next.seconds === now.seconds && next.isPlaying === now.isPlaying) return
    now = next
    for (const listener of listeners) listener()
  }
  return {
    read: () => now,
    /** The exact position; `read` is updated about four times a second. */
    seconds: () => (media && media.readyState > 0 ? media.currentTime : now.seconds),
    subscribe(listener: () => void) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    /** Calls `listener` when the media has played to its end. Returns a function that removes it. */
    onEnd(listener: () => void) {
      endListeners.add(listener)
      return () => void endListeners.delete(listener)
    },
    seek(seconds: number) {
      set({ ...now, seconds })
      if (media) media.currentTime = seconds
    },
    toggle() {
      if (!media) set({ ...now, isPlaying: !now.isPlaying })
      else if (media.paused) void media.play()
      else media.pause()
    },
    play() {
      if (!media) set({ ...now, isPlaying: true })
      else if (media.paused) void media.play()
    },
    /** Follows a media element. Returns a function that detaches it. */
    attach(element: MediaElement) {
      media = element
      // New media reports 0 until it has sought to the start position.
      let isPositioned = now.seconds === 0
      const update = () => {
        isPositioned ||= element.currentTime > 0
        set({ seconds: isPositioned ? element.currentTime : now.seconds, isPlaying: !element.paused })
      }
      const end = () => endListeners.forEach((listener) => listener())
      for (const event of EVENTS) element.addEventListener(event, update)
      element.addEventListener('ended', end)
      return () => {
        for (const event of EVENTS) element.removeEventListener(event, update)
        element.removeEventListener('ended', end)
        if (media === element) media = null
      }
    },
  }
}

export type Playhead = ReturnType<typeof createPlayhead>

/** Returns the index of the current cue, or of the last one before the position; -1 before the first. */
export function useCurrentCueIndex(playhead: Playhead, cues: readonly { startSeconds: number }[]) {
  const read = () => findCueIndex(cues, playhead.read().seconds)
  return useSyncExternalStore(playhead.subscribe, read, read)
}

// Seeking to the start of a cue may end slightly before it.
const TOLERANCE_SECONDS = 0.05

export function findCueIndex(cues: readonly { startSeconds: number }[], seconds: number) {
  let low = 0
  let high = cues.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (cues[middle]!.startSeconds <= seconds + TOLERANCE_SECONDS) low = middle + 1
    else high = middle
  }
  return low - 1
}
