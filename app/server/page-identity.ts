import { headers } from 'next/headers'
import { redirect } from 'next/navigation'
import { isFirstVisit } from '@/lib/accounts/auth'
import { identify } from '@/lib/accounts/identity'

/** Who looks at this page; strangers are led to sign in, or to make the first account. */
export async function pageIdentity() {
  const identity = await identify(new Headers(await headers()))
  if (identity) return identity
  return redirect((await isFirstVisit()) ? '/sign-up' : '/sign-in')
}
