import { passkey } from '@better-auth/passkey'
import { config } from '../config/config'
import { isLoopbackHost } from '../http/ip-networks'

/**
 * Passkeys (WebAuthn) belong to a host name; browsers refuse IP addresses. On the own computer they work at
 * `http://localhost`.
 */
export function passkeyPlugin() {
  const { publicUrl, PORT } = config()
  return passkey({
    rpID: passkeyHost(),
    rpName: 'Meanwhile',
    origin: [new URL(publicUrl).origin, `http://localhost:${PORT}`],
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
  })
}

/** The host name that passkeys are created for. */
export function passkeyHost() {
  const { hostname } = new URL(config().publicUrl)
  return isLoopbackHost(hostname) ? 'localhost' : hostname
}
