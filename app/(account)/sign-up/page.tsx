import * as messages from '@/lib/generated/messages/auth'
import { headers } from 'next/headers'
import { redirect } from 'next/navigation'
import { needsSetup } from '@/lib/accounts/needs-setup'
import { config } from '@/lib/config/config'
import { LOCAL_REQUEST_HEADER } from '@/lib/http/local-request-header'
import { AuthLink } from '@/app/features/account/auth-link'
import { CredentialsForm } from '@/app/features/account/credentials-form'

export const dynamic = 'force-dynamic'
export const generateMetadata = () => ({ title: messages.createAccountTitle() })

export default async function SignUpPage() {
  if (await needsSetup())
    return (
      <CredentialsForm
        mode="sign-up"
        requiresSetupCode={!(await headers()).has(LOCAL_REQUEST_HEADER)}
        title={messages.createAdministrator()}
        hint={messages.createAdministratorHint()}
      />
    )
  if (config().SIGN_UP === 'closed') redirect('/sign-in')
  return (
    <CredentialsForm mode="sign-up" title={messages.createAccountTitle()} hint={messages.signUpHint()}>
      <AuthLink href="/sign-in">{messages.signInInstead()}</AuthLink>
    </CredentialsForm>
  )
}
