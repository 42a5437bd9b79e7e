import { AuthLink } from '@/app/features/account/auth-link'
import { AuthPage } from '@/app/features/account/auth-page'
import { ResendVerificationForm } from '@/app/features/account/resend-verification-form'
import type { SearchPageProps } from '@/app/page-props'

export const metadata = { title: 'Check your email' }

export default async function CheckMailPage({ searchParams }: SearchPageProps) {
  const { email } = await searchParams
  return (
    <AuthPage
      title="Check your email"
      hint="We sent you a link to verify your address. It expires after one day."
    >
      <ResendVerificationForm email={typeof email === 'string' ? email : ''} />
      <AuthLink href="/sign-in">Back to sign in</AuthLink>
    </AuthPage>
  )
}
