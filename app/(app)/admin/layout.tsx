import type { ReactNode } from 'react'
import { AdminNav } from '@/app/features/admin/admin-nav'
import { requireAdmin } from '@/app/http/middleware/require-user'

/** Pages for administrators; other users get a 404. */
export default async function AdminLayout({ children }: { children: ReactNode }) {
  await requireAdmin()
  return (
    <div className="flex flex-col gap-6">
      <AdminNav />
      {children}
    </div>
  )
}
