import * as messages from '@/lib/generated/messages/account'
import { requireUser } from '@/app/http/middleware/require-user'
import { hasPassword } from '@/lib/accounts/identity-methods'
import { listExports } from '@/lib/accounts/exports'
import { listKeys } from '@/lib/accounts/keys'
import { db } from '@/lib/database/db'
import { readNotificationSettings } from '@/lib/notifications/settings'
import { readPush } from '@/lib/push/queries'
import { readStorageBreakdown } from '@/lib/uploads/storage-breakdown'
import { StorageSection } from '@/app/features/account/storage/storage-section'
import { AccountData } from '@/app/features/account/your-data/account-data'
import { AccountSettings } from '@/app/features/account/account-settings'
import { NotificationPreferences } from '@/app/features/account/notification-preferences'

export const generateMetadata = () => ({ title: messages.title() })

export default async function AccountPage() {
  const user = await requireUser()
  const { id, name, email, isAdmin } = user
  const { emailVerified } = await db().user.findUniqueOrThrow({ where: { id } })
  return (
    <div className="flex flex-col gap-8">
      <AccountSettings
        name={name}
        email={email}
        isAdmin={isAdmin}
        isEmailVerified={emailVerified}
        keys={await listKeys(db(), id)}
      >
        <StorageSection storage={await readStorageBreakdown(db(), { ownerId: id })} />
        <NotificationPreferences
          settings={await readNotificationSettings(db(), id)}
          subscriptions={(await readPush(db(), user)).subscriptions}
        />
      </AccountSettings>
      <AccountData
        email={email}
        hasPassword={await hasPassword(db(), id)}
        initial={await listExports(db(), id)}
      />
    </div>
  )
}
