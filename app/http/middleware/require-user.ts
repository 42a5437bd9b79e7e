import { headers } from 'next/headers'
import { notFound, redirect } from 'next/navigation'
import { needsSetup } from '@/lib/accounts/auth'
import { authenticate } from '@/lib/accounts/authenticate'

/** Who looks at this page; strangers are led to sign in, or to make the first account. */
export async function requireUser() {
  const identity = await authenticate(new Headers(await headers()))
  if (identity) return identity
  return redirect((await needsSetup()) ? '/sign-up' : '/sign-in')
}

/**
 * For pages of administrators; for others there is no such thing. Every page asks for itself, before it reads
 * anything: Next.js renders it beside its layout, and leaves the layout out where the browser says it has it.
 */
export async function requireAdmin() {
  const identity = await requireUser()
  if (!identity.isAdmin) notFound()
  return identity
}
