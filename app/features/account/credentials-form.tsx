'use client'

import * as commonMessages from '@/lib/generated/messages/common'
import * as messages from '@/lib/generated/messages/auth'
import { type ReactNode, type SyntheticEvent, useState } from 'react'
import { nameFromEmail } from '@/lib/accounts/display-name'
import { authClient } from './auth-client'
import { describeAuthError } from './auth-error'
import { AuthPage } from './auth-page'
import { LabeledInput } from './labeled-input'
import { NewPasswordInput } from './new-password-input'
import { readTextField } from './read-text-field'
import { PasskeySignIn } from './security/passkey-sign-in'
import { SecondFactorForm } from './security/second-factor-form'
import { SubmitRow } from './submit-row'

interface Props {
  mode: 'sign-in' | 'sign-up'
  /** Requires the setup code of the server. */
  requiresSetupCode?: boolean
  /** Offers to sign in with a passkey of this host name. */
  passkeyHost?: string
  title: string
  hint: string
  /** Links to other pages, below the form. */
  children?: ReactNode
}

/** Signs in, or creates an account and signs in with it. */
export function CredentialsForm({ mode, requiresSetupCode, passkeyHost, title, hint, children }: Props) {
  const [problem, setProblem] = useState<string | null>(null)
  const [isSubmitting, setSubmitting] = useState(false)
  const [step, setStep] = useState<'password' | 'second-factor'>('password')
  const isSignUp = mode === 'sign-up'
  async function submit(event: SyntheticEvent<HTMLFormElement>) {
    // A form `action` would clear the fields, so a wrong password would cost the email address too.
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    setSubmitting(true)
    const email = readTextField(form, 'email')
    const password = readTextField(form, 'password')
    const name = readTextField(form, 'name') || nameFromEmail(email)
    const result = isSignUp
      ? await authClient.signUp.email({ email, password, name, ...readSetupCode(form) })
      : await authClient.signIn.email({ email, password })
    if (result.data && 'twoFactorRedirect' in result.data) {
      setProblem(null)
      setSubmitting(false)
      return setStep('second-factor')
    }
    // Without a token the account is new: a verified one can sign in, the others verify their address first.
    const isNew = result.data && !result.data.token
    if (isNew && result.data.user.emailVerified) {
      await authClient.signIn.email({ email, password })
      return window.location.assign('/')
    }
    if (isNew || result.error?.code === 'EMAIL_NOT_VERIFIED')
      return window.location.assign(`/check-mail?email=${encodeURIComponent(email)}`)
    if (!result.error) return window.location.assign('/')
    setProblem(describeAuthError(result.error))
    setSubmitting(false)
  }
  if (step === 'second-factor') return <SecondFactorForm onBack={() => setStep('password')} />
  return (
    <AuthPage title={title} hint={hint}>
      <form method="post" onSubmit={(event) => void submit(event)} className="flex flex-col gap-4">
        {requiresSetupCode && (
          <LabeledInput
            label={messages.setupCode()}
            hint={messages.setupCodeHint()}
            name="setupCode"
            required
            autoComplete="off"
            autoCapitalize="characters"
            spellCheck={false}
          />
        )}
        {isSignUp && <LabeledInput label={commonMessages.name()} name="name" autoComplete="name" />}
        <LabeledInput
          label={commonMessages.email()}
          name="email"
          type="email"
          required
          autoComplete="email"
        />
        {isSignUp ? (
          <NewPasswordInput label={commonMessages.password()} name="password" />
        ) : (
          <LabeledInput
            label={commonMessages.password()}
            name="password"
            type="password"
            required
            autoComplete="current-password"
          />
        )}
        <SubmitRow
          label={isSignUp ? messages.createAccount() : commonMessages.signIn()}
          isSubmitting={isSubmitting}
          problem={problem}
        />
      </form>
      {!isSignUp && passkeyHost && <PasskeySignIn host={passkeyHost} />}
      {children}
    </AuthPage>
  )
}

/** A field of the app's own sign-up policy, which the client's types do not list. */
const readSetupCode = (form: FormData) => {
  const setupCode = readTextField(form, 'setupCode')
  return setupCode ? { setupCode } : {}
}
