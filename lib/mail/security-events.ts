import * as messages from '@/lib/generated/messages/mail'

/** Changes to an account that its user is notified of, regardless of the notification settings, with the title of the mail. */
export const securityEvents = {
  signed_in: messages.signedIn,
  password_changed: messages.passwordChanged,
  password_reset: messages.passwordReset,
  key_created: messages.keyCreated,
  email_changed: messages.emailChanged,
  two_factor_enabled: messages.twoFactorEnabled,
  two_factor_disabled: messages.twoFactorDisabled,
  passkey_added: messages.passkeyAdded,
  passkey_removed: messages.passkeyRemoved,
} as const

export type SecurityEvent = keyof typeof securityEvents

export const securityEventNames = Object.keys(securityEvents) as [SecurityEvent, ...SecurityEvent[]]
