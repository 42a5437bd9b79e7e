'use client'

import { useState } from 'react'
import { Button } from '@/app/ui/button'
import { authClient, UNKNOWN_ERROR_MESSAGE } from './auth-client'

interface Props {
  providerId: string
  name: string
  /** The code of a failed attempt, from the URL. */
  errorCode?: string
}

const errorMessages: Record<string, string> = {
  setup_required: 'Create the administrator account first.',
  signup_disabled: 'You have no account here yet. Ask your administrator for one.',
  email_not_verified: 'Your address is not verified there. Verify it first, then try again.',
  account_not_linked:
    'An account with your address exists, but the address is not verified on both sides. Sign in with your password.',
  ACCOUNT_DISABLED: 'This account is disabled. Ask your administrator.',
  access_denied: 'You canceled the sign-in.',
}

/** Starts signing in with the OpenID Connect provider, and reports why the last attempt failed. */
export function OidcSignIn({ providerId, name, errorCode }: Props) {
  const [problem, setProblem] = useState(
    errorCode ? (errorMessages[errorCode] ?? `Signing in with ${name} failed. Try again.`) : null,
  )
  async function start() {
    const urls = { callbackURL: '/', errorCallbackURL: '/sign-in' }
    const { error } = await authClient.signIn.social({ provider: providerId, ...urls })
    if (error) setProblem(error.message ?? UNKNOWN_ERROR_MESSAGE)
  }
  return (
    <div className="flex flex-col gap-2">
      <Button onClick={() => void start()}>Continue with {name}</Button>
      {problem && (
        <p role="alert" className="text-destructive">
          {problem}
        </p>
      )}
    </div>
  )
}
