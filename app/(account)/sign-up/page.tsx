import { redirect } from 'next/navigation'
import { needsSetup } from '@/lib/accounts/auth'
import { config } from '@/lib/config/config'
import { CredentialsForm } from '@/app/features/account/credentials-form'

export const dynamic = 'force-dynamic'
export const metadata = { title: 'Create an account' }

export default async function SignUpPage() {
  if (await needsSetup())
    return (
      <CredentialsForm
        mode="sign-up"
        title="Create the administrator"
        hint="Nobody has an account here yet. This one runs the place."
      />
    )
  if (config().SIGN_UP === 'closed') redirect('/sign-in')
  return (
    <CredentialsForm
      mode="sign-up"
      title="Create an account"
      hint="Start it, close the tab, come back to it done."
    />
  )
}
