'use client'

import { Button } from '@/app/ui/button'
import { DateTime } from '@/app/ui/date-time'
import type { InvitationDto } from '@/lib/users/schema'
import { useAdminAction } from '../use-admin-action'
import * as messages from '@/lib/generated/messages/admin-users'

export function InvitationList({ invitations }: { invitations: InvitationDto[] }) {
  const { run, isPending } = useAdminAction()
  return (
    <ul className="divide-y rounded-xl border bg-card">
      {invitations.map(({ id, email, role, expiresAt }) => (
        <li key={id} className="flex min-h-12 items-center gap-3 px-4 py-2">
          <span className="min-w-0 grow">
            <span className="block truncate">{email}</span>
            <span className="block text-sm text-muted-foreground">
              {messages.roleAndExpiry({
                role,
                date: () => <DateTime at={expiresAt} style="date" />,
              })}
            </span>
          </span>
          <Button
            variant="ghost"
            size="sm"
            data-row={id}
            disabled={isPending}
            aria-label={messages.revokeLabel({ email })}
            onClick={() =>
              run({
                path: `invitations/${id}`,
                method: 'DELETE',
                successMessage: messages.invitationRevoked(),
              })
            }
          >
            {messages.revoke()}
          </Button>
        </li>
      ))}
    </ul>
  )
}
