import { Link } from '@/app/ui/link'
import { config } from '@/lib/config/config'
import { AuthPage } from '@/app/features/account/auth-page'
import { ForgotPasswordForm } from '@/app/features/account/forgot-password-form'

export const dynamic = 'force-dynamic'
export const metadata = { title: 'Forgot your password' }

export default function ForgotPasswordPage() {
  const hint = config().SMTP_URL
    ? 'We mail you a link to choose another.'
    : 'This server has no mail server yet: its administrator finds the link under This server → Mail, and can give it to you.'
  return (
    <AuthPage title="Forgot your password?" hint={hint}>
      <ForgotPasswordForm />
      <Link href="/sign-in" className="text-sm text-muted-foreground hover:underline">
        Back to sign in
      </Link>
    </AuthPage>
  )
}
