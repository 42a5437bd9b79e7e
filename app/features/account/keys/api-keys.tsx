'use client'

import * as messages from '@/lib/generated/messages/account'
import { useState } from 'react'
import { sendApiRequest } from '@/app/ui/api-request'
import { Button } from '@/app/ui/button'
import { ConfirmDialog } from '@/app/ui/confirm-dialog'
import { OneTimeSecret } from '@/app/ui/one-time-secret'
import type { KeyDto, KeyWithSecret } from '@/lib/accounts/key-schema'
import { ApiKeyRow } from './api-key-row'
import { type CreateKeyInput, CreateKeyDialog } from './create-key-dialog'

/** Lists, creates, and revokes API keys. A new key is shown once. */
export function ApiKeys({ initial }: { initial: KeyDto[] }) {
  const [keys, setKeys] = useState(initial)
  const [newKey, setNewKey] = useState<KeyWithSecret | null>(null)
  const [isCreating, setCreating] = useState(false)
  const [revoked, setRevoked] = useState<KeyDto | null>(null)
  const create = (body: CreateKeyInput) =>
    sendApiRequest<KeyWithSecret>({ url: '/api/v1/keys', method: 'POST', body }, (created) => {
      const { key: _secret, ...listed } = created
      setKeys((before) => [listed, ...before])
      setNewKey(created)
      setCreating(false)
    })
  const revoke = ({ id }: KeyDto) =>
    sendApiRequest({ url: `/api/v1/keys/${id}`, method: 'DELETE', acceptedStatuses: [404] }, () => {
      setKeys((before) => before.filter((key) => key.id !== id))
      setNewKey((before) => (before?.id === id ? null : before))
    })
  return (
    <section className="flex flex-col gap-3">
      <div className="flex items-center justify-between gap-4">
        <div>
          <h2 className="text-lg font-semibold">{messages.apiKeys()}</h2>
          <p className="text-muted-foreground">
            {messages.apiKeysHint({
              code: (children) => <code className="font-mono text-sm">{children}</code>,
            })}
          </p>
        </div>
        <Button onClick={() => setCreating(true)}>{messages.createKey()}</Button>
      </div>
      {newKey && <OneTimeSecret what="key" secret={newKey.key} />}
      {keys.length === 0 ? (
        <p className="rounded-xl border border-dashed px-4 py-5 text-center text-muted-foreground">
          {messages.noKeys()}
        </p>
      ) : (
        <ul className="divide-y rounded-xl border bg-card">
          {keys.map((key) => (
            <ApiKeyRow key={key.id} apiKey={key} onRevoke={() => setRevoked(key)} />
          ))}
        </ul>
      )}
      <CreateKeyDialog isOpen={isCreating} onOpenChange={setCreating} onCreate={create} />
      <ConfirmDialog
        title={messages.revokeKeyTitle({ name: revoked?.name ?? '' })}
        description={messages.revokeKeyHint()}
        confirmLabel={messages.revokeKey()}
        isOpen={revoked !== null}
        onOpenChange={(isOpen) => !isOpen && setRevoked(null)}
        onConfirm={() => revoked && void revoke(revoked)}
      />
    </section>
  )
}
