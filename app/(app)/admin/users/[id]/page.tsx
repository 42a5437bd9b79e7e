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
import * as messages from '@/lib/generated/messages/admin-users'

export const generateMetadata = () => ({ title: messages.user() })

/** A user: what they have and may do, and the actions of administrators. */
export default async function UserPage({ params }: IdPageProps) {
  const admin = await requireAdmin()
  const { id } = await params
  const user = await findOr404(id, (userId) => getUserDetail(db(), userId), { isUuid: false })
  const history = `/admin/audit?${new URLSearchParams({ actor: user.email })}`
  return (
    <div className="flex max-w-3xl flex-col gap-6">
      <div>
        <BackLink href="/admin/users">{messages.users()}</BackLink>
        <h1 className="text-2xl font-semibold break-words max-sm:text-xl">{user.email}</h1>
        <p className="text-muted-foreground">
          <bdi>{user.name}</bdi> · {user.role === 'admin' ? messages.administrator() : messages.member()}
          {user.disabledAt && <span className="text-destructive"> · {messages.disabled()}</span>}
        </p>
      </div>
      <UserActions user={user} isSelf={user.id === admin.id} />
      <FactList
        facts={[
          [messages.lastSeen(), <RelativeTime key="seen" at={user.lastSeenAt} />],
          [messages.accountCreated(), <RelativeTime key="created" at={user.createdAt} />],
          [messages.emailAddress(), user.isEmailVerified ? messages.confirmed() : messages.notConfirmed()],
          [
            messages.secondFactor(),
            user.hasTwoFactor ? messages.secondFactorSetUp() : messages.secondFactorNone(),
          ],
          [messages.sessions(), user.sessions],
          [messages.apiKeys(), user.keys],
          [
            messages.videos(),
            messages.videosAndSize({ count: user.videos, size: formatBytes(user.storedBytes) }),
          ],
          [messages.machines(), user.machines],
          [
            messages.history(),
            <Link key="history" href={history} className="underline underline-offset-4">
              {messages.auditLog()}
            </Link>,
          ],
        ]}
      />
      <Section title={messages.permissions()}>
        <UserPermissions user={user} />
      </Section>
      <Section title={messages.limits()}>
        <UserLimitsForm user={user} />
      </Section>
    </div>
  )
}
