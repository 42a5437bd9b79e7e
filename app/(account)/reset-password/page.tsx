import { Link } from '@/app/components/link'
import { AccountPage } from '../account-page'
import { ResetForm } from './reset-form'

export const metadata = { title: 'Choose a new password' }

export default async function ResetPasswordPage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[] | undefined>>
}) {
  const { token } = await searchParams
  if (typeof token === 'string')
    return (
      <AccountPage
        title="Choose a new password"
        hint="Everything that is signed in with the old one is signed out."
      >
        <ResetForm token={token} />
      </AccountPage>
    )
  return (
    <AccountPage
      title="This link does not work any more"
      hint="It is older than an hour, or was used already."
    >
      <Link href="/forgot-password" className="text-primary hover:underline">
        Have another one sent
      </Link>
    </AccountPage>
  )
}
