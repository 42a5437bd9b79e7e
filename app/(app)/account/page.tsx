import { pageIdentity } from '@/app/server/page-identity'
import { AccountSettings } from './account-settings'

export const metadata = { title: 'Account' }

export default async function AccountPage() {
  const { email, isAdmin } = await pageIdentity()
  return <AccountSettings email={email} isAdmin={isAdmin} />
}
