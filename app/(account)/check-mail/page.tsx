import { Link } from '@/app/ui/link'
import { AuthPage } from '@/app/features/account/auth-page'
import { ResendVerificationForm } from '@/app/features/account/resend-verification-form'

export const metadata = { title: 'Check your mail' }

export default async function CheckMailPage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[] | undefined>>
}) {
  const { email } = await searchParams
  return (
    <AuthPage
      title="Check your mail"
      hint="We mailed you a link. Open it, and your account is ready. It works for a day."
    >
      <ResendVerificationForm email={typeof email === 'string' ? email : ''} />
      <Link href="/sign-in" className="text-sm text-muted-foreground hover:underline">
        Back to sign in
      </Link>
    </AuthPage>
  )
}
