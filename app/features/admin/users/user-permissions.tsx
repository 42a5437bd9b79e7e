'use client'

import { CheckboxField } from '@/app/ui/checkbox-field'
import type { UserDto } from '@/lib/users/schema'
import { useAdminAction } from '../use-admin-action'
import * as messages from '@/lib/generated/messages/admin-users'

const permissions = [
  ['canUseMachines', messages.canUseMachines, messages.canUseMachinesHint],
  ['canUseInternet', messages.canUseInternet, messages.canUseInternetHint],
  ['canForwardPorts', messages.canForwardPorts, messages.canForwardPortsHint],
  ['canUseWebhooks', messages.canUseWebhooks, messages.canUseWebhooksHint],
] as const

/** What a user may do. A change is saved at once; running machines keep running. */
export function UserPermissions({ user }: { user: UserDto }) {
  const { run } = useAdminAction()
  return (
    <div className="flex flex-col gap-3 rounded-xl border bg-card p-4">
      {permissions.map(([permission, label, hint]) => (
        <CheckboxField
          key={permission}
          label={label()}
          hint={hint()}
          isChecked={user.permissions[permission]}
          onChange={(isAllowed) =>
            run({
              path: `users/${user.id}`,
              method: 'PATCH',
              body: { permissions: { [permission]: isAllowed } },
              successMessage: messages.saved(),
            })
          }
        />
      ))}
    </div>
  )
}
