import { headers } from 'next/headers'
import { redirect } from 'next/navigation'
import { needsSetup } from '@/lib/accounts/needs-setup'
import { config } from '@/lib/config/config'
import { LOCAL_REQUEST_HEADER } from '@/lib/http/local-request-header'
import { AuthLink } from '@/app/features/account/auth-link'
import { CredentialsForm } from '@/app/features/account/credentials-form'

export const dynamic = 'force-dynamic'
export const metadata = { title: 'Create an account' }

export default async function SignUpPage() {
  if (await needsSetup())
    return (
      <CredentialsForm
        mode="sign-up"
        requiresSetupCode={!(await headers()).has(LOCAL_REQUEST_HEADER)}
        title="Create the administrator account"
        hint="This is the first account on this server. It can manage everything."
      />
    )
  if (config().SIGN_UP === 'closed') redirect('/sign-in')
  return (
    <CredentialsForm
      mode="sign-up"
      title="Create an account"
      hint="Start a task, close the tab, and come back when it’s done."
    >
      <AuthLink href="/sign-in">Sign in instead</AuthLink>
    </CredentialsForm>
  )
}
