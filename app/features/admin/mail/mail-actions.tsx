'use client'

import { Button } from '@/app/ui/button'
import { useAdminAction } from '../use-admin-action'
import * as messages from '@/lib/generated/messages/admin-mail'

interface Props {
  label: string
  path: string
  method?: string
  successMessage: string
  /** The id of its row, whose main control it is. */
  rowId?: string
}

function ActionButton({ label, rowId, ...action }: Props) {
  const { run, isPending } = useAdminAction()
  return (
    <Button size="sm" data-row={rowId} disabled={isPending} onClick={() => run(action)}>
      {label}
    </Button>
  )
}

export const MarkDelivered = ({ id }: { id: string }) => (
  <ActionButton
    rowId={id}
    label={messages.markDelivered()}
    path={`mails/${id}/arrived`}
    successMessage={messages.markedDelivered()}
  />
)

export const ResendMail = ({ id }: { id: string }) => (
  <ActionButton
    label={messages.resend()}
    path={`mails/${id}/send-again`}
    successMessage={messages.resending()}
  />
)

export const SendTestMail = () => (
  <ActionButton label={messages.sendTest()} path="mails/test" successMessage={messages.sendingTest()} />
)

export const ClearBounce = ({ address }: { address: string }) => (
  <ActionButton
    rowId={address}
    label={messages.unblock()}
    method="DELETE"
    path={`bounces?address=${encodeURIComponent(address)}`}
    successMessage={messages.unblocked({ address })}
  />
)
