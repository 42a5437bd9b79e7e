'use client'

import { useRouter } from 'next/navigation'
import { useTransition } from 'react'
import { toast } from '@/app/ui/toast'
import { sendApiRequest } from '@/app/ui/api-request'

interface AdminAction {
  /** Below `/api/v1/admin/`. */
  path: string
  /** `POST` unless given. */
  method?: string
  body?: object
  successMessage?: string
}

/** Runs an action of the admin API, shows its outcome in a toast, and refreshes the page if it succeeded. */
export function useAdminAction() {
  const router = useRouter()
  const [isPending, startTransition] = useTransition()
  const run = ({ path, method = 'POST', body, successMessage }: AdminAction) =>
    startTransition(async () => {
      const isSuccessful = await sendApiRequest(
        { url: `/api/v1/admin/${path}`, method, body },
        () => successMessage && toast(successMessage),
      )
      // After a failure the server may be unreachable, and the browser would leave this page.
      if (isSuccessful) router.refresh()
    })
  return { run, isPending }
}
