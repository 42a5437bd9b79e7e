import type { Socket } from 'node:net'
import type { Duplex, Transform } from 'node:stream'

/** How long the guest may go on saying nothing to one that has said all it had to. */
const HALF_CLOSE_TIMEOUT_MS = 30_000

/**
 * Puts a socket through to a connection into a machine. When one of them ends, so does the other. What the socket says
 * goes by way of `guard`, where there is one.
 */
export function relayStreams(near: Socket, guest: Duplex, guard?: Transform) {
  if (guard) near.pipe(guard).pipe(guest)
  else near.pipe(guest)
  guest.pipe(near)
  // One that only sends, and then waits for the answer, has ended its half.
  near.once('end', () => near.setTimeout(HALF_CLOSE_TIMEOUT_MS, () => near.destroy()))
  near.on('error', () => near.destroy())
  guest.on('error', () => near.destroy())
  near.once('close', () => guest.destroy())
  guest.once('close', () => near.destroySoon())
}
