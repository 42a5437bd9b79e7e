'use client'

import { useState } from 'react'
import { Button } from '@/app/ui/button'
import { authClient, UNKNOWN_ERROR_MESSAGE } from '../auth-client'
import { usePasskeySupport } from './use-passkey-support'

/** A button that signs in with a passkey, where the browser can use one for `host`. */
export function PasskeySignIn({ host }: { host: string }) {
  const isSupported = usePasskeySupport(host)
  const [problem, setProblem] = useState<string | null>(null)
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
