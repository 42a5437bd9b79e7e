import type { MailRow } from '@/lib/mail/queries'

export const mailStateLabels: Record<MailRow['state'], string> = {
  waiting: 'Waiting',
  sending: 'Sending',
  sent: 'Sent',
  failed: 'Failed',
  ambiguous: 'Unconfirmed',
  suppressed: 'Suppressed',
  canceled: 'Canceled',
}

export const mailStateLabel = ({ state, isStored }: Pick<MailRow, 'state' | 'isStored'>) =>
  isStored && state === 'sent' ? 'Stored' : mailStateLabels[state]

const stateColors: Partial<Record<MailRow['state'], string>> = {
  failed: 'text-destructive',
  ambiguous: 'text-warning',
}

export const mailStateColor = (state: MailRow['state']) => stateColors[state] ?? 'text-muted-foreground'
