import { pageIdentity } from '@/app/server/page-identity'
import { db } from '@/lib/db'
import { readNotificationSettings } from '@/lib/mail/settings'
import { AccountSettings } from './account-settings'
import { Notifications } from './notifications'

export const metadata = { title: 'Account' }

export default async function AccountPage() {
  const { id, email, isAdmin } = await pageIdentity()
  const { emailVerified } = await db().user.findUniqueOrThrow({ where: { id } })
  return (
    <AccountSettings email={email} isAdmin={isAdmin} isConfirmed={emailVerified}>
      <Notifications settings={await readNotificationSettings(db(), id)} />
    </AccountSettings>
  )
}
