import * as messages from '@/lib/generated/messages/auth'
import { AuthLink } from '@/app/features/account/auth-link'
import { AuthPage } from '@/app/features/account/auth-page'
import { ResendVerificationForm } from '@/app/features/account/resend-verification-form'
import type { SearchPageProps } from '@/app/page-props'

export const generateMetadata = () => ({ title: messages.checkMailTitle() })

export default async function CheckMailPage({ searchParams }: SearchPageProps) {
  const { email } = await searchParams
  return (
    <AuthPage title={messages.checkMailTitle()} hint={messages.checkMailHint()}>
      <ResendVerificationForm email={typeof email === 'string' ? email : ''} />
      <AuthLink href="/sign-in">{messages.backToSignIn()}</AuthLink>
    </AuthPage>
  )
}
