'use client'

import * as commonMessages from '@/lib/generated/messages/common'
import * as messages from '@/lib/generated/messages/auth'
import { useState } from 'react'
import { Button } from '@/app/ui/button'
import { authClient } from '../auth-client'
import { describeAuthError } from '../auth-error'
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
    return error ? describeAuthError(error) : null
  }
  return (
    <AuthPage
      title={messages.twoFactor()}
      hint={usesRecoveryCode ? messages.enterRecoveryCode() : messages.enterAuthenticatorCode()}
    >
      {usesRecoveryCode ? (
        <OneFieldForm
          key="recovery"
          label={messages.recoveryCode()}
          autoComplete="off"
          spellCheck={false}
          submitLabel={commonMessages.signIn()}
          onSubmit={verify}
        />
      ) : (
        <OneFieldForm
          key="code"
          label={messages.code()}
          inputMode="numeric"
          maxLength={6}
          autoComplete="one-time-code"
          submitLabel={commonMessages.signIn()}
          onSubmit={verify}
        />
      )}
      <Button variant="ghost" onClick={() => setUsesRecoveryCode(!usesRecoveryCode)}>
        {usesRecoveryCode ? messages.useAuthenticator() : messages.useRecoveryCode()}
      </Button>
      <Button variant="ghost" onClick={onBack}>
        {messages.backToSignIn()}
      </Button>
    </AuthPage>
  )
}
