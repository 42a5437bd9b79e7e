import type { Socket } from 'socket.io'
import { authenticate } from '@/lib/accounts/authenticate'
import { watchRevocation } from '../middleware/watch-revocation'
import { toWebHeaders } from '../to-web-headers'

const REAUTHENTICATE_INTERVAL_MS = 5_000

/** Disconnects a socket of `userId` once the session or API key that it was opened with is no longer valid. */
export function disconnectWhenRevoked(socket: Socket, userId: string) {
  const headers = toWebHeaders(socket.handshake)
  const stopWatching = watchRevocation({
    isStillAllowed: async () => (await authenticate(headers))?.id === userId,
    intervalMs: REAUTHENTICATE_INTERVAL_MS,
    close: () => socket.disconnect(true),
  })
  socket.once('disconnect', stopWatching)
}
