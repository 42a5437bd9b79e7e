'use client'

import { useState } from 'react'
import { Button } from '@/app/ui/button'
import { ConfirmDialog } from '@/app/ui/confirm-dialog'
import type { UserDetailDto } from '@/lib/users/schema'
import { useAdminAction } from '../use-admin-action'
import { listUserActions, type UserAction } from './list-user-actions'

interface Props {
  user: UserDetailDto
  isSelf: boolean
}

/** Promotes, demotes, disables, enables or signs out a user, after a confirmation. */
export function UserActions({ user, isSelf }: Props) {
  const { run, isPending } = useAdminAction()
  const [chosen, setChosen] = useState<UserAction | null>(null)
  return (
    <div className="flex flex-wrap gap-2">
      {listUserActions(user, isSelf).map((action) => (
        <Button key={action.label} disabled={isPending} onClick={() => setChosen(action)}>
          {action.label}
        </Button>
      ))}
      <ConfirmDialog
        title={chosen?.title ?? ''}
        description={chosen?.description}
        confirmLabel={chosen?.label ?? ''}
        isOpen={chosen !== null}
        onOpenChange={(isOpen) => !isOpen && setChosen(null)}
        onConfirm={() => chosen && run(chosen)}
      />
    </div>
  )
}
