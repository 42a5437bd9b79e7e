'use client'

import type { ReactNode } from 'react'
import { Button } from '@/app/ui/button'
import { Link } from '@/app/ui/link'
import type { KeyDto } from '@/lib/accounts/key-schema'
import { ApiKeys } from './keys/api-keys'
import { signOut } from './sign-out'
import { EmailVerificationNotice } from './email-verification-notice'
import { LanguageSelect } from './language-select'
import { ProfileForm } from './profile-form'

interface Props {
  name: string
  email: string
  isAdmin: boolean
  isEmailVerified: boolean
  keys: KeyDto[]
  /** Further settings, shown before the API keys. */
  children?: ReactNode
}

export function AccountSettings({ name, email, isAdmin, isEmailVerified, keys, children }: Props) {
  return (
    <div className="flex max-w-xl flex-col gap-8">
      <section className="flex items-center justify-between gap-4">
        <div>
          <h1 className="text-2xl font-semibold">Account</h1>
          <p className="text-muted-foreground">
            {email}
            {isAdmin ? ' · Administrator' : ''}
          </p>
        </div>
        <Button onClick={() => void signOut()}>Sign out</Button>
      </section>
      {!isEmailVerified && <EmailVerificationNotice email={email} />}
      <ProfileForm name={name} email={email} />
      <LanguageSelect />
      <section className="flex items-center justify-between gap-4">
        <div>
          <h2 className="text-lg font-semibold">Security</h2>
          <p className="text-muted-foreground">Password, two-factor authentication, passkeys and sessions.</p>
        </div>
        <Button asChild>
          <Link href="/account/security">Manage security</Link>
        </Button>
      </section>
      {children}
      <ApiKeys initial={keys} />
      <section className="flex items-center justify-between gap-4">
        <div>
          <h2 className="text-lg font-semibold">Webhooks</h2>
          <p className="text-muted-foreground">Send an event to your server when a task finishes.</p>
        </div>
        <Button asChild>
          <Link href="/account/webhooks">Manage webhooks</Link>
        </Button>
      </section>
    </div>
  )
}
