'use client'

import { useRouter } from 'next/navigation'
import { useTransition } from 'react'
import { toast } from 'sonner'

/** Asks the server for something and shows the page as it is then; what went wrong is told. */
export function useAdminAction() {
  const router = useRouter()
  const [isPending, startTransition] = useTransition()
  const act = (path: string, body: object, done?: string) =>
    startTransition(async () => {
      const answer = await fetch(`/api/v1/admin/${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }).catch(() => null)
      if (answer?.ok) {
        if (done) toast(done)
        return router.refresh()
      }
      const problem = (await answer?.json().catch(() => null)) as { title?: string } | null
      toast.error(problem?.title ?? 'The server cannot be reached.')
    })
  return { act, isPending }
}
