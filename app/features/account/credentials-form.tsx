'use client'

import { Link } from '@/app/ui/link'
import { type SyntheticEvent, useState } from 'react'
import { authClient } from './auth-client'
import { Button } from '@/app/ui/button'
import { Input } from '@/app/ui/input'
import { AuthPage } from './auth-page'

/** Signs in, or makes an account and is signed in with it. */
export function CredentialsForm({
  mode,
  title,
  hint,
}: {
  mode: 'sign-in' | 'sign-up'
  title: string
  hint: string
}) {
  const [problem, setProblem] = useState<string | null>(null)
  const [isBusy, setBusy] = useState(false)
  async function submit(event: SyntheticEvent<HTMLFormElement>) {
    // An `action` would empty the fields, and a wrong password is no reason to type the address again.
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    setBusy(true)
    const [email, password, name] = ['email', 'password', 'name'].map((key) => readTextField(form, key))
    const answer =
      mode === 'sign-up'
        ? await authClient.signUp.email({
            email: email!,
            password: password!,
            name: name || email!.split('@')[0]!,
          })
        : await authClient.signIn.email({ email: email!, password: password! })
    // An account whose address has yet to be confirmed opens with the link in the mail.
    const isNew = answer.data && !answer.data.token
    if (isNew && answer.data.user.emailVerified) {
      await authClient.signIn.email({ email: email!, password: password! })
      return window.location.assign('/')
    }
    if (isNew || answer.error?.code === 'EMAIL_NOT_VERIFIED')
      return window.location.assign(`/check-mail?email=${encodeURIComponent(email!)}`)
    if (!answer.error) return window.location.assign('/')
    setProblem(answer.error.message ?? 'That did not work. Try again.')
    setBusy(false)
  }
  return (
    <AuthPage title={title} hint={hint}>
      <form onSubmit={(event) => void submit(event)} className="flex flex-col gap-4">
        {mode === 'sign-up' && (
          <label className="flex flex-col gap-1 text-sm">
            Name
            <Input name="name" autoComplete="name" />
          </label>
        )}
        <label className="flex flex-col gap-1 text-sm">
          E-mail
          <Input name="email" type="email" required autoComplete="email" />
        </label>
        <label className="flex flex-col gap-1 text-sm">
          Password
          <Input
            name="password"
            type="password"
            required
            minLength={mode === 'sign-up' ? 10 : 1}
            autoComplete={mode === 'sign-up' ? 'new-password' : 'current-password'}
          />
          {mode === 'sign-up' && (
            <span className="text-xs text-muted-foreground">10 characters or more.</span>
          )}
        </label>
        {problem && (
          <p role="alert" className="text-destructive">
            {problem}
          </p>
        )}
        <Button type="submit" variant="default" disabled={isBusy}>
          {mode === 'sign-up' ? 'Create account' : 'Sign in'}
        </Button>
      </form>
      {mode === 'sign-in' && (
        <Link href="/forgot-password" className="text-sm text-muted-foreground hover:underline">
          Forgot your password?
        </Link>
      )}
    </AuthPage>
  )
}

const readTextField = (form: FormData, key: string) => {
  const value = form.get(key)
  return typeof value === 'string' ? value : ''
}
