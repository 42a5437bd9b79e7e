import { Link } from '@/app/components/link'
import { AccountPage } from '../account-page'
import { ResendForm } from './resend-form'

export const metadata = { title: 'Check your mail' }

export default async function CheckMailPage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[] | undefined>>
}) {
  const { email } = await searchParams
  return (
    <AccountPage
      title="Check your mail"
      hint="We mailed you a link. Open it, and your account is ready. It works for a day."
    >
      <ResendForm email={typeof email === 'string' ? email : ''} />
      <Link href="/sign-in" className="text-sm text-muted-foreground hover:underline">
        Back to sign in
      </Link>
    </AccountPage>
  )
}
