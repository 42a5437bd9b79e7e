import { useSyncExternalStore } from 'react'

/** Whether the browser can use passkeys of `host`; null until it is known, which is when the page is hydrated. */
export const usePasskeySupport = (host: string) =>
  useSyncExternalStore<boolean | null>(
    subscribeToNothing,
    () => isPasskeySupported(host),
    () => null,
  )

const subscribeToNothing = () => () => {}

/** Browsers offer WebAuthn only to secure pages of the host name that the passkey belongs to. */
const isPasskeySupported = (host: string) =>
  window.isSecureContext &&
  'PublicKeyCredential' in window &&
  (window.location.hostname === host || window.location.hostname.endsWith(`.${host}`))
