import type { MailRow } from '@/lib/mail/overview'

export const mailStates: Record<MailRow['state'], string> = {
  waiting: 'Waiting',
  sending: 'On its way',
  sent: 'Sent',
  failed: 'Failed',
  ambiguous: 'Nobody knows',
  suppressed: 'Not sent',
  canceled: 'Canceled',
}

const colors: Partial<Record<MailRow['state'], string>> = {
  failed: 'text-destructive',
  ambiguous: 'text-warning',
}

export const mailStateColor = (state: MailRow['state']) => colors[state] ?? 'text-muted-foreground'
