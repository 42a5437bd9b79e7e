'use client'

import { Button } from '@/app/ui/button'
import { useAdminAction } from '../use-admin-action'

interface Props {
  label: string
  path: string
  method?: string
  successMessage: string
}

function ActionButton({ label, ...action }: Props) {
  const { run, isPending } = useAdminAction()
  return (
    <Button size="sm" disabled={isPending} onClick={() => run(action)}>
      {label}
    </Button>
  )
}

export const MarkDelivered = ({ id }: { id: string }) => (
  <ActionButton label="Mark as delivered" path={`mails/${id}/arrived`} successMessage="Marked as delivered" />
)

export const ResendMail = ({ id }: { id: string }) => (
  <ActionButton label="Resend" path={`mails/${id}/send-again`} successMessage="Resending" />
)

export const SendTestMail = () => (
  <ActionButton label="Send test email" path="mails/test" successMessage="Sending a test email to you" />
)

export const ClearBounce = ({ address }: { address: string }) => (
  <ActionButton
    label="Unblock"
    method="DELETE"
    path={`bounces?address=${encodeURIComponent(address)}`}
    successMessage={`Unblocked ${address}`}
  />
)
