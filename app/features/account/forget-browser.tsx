'use client'

import { useEffect } from 'react'

/** Removes notifications and the count at the icon that a session has left which ended without signing out. */
export function ForgetBrowser() {
  useEffect(() => {
    void import('@/app/features/notifications/push-subscription')
      .then(({ turnPushOffIfSignedOut }) => turnPushOffIfSignedOut())
      .catch(() => undefined)
  }, [])
  return null
}
