'use client'

import { type RefObject, useCallback, useEffect, useState } from 'react'

const prefersReducedMotion = () => window.matchMedia('(prefers-reduced-motion: reduce)').matches

/** Rows out of sight are as high as was guessed; on the way they become as high as they are. */
const MAX_CORRECTIONS = 10

/** Brings a row of a box to its upper third, without moving the page. A far one is jumped to. */
function scrollToRow(box: HTMLElement, row: HTMLElement, corrections = 0) {
  const by = row.getBoundingClientRect().top - box.getBoundingClientRect().top - box.clientHeight / 3
  const isFar = corrections > 0 || prefersReducedMotion() || Math.abs(by) > 2 * box.clientHeight
  box.scrollBy({ top: by, behavior: isFar ? 'instant' : 'smooth' })
  if (isFar && Math.abs(by) > 1 && corrections < MAX_CORRECTIONS && row.isConnected)
    requestAnimationFrame(() => scrollToRow(box, row, corrections + 1))
}

/**
 * Keeps the row with `data-cue={current}` in sight, within its box, until the person scrolls there. `follow`
 * begins anew.
 */
export function useAutoScroll(box: RefObject<HTMLElement | null>, current: string | undefined) {
  const [isFollowing, setFollowing] = useState(true)
  useEffect(() => {
    const element = box.current
    if (!element) return
    const stop = () => setFollowing(false)
    const press = (event: KeyboardEvent) => {
      if (['PageUp', 'PageDown', 'Home', 'End'].includes(event.key)) stop()
    }
    element.addEventListener('wheel', stop, { passive: true })
    element.addEventListener('touchmove', stop, { passive: true })
    element.addEventListener('keydown', press)
    return () => {
      element.removeEventListener('wheel', stop)
      element.removeEventListener('touchmove', stop)
      element.removeEventListener('keydown', press)
    }
  }, [box])
  useEffect(() => {
    if (!isFollowing || !current || !box.current) return
    const row = box.current.querySelector<HTMLElement>(`[data-cue="${current}"]`)
    if (row) scrollToRow(box.current, row)
  }, [box, current, isFollowing])
  return { isFollowing, follow: useCallback(() => setFollowing(true), []), stop: () => setFollowing(false) }
}
