'use client'

import * as messages from '@/lib/generated/messages/ui'
import { loadLater } from '@/app/ui/load-later'
import { type CSSProperties, useEffect, useSyncExternalStore } from 'react'
import { loadToast, toasterRequest } from './toast'

const Sonner = loadLater(async () => (await import('sonner')).Toaster)

const style = {
  fontFamily: 'inherit',
  '--normal-bg': 'var(--card)',
  '--normal-border': 'var(--border)',
  '--normal-text': 'var(--foreground)',
} as CSSProperties

/** Shows toasts. Mounted once, in the layout. */
export function Toaster() {
  const { subscribe, read, readOnServer } = toasterRequest
  const isRequested = useSyncExternalStore(subscribe, read, readOnServer)
  useEffect(loadOnFirstInput, [])
  // On phones, above the bottom navigation.
  return (
    isRequested && (
      <Sonner
        containerAriaLabel={messages.notifications()}
        position="bottom-left"
        mobileOffset={{ bottom: 76 }}
        style={style}
      />
    )
  )
}

/** Toasts also report that the connection is lost, when nothing can be loaded any more. */
function loadOnFirstInput() {
  const controller = new AbortController()
  const options = { once: true, passive: true, signal: controller.signal }
  for (const event of ['pointerdown', 'keydown'])
    document.addEventListener(event, () => void loadToast(), options)
  return () => controller.abort()
}
