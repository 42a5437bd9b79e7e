import { Lock } from 'lucide-react'
import { OneFieldForm } from '@/app/features/account/one-field-form'
import * as messages from '@/lib/generated/messages/shared-links'
import type { OpenedLink } from './open-link'

interface Props {
  token: string
  onOpen(opened: OpenedLink): void
}

/** Opens a link that has a password. */
export function PasswordForm({ token, onOpen }: Props) {
  return (
    <div className="mx-auto flex w-full max-w-sm grow flex-col justify-center gap-6 py-8">
      <div>
        <Lock className="mb-3 size-6 text-muted-foreground" aria-hidden />
        <h1 className="text-xl font-semibold">{messages.isProtected()}</h1>
        <p className="mt-1 text-muted-foreground">{messages.isProtectedHint()}</p>
      </div>
      <OneFieldForm
        label={messages.password()}
        type="password"
        autoComplete="off"
        submitLabel={messages.open()}
        onSubmit={async (password) => {
          const response = await fetch(`/api/v1/shared/${token}`, {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify({ password }),
          }).catch(() => null)
          if (!response) return messages.serverNotResponding()
          if (!response.ok) return ((await response.json()) as { title: string }).title
          onOpen((await response.json()) as OpenedLink)
          return null
        }}
      />
    </div>
  )
}
