'use client'

import * as commonMessages from '@/lib/generated/messages/common'
import * as messages from '@/lib/generated/messages/account'
import { type SyntheticEvent, useState } from 'react'
import { Button } from '@/app/ui/button'
import { Modal } from '@/app/ui/modal'
import type { IdentityMethods } from '@/lib/accounts/identity-methods'
import { authClient } from '../auth-client'
import { describeAuthError } from '../auth-error'
import { LabeledInput } from '../labeled-input'
import { readTextField } from '../read-text-field'
import { SubmitRow } from '../submit-row'

type AuthResult = { error: { code?: string; message?: string } | null }

interface Props {
  methods: IdentityMethods
  onSettled(isConfirmed: boolean): void
}

/** Requests the password, a passkey, a code or a new single sign-on before a sensitive change. */
export default function IdentityDialog({ methods, onSettled }: Props) {
  const { hasPassword, hasAuthenticator, hasPasskey, provider } = methods
  const [problem, setProblem] = useState<string | null>(null)
  const [isSubmitting, setSubmitting] = useState(false)
  async function attempt(authenticate: () => Promise<AuthResult>) {
    setSubmitting(true)
    const { error } = await authenticate()
    setSubmitting(false)
    if (error) setProblem(describeAuthError(error))
    else onSettled(true)
  }
  function submit(event: SyntheticEvent<HTMLFormElement>) {
    event.preventDefault()
    const secret = readTextField(new FormData(event.currentTarget), 'secret')
    void attempt(() =>
      /^\d{6}$/.test(secret)
        ? authClient.twoFactor.verifyTotp({ code: secret })
        : authClient.$fetch('/reauthenticate', { method: 'POST', body: { password: secret } }),
    )
  }
  /** Leaves the page, and returns to it with a new session. */
  async function signInAgain(providerId: string) {
    setSubmitting(true)
    const { error } = await authClient.signIn.social({
      provider: providerId,
      callbackURL: `${window.location.pathname}${window.location.search}`,
      errorCallbackURL: '/sign-in',
      // The provider requests the password even if it still has a session.
      additionalParams: { prompt: 'login' },
    })
    if (!error) return
    setSubmitting(false)
    setProblem(describeAuthError(error))
  }
  return (
    <Modal
      title={messages.confirmIdentity()}
      description={messages.confirmIdentityHint()}
      isOpen
      onOpenChange={(isOpen) => !isOpen && onSettled(false)}
    >
      {hasPassword ? (
        <form method="post" onSubmit={submit} className="flex flex-col gap-4">
          <LabeledInput
            label={commonMessages.password()}
            hint={hasAuthenticator ? messages.orAuthenticatorCode() : undefined}
            name="secret"
            type="password"
            required
            autoComplete="current-password"
          />
          <SubmitRow label={messages.confirm()} isSubmitting={isSubmitting} problem={problem} />
        </form>
      ) : (
        problem && (
          <p role="alert" className="text-destructive">
            {problem}
          </p>
        )
      )}
      {hasPasskey && (
        <Button
          disabled={isSubmitting}
          onClick={() => void attempt(async () => (await authClient.signIn.passkey()) as AuthResult)}
        >
          {messages.usePasskey()}
        </Button>
      )}
      {provider && (
        <div className="flex flex-col gap-1.5">
          <Button disabled={isSubmitting} onClick={() => void signInAgain(provider.id)}>
            {messages.signInAgain({ provider: provider.name })}
          </Button>
          <p className="text-xs text-muted-foreground">{messages.comeBack()}</p>
        </div>
      )}
    </Modal>
  )
}
