'use client'

import { useState } from 'react'
import { Select } from '@/app/ui/select'
import { toast } from '@/app/ui/toast'
import * as messages from '@/lib/generated/messages/language'
import { getLocale, type Locale, LOCALE_NAMES, LOCALES } from '@/lib/i18n/locale'
import { authClient } from './auth-client'
import { describeAuthError } from './auth-error'

/** The language of the interface. A new one reloads the page. */
export function LanguageSelect() {
  const [locale, setLocale] = useState(getLocale)
  async function change(next: Locale) {
    setLocale(next)
    const { error } = await authClient.updateUser({ locale: next } as object)
    if (!error) return window.location.reload()
    setLocale(locale)
    toast(describeAuthError(error))
  }
  return (
    <section className="flex items-center justify-between gap-4">
      <div>
        <h2 className="text-lg font-semibold">{messages.language()}</h2>
        <p className="text-muted-foreground">{messages.hint()}</p>
      </div>
      <Select
        label={messages.language()}
        value={locale}
        options={LOCALES.map((tag) => [tag, LOCALE_NAMES[tag]] as const)}
        onChange={(next) => void change(next)}
      />
    </section>
  )
}
