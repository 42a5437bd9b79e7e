'use client'

import { loadLater } from '@/app/ui/load-later'
import { useEffect, useState } from 'react'
import { registerIdentityCheck } from '@/app/ui/identity-check'
import type { IdentityMethods } from '@/lib/accounts/identity-methods'

/** Few visits need it. */
const IdentityDialog = loadLater(async () => (await import('./identity-dialog')).default)

/** Shows a dialog when a sensitive change needs a confirmation of the identity. Mounted once, in the layout. */
export function IdentityCheck({ methods }: { methods: IdentityMethods }) {
  const [settle, setSettle] = useState<((isConfirmed: boolean) => void) | null>(null)
  useEffect(
    () => registerIdentityCheck(() => new Promise<boolean>((resolve) => setSettle(() => resolve))),
    [],
  )
  if (!settle) return null
  const handleSettled = (isConfirmed: boolean) => {
    settle(isConfirmed)
    setSettle(null)
  }
  return <IdentityDialog methods={methods} onSettled={handleSettled} />
}
