/** Changes to an account that its user is notified of, regardless of the notification settings, with the title of the mail. */
export const securityEvents = {
  signed_in: 'New sign-in to your account',
  password_changed: 'Your password was changed',
  password_reset: 'Your password was reset',
  key_created: 'A new API key was created',
  email_changed: 'Your email address was changed',
  two_factor_enabled: 'Two-factor authentication is on',
  two_factor_disabled: 'Two-factor authentication is off',
  passkey_added: 'A new passkey was added',
  passkey_removed: 'A passkey was removed',
} as const

export type SecurityEvent = keyof typeof securityEvents

export const securityEventNames = Object.keys(securityEvents) as [SecurityEvent, ...SecurityEvent[]]
