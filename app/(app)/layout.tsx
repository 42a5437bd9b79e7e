import type { ReactNode } from 'react'
import { Toaster } from 'sonner'
import { Shell } from '@/app/components/shell'
import { LiveProvider } from '@/app/live/live'
import { pageIdentity } from '@/app/server/page-identity'
import { UploadProvider } from '@/app/uploads/upload-provider'
import { EarlyDrop } from '@/app/uploads/early-drop'
import { config } from '@/lib/config'

export const dynamic = 'force-dynamic'

export default async function AppLayout({ children }: { children: ReactNode }) {
  const person = await pageIdentity()
  return (
    <LiveProvider>
      <EarlyDrop />
      <UploadProvider maxBytes={config().UPLOAD_MAX_BYTES}>
        <Shell person={person}>{children}</Shell>
        <Toaster position="bottom-left" />
      </UploadProvider>
    </LiveProvider>
  )
}
