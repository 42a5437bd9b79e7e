'use client'

import { useState } from 'react'
import { Button } from '@/app/ui/button'
import { authClient, UNKNOWN_ERROR_MESSAGE } from '../auth-client'
import { AuthPage } from '../auth-page'
import { OneFieldForm } from '../one-field-form'

/** The second step of a sign-in: a code of the authenticator app, or a recovery code. */
export function SecondFactorForm({ onBack }: { onBack(): void }) {
  const [usesRecoveryCode, setUsesRecoveryCode] = useState(false)
  async function verify(code: string) {
    const { error } = usesRecoveryCode
      ? await authClient.twoFactor.verifyBackupCode({ code: code.trim() })
      : await authClient.twoFactor.verifyTotp({ code: code.trim() })
    if (!error) window.location.assign('/')
    return error ? (error.message ?? UNKNOWN_ERROR_MESSAGE) : null
  }
  return (
    <AuthPage
      title="Two-factor authentication"
      hint={
        usesRecoveryCode
          ? 'Enter one of your recovery codes. It works once.'
          : 'Enter the six digits that your authenticator app shows.'
      }
    >
      {usesRecoveryCode ? (
        <OneFieldForm
          key="recovery"
          label="Recovery code"
          autoComplete="off"
          spellCheck={false}
          submitLabel="Sign in"
          onSubmit={verify}
        />
      ) : (
        <OneFieldForm
          key="code"
          label="Code"
          inputMode="numeric"
          maxLength={6}
          autoComplete="one-time-code"
          submitLabel="Sign in"
          onSubmit={verify}
        />
      )}
      <Button variant="ghost" onClick={() => setUsesRecoveryCode(!usesRecoveryCode)}>
        {usesRecoveryCode ? 'Use the authenticator app' : 'Use a recovery code'}
      </Button>
      <Button variant="ghost" onClick={onBack}>
        Back to sign in
      </Button>
    </AuthPage>
  )
}
