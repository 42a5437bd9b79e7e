'use client'

import { type RefObject, useCallback, useEffect, useState } from 'react'

const prefersReducedMotion = () => window.matchMedia('(prefers-reduced-motion: reduce)').matches

/** The height of rows out of view is estimated; it is corrected as they come into view. */
const MAX_CORRECTIONS = 10

/** Scrolls a row to the upper third of its container, without scrolling the page. Jumps if the row is far away. */
function scrollToRow(container: HTMLElement, row: HTMLElement, corrections = 0) {
  const offset =
    row.getBoundingClientRect().top - container.getBoundingClientRect().top - container.clientHeight / 3
  const isFar = corrections > 0 || prefersReducedMotion() || Math.abs(offset) > 2 * container.clientHeight
  container.scrollBy({ top: offset, behavior: isFar ? 'instant' : 'smooth' })
  if (isFar && Math.abs(offset) > 1 && corrections < MAX_CORRECTIONS && row.isConnected)
    requestAnimationFrame(() => scrollToRow(container, row, corrections + 1))
}

/** Keeps the row with `data-cue={current}` in view until the user scrolls the container. `resume` follows again. */
export function useAutoScroll(container: RefObject<HTMLElement | null>, current: string | undefined) {
  const [isFollowing, setFollowing] = useState(true)
  useEffect(() => {
    const element = container.current
    if (!element) return
    const stop = () => setFollowing(false)
    const handleKeyDown = (event: KeyboardEvent) => {
      if (['PageUp', 'PageDown', 'Home', 'End'].includes(event.key)) stop()
    }
    element.addEventListener('wheel', stop, { passive: true })
    element.addEventListener('touchmove', stop, { passive: true })
    element.addEventListener('keydown', handleKeyDown)
    return () => {
      element.removeEventListener('wheel', stop)
      element.removeEventListener('touchmove', stop)
      element.removeEventListener('keydown', handleKeyDown)
    }
  }, [container])
  useEffect(() => {
    if (!isFollowing || !current || !container.current) return
    const row = container.current.querySelector<HTMLElement>(`[data-cue="${current}"]`)
    if (row) scrollToRow(container.current, row)
  }, [container, current, isFollowing])
  return { isFollowing, resume: useCallback(() => setFollowing(true), []) }
}
