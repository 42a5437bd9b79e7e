'use client'

import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { toast } from 'sonner'
import { Button } from '@/app/ui/button'

/** A button that asks the API for one thing, and shows the page anew. */
function ActionButton({
  name,
  at,
  method = 'POST',
  done,
}: {
  name: string
  at: string
  method?: string
  done: string
}) {
  const router = useRouter()
  const [isBusy, setBusy] = useState(false)
  async function act() {
    setBusy(true)
    const answer = await fetch(at, { method }).catch(() => null)
    if (answer?.ok) toast(done)
    else toast.error(await readProblemTitle(answer))
    setBusy(false)
    router.refresh()
  }
  return (
    <Button size="sm" disabled={isBusy} onClick={() => void act()}>
      {name}
    </Button>
  )
}

const readProblemTitle = async (answer: Response | null) =>
  ((await answer?.json().catch(() => null)) as { title?: string } | null)?.title ??
  'The server did not answer. Try again.'

export const MarkDelivered = ({ id }: { id: string }) => (
  <ActionButton name="It arrived" at={`/api/v1/admin/mails/${id}/arrived`} done="It counts as sent." />
)

export const ResendMail = ({ id }: { id: string }) => (
  <ActionButton name="Send again" at={`/api/v1/admin/mails/${id}/send-again`} done="It is in line." />
)

export const SendTestMail = () => (
  <ActionButton name="Mail me a test" at="/api/v1/admin/mails/test" done="A mail to you is in line." />
)

export const ClearBounce = ({ address }: { address: string }) => (
  <ActionButton
    name="Remove"
    method="DELETE"
    at={`/api/v1/admin/bounces?address=${encodeURIComponent(address)}`}
    done={`${address} is written to again.`}
  />
)
