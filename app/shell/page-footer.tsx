'use client'

import type { ReactNode } from 'react'
import { setShortcutSheetOpen } from '@/app/ui/shortcuts'
import * as languageMessages from '@/lib/generated/messages/language'
import * as shortcutMessages from '@/lib/generated/messages/shortcuts'
import { getLocale, LOCALE_NAMES, LOCALES } from '@/lib/i18n/locale'

/** The foot of pages without the frame, for users who may have no account. The languages need no JavaScript. */
export function PageFooter({ children }: { children?: ReactNode }) {
  const locale = getLocale()
  return (
    <footer className="flex flex-wrap items-center justify-center gap-x-5 px-4 py-4 text-sm text-muted-foreground">
      {children}
      <form method="post" aria-label={languageMessages.language()} className="flex">
        {LOCALES.map((tag) =>
          tag === locale ? (
            <span key={tag} lang={tag} aria-current="true" className="p-2 text-foreground">
              {LOCALE_NAMES[tag]}
            </span>
          ) : (
            <button
              key={tag}
              type="submit"
              formAction={`/language/${tag}`}
              lang={tag}
              className="rounded-md p-2 hover:underline"
            >
              {LOCALE_NAMES[tag]}
            </button>
          ),
        )}
      </form>
      <button
        type="button"
        onClick={() => setShortcutSheetOpen(true)}
        className="rounded-md p-2 hover:underline pointer-coarse:hidden"
      >
        {shortcutMessages.title()}
      </button>
    </footer>
  )
}
