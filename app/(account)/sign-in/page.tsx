import { redirect } from 'next/navigation'
import { needsSetup } from '@/lib/accounts/needs-setup'
import { OIDC_PROVIDER_ID, readOidcSettings } from '@/lib/accounts/oidc'
import { passkeyHost } from '@/lib/accounts/passkeys'
import { config } from '@/lib/config/config'
import { AuthLink } from '@/app/features/account/auth-link'
import { CredentialsForm } from '@/app/features/account/credentials-form'
import { OidcSignIn } from '@/app/features/account/oidc-sign-in'
import type { SearchPageProps } from '@/app/page-props'

export const dynamic = 'force-dynamic'
export const metadata = { title: 'Sign in' }

export default async function SignInPage({ searchParams }: SearchPageProps) {
  if (await needsSetup()) redirect('/sign-up')
  const { reset, 'change-email': changesEmail, error } = await searchParams
  const oidc = readOidcSettings()
  const hint =
    reset === 'done'
      ? 'Password changed. Sign in with the new one.'
      : changesEmail
        ? 'Sign in with your current address, then open the link in the mail again.'
        : 'Continue to your videos and machines.'
  return (
    <CredentialsForm mode="sign-in" passkeyHost={passkeyHost()} title="Sign in" hint={hint}>
      {oidc && (
        <OidcSignIn
          providerId={OIDC_PROVIDER_ID}
          name={oidc.name}
          errorCode={typeof error === 'string' ? error : undefined}
        />
      )}
      <AuthLink href="/forgot-password">Forgot your password?</AuthLink>
      {config().SIGN_UP === 'open' && <AuthLink href="/sign-up">Create an account</AuthLink>}
    </CredentialsForm>
  )
}
