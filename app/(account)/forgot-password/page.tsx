import * as messages from '@/lib/generated/messages/auth'
import { config } from '@/lib/config/config'
import { AuthLink } from '@/app/features/account/auth-link'
import { AuthPage } from '@/app/features/account/auth-page'
import { ForgotPasswordForm } from '@/app/features/account/forgot-password-form'

export const dynamic = 'force-dynamic'
export const generateMetadata = () => ({ title: messages.resetPasswordTitle() })

export default function ForgotPasswordPage() {
  const hint = config().SMTP_URL ? messages.forgotPasswordHint() : messages.forgotPasswordNoMail()
  return (
    <AuthPage title={messages.forgotPassword()} hint={hint}>
      <ForgotPasswordForm />
      <AuthLink href="/sign-in">{messages.backToSignIn()}</AuthLink>
    </AuthPage>
  )
}
