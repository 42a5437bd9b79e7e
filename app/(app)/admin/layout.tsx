import type { ReactNode } from 'react'
import { AdminNav } from '@/app/admin/admin-nav'
import { pageAdministrator } from '@/app/server/page-identity'

/** Pages for administrators. For others there is no such thing. */
export default async function AdminLayout({ children }: { children: ReactNode }) {
  await pageAdministrator()
  return (
    <div className="flex flex-col gap-6">
      <AdminNav />
      {children}
    </div>
  )
}
