import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { AppError } from '@/lib/errors'
import { watchRevocation } from '../middleware/watch-revocation'
import { reauthorizePort } from './authorize-port'

const REAUTHORIZE_INTERVAL_MS = 5_000

/** Ends a connection to a guest, such as a long response, once its request is no longer authorized. */
export function closeWhenRevoked(request: IncomingMessage, client: Socket | ServerResponse) {
  const stopWatching = watchRevocation({
    isStillAllowed: () => isStillAuthorized(request),
    intervalMs: REAUTHORIZE_INTERVAL_MS,
    close: () => client.destroy(),
  })
  client.once('close', stopWatching)
}

const isStillAuthorized = (request: IncomingMessage) =>
  reauthorizePort(request).then(
    () => true,
    (error: unknown) => {
      if (error instanceof AppError) return false
      throw error
    },
  )
