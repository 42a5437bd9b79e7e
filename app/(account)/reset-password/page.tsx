import * as messages from '@/lib/generated/messages/auth'
import { Link } from '@/app/ui/link'
import { AuthPage } from '@/app/features/account/auth-page'
import { ResetPasswordForm } from '@/app/features/account/reset-password-form'
import type { SearchPageProps } from '@/app/page-props'

export const generateMetadata = () => ({ title: messages.chooseNewPassword() })

export default async function ResetPasswordPage({ searchParams }: SearchPageProps) {
  const { token, verified } = await searchParams
  if (typeof token === 'string')
    return (
      <AuthPage
        title={messages.chooseNewPassword()}
        hint={verified ? messages.verifiedHint() : messages.signsOutEverywhere()}
      >
        <ResetPasswordForm token={token} />
      </AuthPage>
    )
  return (
    <AuthPage title={messages.linkExpired()} hint={messages.linkExpiredHint()}>
      <Link href="/forgot-password" className="text-primary hover:underline">
        {messages.sendNewLink()}
      </Link>
    </AuthPage>
  )
}
