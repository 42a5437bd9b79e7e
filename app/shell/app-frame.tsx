import { headers } from 'next/headers'
import type { ReactNode } from 'react'
import { IdentityCheck } from '@/app/features/account/security/identity-check'
import { PreHydrationDrop } from '@/app/features/uploads/pre-hydration-drop'
import { UploadProvider } from '@/app/features/uploads/upload-provider'
import { LiveProvider } from '@/app/live/live-provider'
import { Toaster } from '@/app/ui/toaster'
import { identify } from '@/lib/accounts/authenticate'
import { readIdentityMethods } from '@/lib/accounts/identity-methods'
import { hasScope } from '@/lib/accounts/scopes'
import { config } from '@/lib/config/config'
import { db } from '@/lib/database/db'
import { listMutedOutcomes } from '@/lib/notifications/muted-outcomes'
import { PageFooter } from './page-footer'
import { readNonce } from './read-nonce'
import { Shell } from './shell'

interface Props {
  user: { id: string; email: string; isAdmin: boolean }
  children: ReactNode
}

/** What surrounds every page of a signed-in user: the shell, live rows, uploads, and messages. */
export async function AppFrame({ user, children }: Props) {
  const [methods, mutedOutcomes] = await Promise.all([
    readIdentityMethods(db(), user.id),
    listMutedOutcomes(db(), user.id),
  ])
  return (
    <LiveProvider>
      <PreHydrationDrop nonce={await readNonce()} />
      <UploadProvider maxBytes={config().UPLOAD_MAX_BYTES}>
        <Shell user={user} mutedOutcomes={mutedOutcomes}>
          {children}
        </Shell>
        <IdentityCheck methods={methods} />
        <Toaster />
      </UploadProvider>
    </LiveProvider>
  )
}

/** The layout of pages that need no account: with the frame for a signed-in user, without it for others. */
export async function OptionalAppFrame({ children }: { children: ReactNode }) {
  const user = await identify(new Headers(await headers()))
  if (!user || !hasScope(user, 'read') || user.mustSetUpTwoFactor)
    return (
      <>
        <main className="px-4 py-6 sm:py-10">{children}</main>
        <PageFooter />
      </>
    )
  return <AppFrame user={user}>{children}</AppFrame>
}
