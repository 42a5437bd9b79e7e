'use client'

import { useEffect, useState } from 'react'
import { Button } from '@/app/ui/button'
import { authClient, UNKNOWN_ERROR_MESSAGE } from '../auth-client'
import { isPasskeySupported } from './is-passkey-supported'

/** A button that signs in with a passkey, where the browser can use one for `host`. */
export function PasskeySignIn({ host }: { host: string }) {
  const [isSupported, setSupported] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  useEffect(() => setSupported(isPasskeySupported(host)), [host])
  if (!isSupported) return null
  async function signIn() {
    const { error } = await authClient.signIn.passkey()
    if (!error) return window.location.assign('/')
    setProblem(error.message ?? UNKNOWN_ERROR_MESSAGE)
  }
  return (
    <>
      <Button onClick={() => void signIn()}>Sign in with a passkey</Button>
      {problem && (
        <p role="alert" className="text-destructive">
          {problem}
        </p>
      )}
    </>
  )
}
