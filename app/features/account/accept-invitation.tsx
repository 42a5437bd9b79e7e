'use client'

import * as commonMessages from '@/lib/generated/messages/common'
import * as messages from '@/lib/generated/messages/auth'
import { type SyntheticEvent, useState } from 'react'
import { authClient } from './auth-client'
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
    <AuthPage title={messages.welcome()} hint={messages.welcomeHint()}>
      <form method="post" onSubmit={(event) => void submit(event)} className="flex flex-col gap-4">
        <LabeledInput label={commonMessages.name()} name="name" autoComplete="name" maxLength={100} />
        <NewPasswordInput label={commonMessages.password()} name="password" />
        <SubmitRow label={messages.createAccount()} isSubmitting={isSubmitting} problem={problem} />
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
  if (!response) return { problem: messages.serverUnreachable() }
  const result = (await response.json().catch(() => ({}))) as { email?: string; title?: string }
  return response.ok && result.email
    ? { email: result.email }
    : { problem: result.title ?? messages.unknownError() }
}
