import type { CSSProperties, ReactNode } from 'react'
import { Toaster } from 'sonner'
import { Shell } from '@/app/components/shell'
import { LiveProvider } from '@/app/live/live'
import { pageIdentity } from '@/app/server/page-identity'
import { UploadProvider } from '@/app/uploads/upload-provider'
import { EarlyDrop } from '@/app/uploads/early-drop'
import { config } from '@/lib/config'

const noteLooks = {
  fontFamily: 'inherit',
  '--normal-bg': 'var(--card)',
  '--normal-border': 'var(--border)',
  '--normal-text': 'var(--foreground)',
} as CSSProperties

export const dynamic = 'force-dynamic'

export default async function AppLayout({ children }: { children: ReactNode }) {
  const person = await pageIdentity()
  return (
    <LiveProvider>
      <EarlyDrop />
      <UploadProvider maxBytes={config().UPLOAD_MAX_BYTES}>
        <Shell person={person}>{children}</Shell>
        {/* On a phone above the navigation. */}
        <Toaster position="bottom-left" mobileOffset={{ bottom: 76 }} style={noteLooks} />
      </UploadProvider>
    </LiveProvider>
  )
}
