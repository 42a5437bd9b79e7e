import { InvitationList } from '@/app/features/admin/users/invitation-list'
import { InviteUser } from '@/app/features/admin/users/invite-user'
import { UserList } from '@/app/features/admin/users/user-list'
import { UserSearch } from '@/app/features/admin/users/user-search'
import { requireAdmin } from '@/app/http/middleware/require-user'
import type { SearchPageProps } from '@/app/page-props'
import { EmptyMessage } from '@/app/ui/empty-message'
import { Link } from '@/app/ui/link'
import { Section } from '@/app/ui/section'
import { db } from '@/lib/database/db'
import { listInvitations } from '@/lib/users/invitations'
import { listUsers } from '@/lib/users/queries'
import { userListSchema } from '@/lib/users/schema'
import * as messages from '@/lib/generated/messages/admin-users'

export const generateMetadata = () => ({ title: messages.users() })

/** All users, searched by email or name, and the open invitations. */
export default async function UsersPage({ searchParams }: SearchPageProps) {
  await requireAdmin()
  const query = userListSchema.catch({ limit: 50 }).parse(await searchParams)
  const [{ users, nextCursor }, invitations] = await Promise.all([
    listUsers(db(), query),
    listInvitations(db()),
  ])
  const next = new URLSearchParams({ search: query.search ?? '', cursor: nextCursor ?? '' })
  return (
    <div className="flex flex-col gap-4">
      <div className="flex items-center justify-between gap-3">
        <h1 className="text-2xl font-semibold">{messages.users()}</h1>
        <InviteUser />
      </div>
      <UserSearch search={query.search ?? ''} />
      {users.length === 0 ? (
        <EmptyMessage>{messages.noMatchingUsers()}</EmptyMessage>
      ) : (
        <UserList users={users} />
      )}
      {nextCursor && (
        <Link href={`/admin/users?${next}`} className="self-center underline underline-offset-4">
          {messages.nextPage()}
        </Link>
      )}
      {invitations.length > 0 && (
        <Section title={messages.openInvitations()}>
          <InvitationList invitations={invitations} />
        </Section>
      )}
    </div>
  )
}
