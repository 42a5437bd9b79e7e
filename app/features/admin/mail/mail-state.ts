import type { MailListState, MailRow } from '@/lib/mail/queries'
import * as messages from '@/lib/generated/messages/admin-mail'

export const mailStateLabels: Record<MailListState, () => string> = {
  waiting: messages.stateWaiting,
  sending: messages.stateSending,
  sent: messages.stateSent,
  stored: messages.stateStored,
  failed: messages.stateFailed,
  ambiguous: messages.stateAmbiguous,
  suppressed: messages.stateSuppressed,
  canceled: messages.stateCanceled,
}

export const mailStateLabel = ({ state, isStored }: Pick<MailRow, 'state' | 'isStored'>) =>
  mailStateLabels[isStored && state === 'sent' ? 'stored' : state]()

const stateColors: Partial<Record<MailRow['state'], string>> = {
  failed: 'text-destructive',
  ambiguous: 'text-warning',
}

export const mailStateColor = (state: MailRow['state']) => stateColors[state] ?? 'text-muted-foreground'
