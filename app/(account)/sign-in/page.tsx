import * as commonMessages from '@/lib/generated/messages/common'
import * as messages from '@/lib/generated/messages/auth'
import { redirect } from 'next/navigation'
import { needsSetup } from '@/lib/accounts/needs-setup'
import { OIDC_PROVIDER_ID, readOidcSettings } from '@/lib/accounts/oidc'
import { passkeyHost } from '@/lib/accounts/passkeys'
import { config } from '@/lib/config/config'
import { AuthLink } from '@/app/features/account/auth-link'
import { CredentialsForm } from '@/app/features/account/credentials-form'
import { ForgetBrowser } from '@/app/features/account/forget-browser'
import { OidcSignIn } from '@/app/features/account/oidc-sign-in'
import type { SearchPageProps } from '@/app/page-props'

export const dynamic = 'force-dynamic'
export const generateMetadata = () => ({ title: commonMessages.signIn() })

export default async function SignInPage({ searchParams }: SearchPageProps) {
  if (await needsSetup()) redirect('/sign-up')
  const { reset, 'change-email': changesEmail, error } = await searchParams
  const oidc = readOidcSettings()
  const hint =
    reset === 'done'
      ? messages.passwordChanged()
      : changesEmail
        ? messages.signInToChangeEmail()
        : messages.signInHint()
  return (
    <CredentialsForm mode="sign-in" passkeyHost={passkeyHost()} title={commonMessages.signIn()} hint={hint}>
      <ForgetBrowser />
      {oidc && (
        <OidcSignIn
          providerId={OIDC_PROVIDER_ID}
          name={oidc.name}
          errorCode={typeof error === 'string' ? error : undefined}
        />
      )}
      <AuthLink href="/forgot-password">{messages.forgotPassword()}</AuthLink>
      {config().SIGN_UP === 'open' && <AuthLink href="/sign-up">{messages.createAccountTitle()}</AuthLink>}
    </CredentialsForm>
  )
}
