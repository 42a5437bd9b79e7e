'use client'

import { type ReactNode, type SyntheticEvent, useState } from 'react'
import { authClient, UNKNOWN_ERROR_MESSAGE } from './auth-client'
import { AuthPage } from './auth-page'
import { LabeledInput } from './labeled-input'
import { SubmitRow } from './submit-row'

interface Props {
  mode: 'sign-in' | 'sign-up'
  title: string
  hint: string
  /** Links to other pages, below the form. */
  children?: ReactNode
}

/** Signs in, or creates an account and signs in with it. */
export function CredentialsForm({ mode, title, hint, children }: Props) {
  const [problem, setProblem] = useState<string | null>(null)
  const [isSubmitting, setSubmitting] = useState(false)
  const isSignUp = mode === 'sign-up'
  async function submit(event: SyntheticEvent<HTMLFormElement>) {
    // A form `action` would clear the fields, so a wrong password would cost the email address too.
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    setSubmitting(true)
    const email = readTextField(form, 'email')
    const password = readTextField(form, 'password')
    const name = readTextField(form, 'name') || email.split('@')[0]!
    const result = isSignUp
      ? await authClient.signUp.email({ email, password, name })
      : await authClient.signIn.email({ email, password })
    // Without a token the account is new: a verified one can sign in, the others verify their address first.
    const isNew = result.data && !result.data.token
    if (isNew && result.data.user.emailVerified) {
      await authClient.signIn.email({ email, password })
      return window.location.assign('/')
    }
    if (isNew || result.error?.code === 'EMAIL_NOT_VERIFIED')
      return window.location.assign(`/check-mail?email=${encodeURIComponent(email)}`)
    if (!result.error) return window.location.assign('/')
    setProblem(errorMessage(result.error))
    setSubmitting(false)
  }
  return (
    <AuthPage title={title} hint={hint}>
      <form onSubmit={(event) => void submit(event)} className="flex flex-col gap-4">
        {isSignUp && <LabeledInput label="Name" name="name" autoComplete="name" />}
        <LabeledInput label="Email" name="email" type="email" required autoComplete="email" />
        <LabeledInput
          label="Password"
          hint={isSignUp ? 'At least 10 characters.' : undefined}
          name="password"
          type="password"
          required
          minLength={isSignUp ? 10 : 1}
          autoComplete={isSignUp ? 'new-password' : 'current-password'}
        />
        <SubmitRow
          label={isSignUp ? 'Create account' : 'Sign in'}
          isSubmitting={isSubmitting}
          problem={problem}
        />
      </form>
      {children}
    </AuthPage>
  )
}

const readTextField = (form: FormData, key: string) => {
  const value = form.get(key)
  return typeof value === 'string' ? value : ''
}

const errorMessage = ({ code, message }: { code?: string; message?: string }) =>
  code === 'INVALID_EMAIL_OR_PASSWORD'
    ? 'That email and password don’t match.'
    : (message ?? UNKNOWN_ERROR_MESSAGE)
