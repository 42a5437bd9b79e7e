'use client'

import { useEffect } from 'react'

/** Shows the mean of `progress` values, each from 0 to 1, in the tab: "(42 %) Meanwhile", and as a ring in the icon. */
export function useTabProgress(progress: number[]) {
  const percent = progress.length
    ? Math.round((100 * progress.reduce((sum, value) => sum + value, 0)) / progress.length)
    : null
  useEffect(() => {
    const show = () => {
      const plain = document.title.replace(/^\(\d+ %\) /, '')
      const wanted = percent === null ? plain : `(${percent} %) ${plain}`
      if (document.title !== wanted) document.title = wanted
    }
    show()
    // Navigation sets the title again.
    const observer = new MutationObserver(show)
    observer.observe(document.head, { childList: true, subtree: true, characterData: true })
    return () => observer.disconnect()
  }, [percent])
  useEffect(() => {
    const link = document.querySelector<HTMLLinkElement>('link[rel="icon"]')
    if (!link) return
    link.dataset.plain ??= link.href
    link.href =
      percent === null
        ? link.dataset.plain
        : `data:image/svg+xml,${encodeURIComponent(renderProgressIcon(percent))}`
  }, [percent])
}

const CIRCUMFERENCE = 2 * Math.PI * 14

const renderProgressIcon = (percent: number) => `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">
<circle cx="16" cy="16" r="14" fill="none" stroke="#8a9a99" stroke-opacity=".35" stroke-width="4"/>
<circle cx="16" cy="16" r="14" fill="none" stroke="#149c94" stroke-width="4" transform="rotate(-90 16 16)"
 stroke-dasharray="${((percent / 100) * CIRCUMFERENCE).toFixed(1)} ${CIRCUMFERENCE.toFixed(1)}"/>
<path fill="#149c94" d="M10 9h12L16 16zM10 23h12L16 16z"/></svg>`
