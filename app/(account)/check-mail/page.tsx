import { Link } from '@/app/ui/link'
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
      <Link href="/sign-in" className="text-sm text-muted-foreground hover:underline">
        Back to sign in
      </Link>
    </AuthPage>
  )
}
