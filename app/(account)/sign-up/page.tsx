import { redirect } from 'next/navigation'
import { isFirstVisit } from '@/lib/accounts/auth'
import { config } from '@/lib/config'
import { AccountForm } from '../account-form'

export const dynamic = 'force-dynamic'
export const metadata = { title: 'Create an account' }

export default async function SignUpPage() {
  if (await isFirstVisit())
    return (
      <AccountForm
        mode="sign-up"
        title="Create the administrator"
        hint="Nobody has an account here yet. This one runs the place."
      />
    )
  if (config().SIGN_UP === 'closed') redirect('/sign-in')
  return (
    <AccountForm
      mode="sign-up"
      title="Create an account"
      hint="Start it, close the tab, come back to it done."
    />
  )
}
