import { Link } from '@/app/ui/link'
import { config } from '@/lib/config/config'
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
      <Link href="/sign-in" className="text-sm text-muted-foreground hover:underline">
        Back to sign in
      </Link>
    </AuthPage>
  )
}
