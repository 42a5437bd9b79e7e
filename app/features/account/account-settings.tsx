'use client'

import * as commonMessages from '@/lib/generated/messages/common'
import * as messages from '@/lib/generated/messages/account'
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
          <h1 className="text-2xl font-semibold">{messages.title()}</h1>
          <p className="text-muted-foreground">
            {isAdmin ? `${email} · ${messages.administrator()}` : email}
          </p>
        </div>
        <Button onClick={() => void signOut()}>{commonMessages.signOut()}</Button>
      </section>
      {!isEmailVerified && <EmailVerificationNotice email={email} />}
      <ProfileForm name={name} email={email} />
      <LanguageSelect />
      <section className="flex items-center justify-between gap-4">
        <div>
          <h2 className="text-lg font-semibold">{messages.security()}</h2>
          <p className="text-muted-foreground">{messages.securityHint()}</p>
        </div>
        <Button asChild>
          <Link href="/account/security">{messages.manageSecurity()}</Link>
        </Button>
      </section>
      {children}
      <ApiKeys initial={keys} />
      <section className="flex items-center justify-between gap-4">
        <div>
          <h2 className="text-lg font-semibold">{messages.webhooks()}</h2>
          <p className="text-muted-foreground">{messages.webhooksHint()}</p>
        </div>
        <Button asChild>
          <Link href="/account/webhooks">{messages.manageWebhooks()}</Link>
        </Button>
      </section>
    </div>
  )
}
