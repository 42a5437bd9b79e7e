import { headers } from 'next/headers'
import { notFound, redirect } from 'next/navigation'
import { needsSetup } from '@/lib/accounts/auth'
import { authenticate } from '@/lib/accounts/authenticate'
import { hasScope } from '@/lib/accounts/scopes'

/** For pages: the signed-in user. Redirects to sign-in, or to sign-up while there is no account yet. */
export async function requireUser() {
  const user = await authenticate(new Headers(await headers()))
  if (user && hasScope(user, 'read')) return user
  return redirect((await needsSetup()) ? '/sign-up' : '/sign-in')
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
