import type { ReactNode } from 'react'
import { requireUser } from '@/app/http/middleware/require-user'
import { AppFrame } from '@/app/shell/app-frame'

export const dynamic = 'force-dynamic'

export default async function AppLayout({ children }: { children: ReactNode }) {
  return <AppFrame user={await requireUser({ withoutTwoFactor: true })}>{children}</AppFrame>
}
