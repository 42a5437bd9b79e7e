import { redirect } from 'next/navigation'
import { isFirstVisit } from '@/lib/accounts/auth'
import { AccountForm } from '../account-form'

export const dynamic = 'force-dynamic'
export const metadata = { title: 'Sign in' }

export default async function SignInPage() {
  if (await isFirstVisit()) redirect('/sign-up')
  return <AccountForm mode="sign-in" title="Sign in" hint="Your videos are where you left them." />
}
