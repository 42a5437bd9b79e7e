import type { MailRow } from '@/lib/mail/queries'

export const mailStateLabels: Record<MailRow['state'], string> = {
  waiting: 'Waiting',
  sending: 'On its way',
  sent: 'Sent',
  failed: 'Failed',
  ambiguous: 'Nobody knows',
  suppressed: 'Not sent',
  canceled: 'Canceled',
}

const stateColors: Partial<Record<MailRow['state'], string>> = {
  failed: 'text-destructive',
  ambiguous: 'text-warning',
}

export const mailStateColor = (state: MailRow['state']) => stateColors[state] ?? 'text-muted-foreground'
