import { headers } from 'next/headers'
import { notFound, redirect } from 'next/navigation'
import { needsSetup } from '@/lib/accounts/needs-setup'
import { identify } from '@/lib/accounts/authenticate'
import { hasScope } from '@/lib/accounts/scopes'

interface Options {
  /** Also accepts users who must set up a second factor first. */
  withoutTwoFactor?: boolean
}

/**
 * For pages: the signed-in user. Redirects to sign-in, to sign-up while there is no account yet, and to the security
 * page if a second factor is required and missing.
 */
export async function requireUser({ withoutTwoFactor = false }: Options = {}) {
  const user = await identify(new Headers(await headers()))
  if (!user || !hasScope(user, 'read')) return redirect((await needsSetup()) ? '/sign-up' : '/sign-in')
  if (user.mustSetUpTwoFactor && !withoutTwoFactor) return redirect('/account/security')
  return user
}

/**
 * For pages of administrators; other users get the 404 page. Every page must call it before it reads anything: Next.js
 * renders a page in parallel with its layout, and skips a layout that the browser already has.
 */
export async function requireAdmin() {
  const user = await requireUser()
  if (!user.isAdmin || !hasScope(user, 'admin')) notFound()
  return user
}
