import { Lock } from 'lucide-react'
import { OneFieldForm } from '@/app/features/account/one-field-form'
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
        <h1 className="text-xl font-semibold">This link is protected</h1>
        <p className="mt-1 text-muted-foreground">Enter the password that you got with it.</p>
      </div>
      <OneFieldForm
        label="Password"
        type="password"
        autoComplete="off"
        submitLabel="Open"
        onSubmit={async (password) => {
          const response = await fetch(`/api/v1/shared/${token}`, {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify({ password }),
          }).catch(() => null)
          if (!response) return 'The server did not respond. Try again.'
          if (!response.ok) return ((await response.json()) as { title: string }).title
          onOpen((await response.json()) as OpenedLink)
          return null
        }}
      />
    </div>
  )
}
