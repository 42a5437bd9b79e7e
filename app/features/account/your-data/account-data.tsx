'use client'

import * as messages from '@/lib/generated/messages/account'
import { useState, useTransition } from 'react'
import { sendApiRequest } from '@/app/ui/api-request'
import { Button } from '@/app/ui/button'
import { Link } from '@/app/ui/link'
import type { AccountExportDto } from '@/lib/accounts/export-schema'
import { DeleteAccountDialog } from './delete-account-dialog'
import { ExportRow } from './export-row'
import { useExports } from './use-exports'

interface Props {
  email: string
  hasPassword: boolean
  initial: AccountExportDto[]
}

/** Exports the data of an account, and deletes the account. */
export function AccountData({ email, hasPassword, initial }: Props) {
  const { exports, reload } = useExports(initial)
  const [isDeleting, setDeleting] = useState(false)
  const [isSending, startSending] = useTransition()
  const request = () => sendApiRequest({ url: '/api/v1/account/exports', method: 'POST' })
  const remove = (id: string) =>
    sendApiRequest({ url: `/api/v1/account/exports/${id}`, method: 'DELETE', acceptedStatuses: [404] })
  const send = (action: () => Promise<boolean>) =>
    startSending(async () => {
      if (await action()) await reload()
    })
  return (
    <section id="your-data" className="flex max-w-xl scroll-mt-20 flex-col gap-4">
      <div className="flex items-center justify-between gap-4">
        <div>
          <h2 className="text-lg font-semibold">{messages.yourData()}</h2>
          <p className="text-muted-foreground">{messages.yourDataHint()}</p>
        </div>
        <Button disabled={isSending} onClick={() => send(request)}>
          {messages.exportData()}
        </Button>
      </div>
      {exports.map((one) => (
        <ExportRow
          key={one.id}
          accountExport={one}
          isSending={isSending}
          onRemove={() => send(() => remove(one.id))}
        />
      ))}
      <p className="text-muted-foreground">
        {messages.encryptedArchives({
          link: (children) => (
            <Link href="/archives" className="underline underline-offset-4">
              {children}
            </Link>
          ),
        })}
      </p>
      <div className="flex items-center justify-between gap-4">
        <p className="text-muted-foreground">{messages.deleteAccountHint()}</p>
        <Button variant="destructive" onClick={() => setDeleting(true)}>
          {messages.deleteAccount()}
        </Button>
      </div>
      <DeleteAccountDialog
        email={email}
        hasPassword={hasPassword}
        isOpen={isDeleting}
        onOpenChange={setDeleting}
      />
    </section>
  )
}
