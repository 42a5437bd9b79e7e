import { Link } from '@/app/ui/link'
import { AuthPage } from '@/app/features/account/auth-page'
import { ResetPasswordForm } from '@/app/features/account/reset-password-form'

export const metadata = { title: 'Choose a new password' }

export default async function ResetPasswordPage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[] | undefined>>
}) {
  const { token } = await searchParams
  if (typeof token === 'string')
    return (
      <AuthPage
        title="Choose a new password"
        hint="Everything that is signed in with the old one is signed out."
      >
        <ResetPasswordForm token={token} />
      </AuthPage>
    )
  return (
    <AuthPage title="This link does not work any more" hint="It is older than an hour, or was used already.">
      <Link href="/forgot-password" className="text-primary hover:underline">
        Have another one sent
      </Link>
    </AuthPage>
  )
}
