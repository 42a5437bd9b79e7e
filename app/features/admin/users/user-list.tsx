import { Link } from '@/app/ui/link'
import { RelativeTime } from '@/app/ui/relative-time'
import type { UserDto } from '@/lib/users/schema'
import * as messages from '@/lib/generated/messages/admin-users'

export function UserList({ users }: { users: UserDto[] }) {
  return (
    <ul className="divide-y overflow-hidden rounded-xl border bg-card">
      {users.map((user) => (
        <li key={user.id}>
          <Link
            href={`/admin/users/${user.id}`}
            data-row={user.id}
            className="flex min-h-12 items-center gap-3 px-4 py-1.5 -outline-offset-2 hover:bg-muted"
          >
            <span className="min-w-0 grow">
              <span className="block truncate font-medium">{user.email}</span>
              <span dir="auto" className="block truncate text-sm text-muted-foreground">
                {user.name}
              </span>
            </span>
            <UserState user={user} />
            <span className="w-28 shrink-0 text-end text-sm text-muted-foreground max-sm:hidden">
              <RelativeTime at={user.lastSeenAt} />
            </span>
          </Link>
        </li>
      ))}
    </ul>
  )
}

function UserState({ user }: { user: UserDto }) {
  if (user.disabledAt) return <span className="shrink-0 text-sm text-destructive">{messages.disabled()}</span>
  const state =
    user.role === 'admin'
      ? messages.administrator()
      : user.isEmailVerified
        ? ''
        : messages.addressNotConfirmed()
  return <span className="shrink-0 text-sm text-muted-foreground">{state}</span>
}
