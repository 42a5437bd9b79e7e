'use client'

import { useCallback, useEffect, useState } from 'react'
import { toast } from 'sonner'
import { Button } from '@/app/ui/button'
import { Input } from '@/app/ui/input'
import { OneTimeSecret } from '@/app/ui/one-time-secret'
import { authClient } from './auth-client'

type ApiKey = { id: string; name: string | null; start: string | null }

/** Lists, creates, and revokes API keys. A new key is shown once. */
export function ApiKeys() {
  const [keys, setKeys] = useState<ApiKey[]>([])
  const [newKey, setNewKey] = useState<string | null>(null)
  const load = useCallback(async () => {
    const { data } = await authClient.apiKey.list()
    setKeys(data?.apiKeys ?? [])
  }, [])
  useEffect(() => void load(), [load])
  async function create(form: FormData) {
    const { data, error } = await authClient.apiKey.create({ name: form.get('name') as string })
    if (error) return void toast.error(error.message ?? 'Couldn’t create the key. Try again.')
    setNewKey(data.key)
    await load()
  }
  async function revoke(keyId: string) {
    await authClient.apiKey.delete({ keyId })
    await load()
  }
  return (
    <section className="flex flex-col gap-3">
      <div>
        <h2 className="text-lg font-semibold">API keys</h2>
        <p className="text-muted-foreground">
          Authenticate scripts with <code className="font-mono text-sm">Authorization: Bearer KEY</code>.
        </p>
      </div>
      {newKey && <OneTimeSecret name="the key" secret={newKey} />}
      <form action={create} className="flex gap-2">
        <Input
          name="name"
          required
          maxLength={32}
          aria-label="Key name"
          placeholder="Key name, for example “CI”"
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
              <Button
                variant="ghost"
                size="sm"
                aria-label={`Revoke ${key.name}`}
                onClick={() => void revoke(key.id)}
              >
                Revoke
              </Button>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}
