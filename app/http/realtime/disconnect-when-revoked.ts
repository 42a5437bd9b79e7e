import type { Socket } from 'socket.io'
import { authenticate } from '@/lib/accounts/authenticate'
import { log } from '@/lib/log'

/** Sessions end, and keys are revoked, while a connection is open. */
const REAUTHENTICATE_INTERVAL_MS = 10_000

/** Ends a connection of `userId` once the session has ended, or the key was revoked, with which it was opened. */
export function disconnectWhenRevoked(socket: Socket, userId: string) {
  const look = async () => {
    const identity = await authenticate(handshakeHeaders(socket))
    if (identity?.id !== userId) socket.disconnect(true)
  }
  const timer = setInterval(() => {
    look().catch((error: unknown) => log.warn({ err: error }, 'could not tell whose a connection is'))
  }, REAUTHENTICATE_INTERVAL_MS)
  socket.once('disconnect', () => clearInterval(timer))
}

/** What a connection was opened with. */
export const handshakeHeaders = ({ handshake }: Pick<Socket, 'handshake'>) =>
  new Headers(handshake.headers as Record<string, string>)
