import { Link } from '@/app/ui/link'
import { AuthPage } from '@/app/features/account/auth-page'
import { ResetPasswordForm } from '@/app/features/account/reset-password-form'
import type { SearchPageProps } from '@/app/page-props'

export const metadata = { title: 'Choose a new password' }

const VERIFIED_HINT =
  'Your address is verified. You opened the link in another browser than you signed up with, so choose your password again.'

export default async function ResetPasswordPage({ searchParams }: SearchPageProps) {
  const { token, verified } = await searchParams
  if (typeof token === 'string')
    return (
      <AuthPage
        title="Choose a new password"
        hint={verified ? VERIFIED_HINT : 'This signs you out on all devices.'}
      >
        <ResetPasswordForm token={token} />
      </AuthPage>
    )
  return (
    <AuthPage title="This link has expired" hint="A link works once and expires after one hour.">
      <Link href="/forgot-password" className="text-primary hover:underline">
        Send a new link
      </Link>
    </AuthPage>
  )
}
