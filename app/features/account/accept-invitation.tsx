'use client'

import { type SyntheticEvent, useState } from 'react'
import { authClient, UNKNOWN_ERROR_MESSAGE } from './auth-client'
import { AuthPage } from './auth-page'
import { LabeledInput } from './labeled-input'
import { NewPasswordInput } from './new-password-input'
import { readTextField } from './read-text-field'
import { SubmitRow } from './submit-row'

/** Creates the account of an invitation, whose token is the fragment of the URL, and signs in. */
export function AcceptInvitation() {
  const [problem, setProblem] = useState<string | null>(null)
  const [isSubmitting, setSubmitting] = useState(false)
  async function submit(event: SyntheticEvent<HTMLFormElement>) {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const [name, password] = [readTextField(form, 'name'), readTextField(form, 'password')]
    setSubmitting(true)
    const result = await acceptInvitation({ token: window.location.hash.slice(1), name, password })
    if (result.problem === undefined) {
      await authClient.signIn.email({ email: result.email, password })
      return window.location.assign('/')
    }
    setProblem(result.problem)
    setSubmitting(false)
  }
  return (
    <AuthPage title="Welcome to Meanwhile" hint="Choose a password to create your account.">
      <form method="post" onSubmit={(event) => void submit(event)} className="flex flex-col gap-4">
        <LabeledInput label="Name" name="name" autoComplete="name" maxLength={100} />
        <NewPasswordInput label="Password" name="password" />
        <SubmitRow label="Create account" isSubmitting={isSubmitting} problem={problem} />
      </form>
    </AuthPage>
  )
}

type Accepted = { email: string; problem?: undefined } | { problem: string }

async function acceptInvitation(body: object): Promise<Accepted> {
  const response = await fetch('/api/v1/invitations', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  }).catch(() => null)
  if (!response) return { problem: 'Couldn’t reach the server. Try again in a moment.' }
  const result = (await response.json().catch(() => ({}))) as { email?: string; title?: string }
  return response.ok && result.email
    ? { email: result.email }
    : { problem: result.title ?? UNKNOWN_ERROR_MESSAGE }
}
