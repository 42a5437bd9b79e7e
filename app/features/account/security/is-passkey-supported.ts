/** Browsers offer WebAuthn only to secure pages of the host name that the passkey belongs to. */
export const isPasskeySupported = (host: string) =>
  window.isSecureContext &&
  'PublicKeyCredential' in window &&
  (window.location.hostname === host || window.location.hostname.endsWith(`.${host}`))
