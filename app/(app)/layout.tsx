import type { ReactNode } from 'react'
import { Shell } from '@/app/shell/shell'
import { LiveProvider } from '@/app/live/live-provider'
import { readNonce } from '@/app/shell/read-nonce'
import { requireUser } from '@/app/http/middleware/require-user'
import { IdentityCheck } from '@/app/features/account/security/identity-check'
import { UploadProvider } from '@/app/features/uploads/upload-provider'
import { PreHydrationDrop } from '@/app/features/uploads/pre-hydration-drop'
import { Toaster } from '@/app/ui/toaster'
import { readIdentityMethods } from '@/lib/accounts/identity-methods'
import { config } from '@/lib/config/config'
import { db } from '@/lib/database/db'

export const dynamic = 'force-dynamic'

export default async function AppLayout({ children }: { children: ReactNode }) {
  const user = await requireUser({ withoutTwoFactor: true })
  return (
    <LiveProvider>
      <PreHydrationDrop nonce={await readNonce()} />
      <UploadProvider maxBytes={config().UPLOAD_MAX_BYTES}>
        <Shell user={user}>{children}</Shell>
        <IdentityCheck methods={await readIdentityMethods(db(), user.id)} />
        <Toaster />
      </UploadProvider>
    </LiveProvider>
  )
}
