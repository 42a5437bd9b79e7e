'use client'

import { type SyntheticEvent, useEffect, useState } from 'react'
import { Button } from '@/app/ui/button'
import { registerIdentityCheck } from '@/app/ui/identity-check'
import { Modal } from '@/app/ui/modal'
import { authClient, UNKNOWN_ERROR_MESSAGE } from '../auth-client'
import { LabeledInput } from '../labeled-input'
import { readTextField } from '../read-text-field'
import { SubmitRow } from '../submit-row'

type AuthResult = { error: { message?: string } | null }

/** Requests the password, a passkey or a code before a sensitive change. Mounted once, in the layout. */
export function IdentityDialog() {
  const [settle, setSettle] = useState<((isConfirmed: boolean) => void) | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const [isSubmitting, setSubmitting] = useState(false)
  useEffect(
    () =>
      registerIdentityCheck(
        () =>
          new Promise<boolean>((resolve) => {
            setProblem(null)
            setSettle(() => resolve)
          }),
      ),
    [],
  )
  const close = (isConfirmed: boolean) => {
    settle?.(isConfirmed)
    setSettle(null)
  }
  async function attempt(authenticate: () => Promise<AuthResult>) {
    setSubmitting(true)
    const { error } = await authenticate()
    setSubmitting(false)
    if (error) setProblem(error.message ?? UNKNOWN_ERROR_MESSAGE)
    else close(true)
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
  return (
    <Modal
      title="Confirm that it’s you"
      description="Sensitive changes need a fresh confirmation. It lasts for ten minutes."
      isOpen={settle !== null}
      onOpenChange={(isOpen) => !isOpen && close(false)}
    >
      <form method="post" onSubmit={submit} className="flex flex-col gap-4">
        <LabeledInput
          label="Password"
          hint="Or the six digits of your authenticator app."
          name="secret"
          type="password"
          required
          autoComplete="current-password"
        />
        <SubmitRow label="Confirm" isSubmitting={isSubmitting} problem={problem} />
        <Button
          disabled={isSubmitting}
          onClick={() => void attempt(async () => (await authClient.signIn.passkey()) as AuthResult)}
        >
          Use a passkey
        </Button>
      </form>
    </Modal>
  )
}
