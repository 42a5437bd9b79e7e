import { config } from '@/lib/config/config'
import { AuthLink } from '@/app/features/account/auth-link'
import { AuthPage } from '@/app/features/account/auth-page'
import { ForgotPasswordForm } from '@/app/features/account/forgot-password-form'

export const dynamic = 'force-dynamic'
export const metadata = { title: 'Reset your password' }

export default function ForgotPasswordPage() {
  const hint = config().SMTP_URL
    ? 'We’ll email you a link to choose a new one.'
    : 'This server can’t send email. Ask its administrator for the link, which is under Server → Mail.'
  return (
    <AuthPage title="Forgot your password?" hint={hint}>
      <ForgotPasswordForm />
      <AuthLink href="/sign-in">Back to sign in</AuthLink>
    </AuthPage>
  )
}
