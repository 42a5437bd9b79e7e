'use client'

import { Button } from '@/app/ui/button'
import { DateTime } from '@/app/ui/date-time'
import type { InvitationDto } from '@/lib/users/schema'
import { useAdminAction } from '../use-admin-action'

export function InvitationList({ invitations }: { invitations: InvitationDto[] }) {
  const { run, isPending } = useAdminAction()
  return (
    <ul className="divide-y rounded-xl border bg-card">
      {invitations.map(({ id, email, role, expiresAt }) => (
        <li key={id} className="flex min-h-12 items-center gap-3 px-4 py-2">
          <span className="min-w-0 grow">
            <span className="block truncate">{email}</span>
            <span className="block text-sm text-muted-foreground">
              {role === 'admin' ? 'Administrator' : 'Member'} · expires{' '}
              <DateTime at={expiresAt} style="date" />
            </span>
          </span>
          <Button
            variant="ghost"
            size="sm"
            disabled={isPending}
            aria-label={`Revoke the invitation of ${email}`}
            onClick={() =>
              run({ path: `invitations/${id}`, method: 'DELETE', successMessage: 'Invitation revoked' })
            }
          >
            Revoke
          </Button>
        </li>
      ))}
    </ul>
  )
}
