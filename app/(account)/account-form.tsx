'use client'

import { useState } from 'react'
import { account } from '@/app/account-client'
import { Button } from '@/app/components/button'
import { Mark } from '@/app/components/mark'

const field = 'h-10 w-full rounded-md border bg-page px-3'

/** Signs in, or makes an account and is signed in with it. */
export function AccountForm({
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
  async function submit(form: FormData) {
    setBusy(true)
    const [email, password, name] = ['email', 'password', 'name'].map((key) => textOf(form, key))
    const answer =
      mode === 'sign-up'
        ? await account.signUp.email({
            email: email!,
            password: password!,
            name: name || email!.split('@')[0]!,
          })
        : await account.signIn.email({ email: email!, password: password! })
    if (!answer.error) return window.location.assign('/')
    setProblem(answer.error.message ?? 'That did not work. Try again.')
    setBusy(false)
  }
  return (
    <main className="mx-auto flex min-h-dvh max-w-sm flex-col justify-center gap-6 px-5 py-10">
      <div className="flex items-center gap-2 text-lg font-semibold">
        <Mark /> Meanwhile
      </div>
      <div>
        <h1 className="text-xl font-semibold">{title}</h1>
        <p className="mt-1 text-soft">{hint}</p>
      </div>
      <form action={submit} className="flex flex-col gap-4">
        {mode === 'sign-up' && (
          <label className="flex flex-col gap-1 text-sm">
            Name
            <input name="name" autoComplete="name" className={field} />
          </label>
        )}
        <label className="flex flex-col gap-1 text-sm">
          E-mail
          <input name="email" type="email" required autoComplete="email" className={field} />
        </label>
        <label className="flex flex-col gap-1 text-sm">
          Password
          <input
            name="password"
            type="password"
            required
            minLength={mode === 'sign-up' ? 10 : 1}
            className={field}
            autoComplete={mode === 'sign-up' ? 'new-password' : 'current-password'}
          />
          {mode === 'sign-up' && <span className="text-xs text-soft">10 characters or more.</span>}
        </label>
        {problem && (
          <p role="alert" className="text-fail">
            {problem}
          </p>
        )}
        <Button type="submit" look="main" disabled={isBusy}>
          {mode === 'sign-up' ? 'Create account' : 'Sign in'}
        </Button>
      </form>
    </main>
  )
}

const textOf = (form: FormData, key: string) => {
  const value = form.get(key)
  return typeof value === 'string' ? value : ''
}
