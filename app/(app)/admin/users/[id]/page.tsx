import { UserActions } from '@/app/features/admin/users/user-actions'
import { UserLimitsForm } from '@/app/features/admin/users/user-limits-form'
import { UserPermissions } from '@/app/features/admin/users/user-permissions'
import { findOr404 } from '@/app/http/middleware/find-or-404'
import { requireAdmin } from '@/app/http/middleware/require-user'
import type { IdPageProps } from '@/app/page-props'
import { BackLink } from '@/app/ui/back-link'
import { FactList } from '@/app/ui/fact-list'
import { Link } from '@/app/ui/link'
import { RelativeTime } from '@/app/ui/relative-time'
import { Section } from '@/app/ui/section'
import { db } from '@/lib/database/db'
import { formatBytes } from '@/lib/text/format-bytes'
import { getUserDetail } from '@/lib/users/queries'

export const metadata = { title: 'User' }

/** A user: what they have and may do, and the actions of administrators. */
export default async function UserPage({ params }: IdPageProps) {
  const admin = await requireAdmin()
  const { id } = await params
  const user = await findOr404(id, (userId) => getUserDetail(db(), userId), { isUuid: false })
  const history = `/admin/audit?${new URLSearchParams({ actor: user.email })}`
  return (
    <div className="flex max-w-3xl flex-col gap-6">
      <div>
        <BackLink href="/admin/users">Users</BackLink>
        <h1 className="text-2xl font-semibold break-words max-sm:text-xl">{user.email}</h1>
        <p className="text-muted-foreground">
          {user.name} · {user.role === 'admin' ? 'Administrator' : 'Member'}
          {user.disabledAt && <span className="text-destructive"> · Disabled</span>}
        </p>
      </div>
      <UserActions user={user} isSelf={user.id === admin.id} />
      <FactList
        facts={[
          ['Last seen', <RelativeTime key="seen" at={user.lastSeenAt} />],
          ['Account created', <RelativeTime key="created" at={user.createdAt} />],
          ['Email address', user.isEmailVerified ? 'Confirmed' : 'Not confirmed'],
          ['Second factor', user.hasTwoFactor ? 'Set up' : 'None'],
          ['Sessions', user.sessions],
          ['API keys', user.keys],
          ['Videos', `${user.videos} (${formatBytes(user.storedBytes)})`],
          ['Machines', user.machines],
          [
            'History',
            <Link key="history" href={history} className="underline underline-offset-4">
              Audit log
            </Link>,
          ],
        ]}
      />
      <Section title="Permissions">
        <UserPermissions user={user} />
      </Section>
      <Section title="Limits">
        <UserLimitsForm user={user} />
      </Section>
    </div>
  )
}
