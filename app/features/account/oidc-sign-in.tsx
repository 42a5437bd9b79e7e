'use client'

import * as messages from '@/lib/generated/messages/auth'
import { useState } from 'react'
import { Button } from '@/app/ui/button'
import { authClient } from './auth-client'
import { describeAuthError } from './auth-error'

interface Props {
  providerId: string
  name: string
  /** The code of a failed attempt, from the URL. */
  errorCode?: string
}

const errorMessages: Record<string, () => string> = {
  setup_required: messages.setupRequired,
  signup_disabled: messages.signUpDisabled,
  email_not_verified: messages.emailNotVerifiedThere,
  account_not_linked: messages.accountNotLinked,
  ACCOUNT_DISABLED: messages.accountDisabled,
  access_denied: messages.signInCanceled,
}

/** Starts signing in with the OpenID Connect provider, and reports why the last attempt failed. */
export function OidcSignIn({ providerId, name, errorCode }: Props) {
  const [problem, setProblem] = useState(
    errorCode ? (errorMessages[errorCode]?.() ?? messages.signInFailed({ provider: name })) : null,
  )
  async function start() {
    const urls = { callbackURL: '/', errorCallbackURL: '/sign-in' }
    const { error } = await authClient.signIn.social({ provider: providerId, ...urls })
    if (error) setProblem(describeAuthError(error))
  }
  return (
    <div className="flex flex-col gap-2">
      <Button onClick={() => void start()}>{messages.continueWith({ provider: name })}</Button>
      {problem && (
        <p role="alert" className="text-destructive">
          {problem}
        </p>
      )}
    </div>
  )
}
