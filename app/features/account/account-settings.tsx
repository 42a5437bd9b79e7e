'use client'

import { Link } from '@/app/ui/link'
import { type ReactNode, useCallback, useEffect, useState } from 'react'
import { toast } from 'sonner'
import { authClient, signOut } from './auth-client'
import { Button } from '@/app/ui/button'
import { Input } from '@/app/ui/input'
import { EmailVerificationNotice } from './email-verification-notice'

type ApiKey = { id: string; name: string | null; start: string | null }

/** Who is signed in, and the API keys: a new one is shown once. */
export function AccountSettings({
  email,
  isAdmin,
  isConfirmed,
  children,
}: {
  email: string
  isAdmin: boolean
  isConfirmed: boolean
  children?: ReactNode
}) {
  const [keys, setKeys] = useState<ApiKey[]>([])
  const [fresh, setFresh] = useState<string | null>(null)
  const load = useCallback(async () => {
    const { data } = await authClient.apiKey.list()
    setKeys(data?.apiKeys ?? [])
  }, [])
  useEffect(() => void load(), [load])
  async function create(form: FormData) {
    const { data, error } = await authClient.apiKey.create({ name: form.get('name') as string })
    if (error) return void toast.error(error.message ?? 'The key could not be made.')
    setFresh(data.key)
    await load()
  }
  async function revoke(keyId: string) {
    await authClient.apiKey.delete({ keyId })
    await load()
  }
  return (
    <div className="flex max-w-xl flex-col gap-8">
      <section className="flex items-center justify-between gap-4">
        <div>
          <h1 className="text-2xl font-semibold">Account</h1>
          <p className="text-muted-foreground">
            {email}
            {isAdmin ? ' · administrator' : ''}
          </p>
        </div>
        <Button onClick={() => void signOut()}>Sign out</Button>
      </section>
      {!isConfirmed && <EmailVerificationNotice email={email} />}
      {children}
      <section className="flex flex-col gap-3">
        <h2 className="text-lg font-semibold">API keys</h2>
        <p className="text-muted-foreground">
          For scripts: <code className="font-mono text-sm">Authorization: Bearer KEY</code>
        </p>
        {fresh && (
          <div role="status" className="rounded-md border border-primary p-3">
            <p className="font-medium">Copy it now. It is not shown again.</p>
            <code className="font-mono text-sm break-all">{fresh}</code>
          </div>
        )}
        <form action={create} className="flex gap-2">
          <Input
            name="name"
            required
            maxLength={32}
            aria-label="Name of the key"
            placeholder="What it is for"
          />
          <Button type="submit" variant="default">
            Create key
          </Button>
        </form>
        {keys.length > 0 && (
          <ul className="divide-y rounded-xl border bg-card">
            {keys.map((key) => (
              <li key={key.id} className="flex h-11 items-center gap-3 px-4">
                <span className="grow truncate">{key.name}</span>
                <code className="font-mono text-xs text-muted-foreground">{key.start}…</code>
                <Button variant="ghost" size="sm" onClick={() => void revoke(key.id)}>
                  Revoke
                </Button>
              </li>
            ))}
          </ul>
        )}
      </section>
      <section className="flex items-center justify-between gap-4">
        <div>
          <h2 className="text-lg font-semibold">Webhooks</h2>
          <p className="text-muted-foreground">Your own server is told when work ends.</p>
        </div>
        <Button asChild>
          <Link href="/account/webhooks">Webhooks</Link>
        </Button>
      </section>
    </div>
  )
}
