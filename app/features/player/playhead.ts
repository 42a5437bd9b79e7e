'use client'

import { useSyncExternalStore } from 'react'

type MediaElement = Pick<
  HTMLMediaElement,
  'currentTime' | 'paused' | 'readyState' | 'play' | 'pause' | 'addEventListener' | 'removeEventListener'
>

const EVENTS = ['timeupdate', 'seeked', 'play', 'pause'] as const

/**
 * Where a player is, for it and for what stands beside it. It stays while the sources under the player are
 * exchanged, and may be moved before there is anything to play.
 */
export function createPlayhead(startSeconds = 0) {
  const listeners = new Set<() => void>()
  let media: MediaElement | null = null
  let now = { seconds: startSeconds, isPlaying: false }
  const set = (next: typeof now) => {
    if (next.seconds === now.seconds && next.isPlaying === now.isPlaying) return
    now = next
    for (const listener of listeners) listener()
  }
  return {
    read: () => now,
    /** To the millisecond; `read` follows four times a second. */
    seconds: () => (media && media.readyState > 0 ? media.currentTime : now.seconds),
    subscribe(listener: () => void) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    seek(seconds: number) {
      set({ ...now, seconds })
      if (media) media.currentTime = seconds
    },
    toggle() {
      if (media?.paused) void media.play()
      else media?.pause()
    },
    play() {
      if (media?.paused) void media.play()
    },
    /** From now on it is told by this media. Gives what ends that. */
    attach(element: MediaElement) {
      media = element
      // New media is at 0 until it has found its place.
      let isPlaced = now.seconds === 0
      const keep = () => {
        isPlaced ||= element.currentTime > 0
        set({ seconds: isPlaced ? element.currentTime : now.seconds, isPlaying: !element.paused })
      }
      for (const event of EVENTS) element.addEventListener(event, keep)
      return () => {
        for (const event of EVENTS) element.removeEventListener(event, keep)
        if (media === element) media = null
      }
    },
  }
}

export type Playhead = ReturnType<typeof createPlayhead>

/** The number in `cues` of the one that is said now, or was last; -1 before the first. */
export function useCurrentCueIndex(playhead: Playhead, cues: readonly { startSeconds: number }[]) {
  const read = () => findCueIndex(cues, playhead.read().seconds)
  return useSyncExternalStore(playhead.subscribe, read, read)
}

// A player that was sent to the start of a cue may stand a hair before it.
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
