import { notFound } from 'next/navigation'
import type { ReactNode } from 'react'
import { AdminNav } from '@/app/admin/admin-nav'
import { pageIdentity } from '@/app/server/page-identity'

/** Pages for administrators. For others there is no such thing. */
export default async function AdminLayout({ children }: { children: ReactNode }) {
  const { isAdmin } = await pageIdentity()
  if (!isAdmin) notFound()
  return (
    <div className="flex flex-col gap-6">
      <AdminNav />
      {children}
    </div>
  )
}
