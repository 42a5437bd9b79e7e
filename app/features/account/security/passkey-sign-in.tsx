'use client'

import * as messages from '@/lib/generated/messages/auth'
import { useState } from 'react'
import { Button } from '@/app/ui/button'
import { authClient } from '../auth-client'
import { describeAuthError } from '../auth-error'
import { usePasskeySupport } from './use-passkey-support'

/** A button that signs in with a passkey, where the browser can use one for `host`. */
export function PasskeySignIn({ host }: { host: string }) {
  const isSupported = usePasskeySupport(host)
  const [problem, setProblem] = useState<string | null>(null)
  if (!isSupported) return null
  async function signIn() {
    const { error } = await authClient.signIn.passkey()
    if (!error) return window.location.assign('/')
    setProblem(describeAuthError(error))
  }
  return (
    <>
      <Button onClick={() => void signIn()}>{messages.signInWithPasskey()}</Button>
      {problem && (
        <p role="alert" className="text-destructive">
          {problem}
        </p>
      )}
    </>
  )
}
