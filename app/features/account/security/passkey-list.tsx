'use client'

import * as commonMessages from '@/lib/generated/messages/common'
import * as messages from '@/lib/generated/messages/account'
import { useRouter } from 'next/navigation'
import { useState, useTransition } from 'react'
import { toast } from '@/app/ui/toast'
import { Button } from '@/app/ui/button'
import { ConfirmDialog } from '@/app/ui/confirm-dialog'
import { numberDuplicates } from '@/app/ui/number-duplicates'
import { RelativeTime } from '@/app/ui/relative-time'
import { authClient } from '../auth-client'
import { describeAuthError } from '../auth-error'
import { nextPasskeyName } from './next-passkey-name'
import { usePasskeySupport } from './use-passkey-support'
import { withIdentityCheck } from './with-identity-check'

export interface PasskeySummary {
  id: string
  name: string
  createdAt: string | null
}

interface Props {
  initial: PasskeySummary[]
  /** The host name that passkeys are created for. */
  host: string
}

export function PasskeyList({ initial, host }: Props) {
  const router = useRouter()
  const [isAdding, startAdding] = useTransition()
  const [passkeys, setPasskeys] = useState(initial)
  const [removed, setRemoved] = useState<PasskeySummary | null>(null)
  const isSupported = usePasskeySupport(host)
  const names = numberDuplicates(passkeys.map(({ name }) => name))
  async function add() {
    const name = nextPasskeyName(names)
    const { data, error } = await withIdentityCheck(() => authClient.passkey.addPasskey({ name }))
    if (error) return toast.error(describeAuthError(error))
    if (!data) return
    const createdAt = new Date(data.createdAt).toISOString()
    setPasskeys((before) => [...before, { id: data.id, name, createdAt }])
    // From now on the identity can be confirmed with it.
    router.refresh()
  }
  async function remove({ id }: PasskeySummary) {
    const { error } = await withIdentityCheck(() => authClient.passkey.deletePasskey({ id }))
    if (error) return toast.error(describeAuthError(error))
    setPasskeys((before) => before.filter((one) => one.id !== id))
  }
  return (
    <div className="flex flex-col gap-3">
      {passkeys.length > 0 && (
        <ul className="divide-y rounded-xl border bg-card" aria-label={messages.passkeys()}>
          {passkeys.map((one, index) => (
            <li key={one.id} className="flex min-h-12 items-center gap-3 px-4 py-2">
              <span className="min-w-0 grow">
                <span className="block truncate" dir="auto">
                  {names[index]}
                </span>
                {one.createdAt && (
                  <span className="block text-sm text-muted-foreground">
                    {messages.added({ time: () => <RelativeTime at={one.createdAt!} /> })}
                  </span>
                )}
              </span>
              <Button
                variant="ghost"
                size="sm"
                data-row={one.id}
                aria-label={messages.removePasskeyNamed({ name: names[index]! })}
                onClick={() => setRemoved({ ...one, name: names[index]! })}
              >
                {commonMessages.remove()}
              </Button>
            </li>
          ))}
        </ul>
      )}
      {isSupported !== false ? (
        <Button className="self-start" disabled={!isSupported || isAdding} onClick={() => startAdding(add)}>
          {messages.addPasskey()}
        </Button>
      ) : (
        <p className="text-sm text-muted-foreground">{messages.passkeysUnsupported({ host })}</p>
      )}
      <ConfirmDialog
        title={messages.removePasskeyTitle({ name: removed?.name ?? '' })}
        description={messages.removePasskeyHint()}
        confirmLabel={messages.removePasskey()}
        isOpen={removed !== null}
        onOpenChange={(isOpen) => !isOpen && setRemoved(null)}
        onConfirm={() => removed && void remove(removed)}
      />
    </div>
  )
}
