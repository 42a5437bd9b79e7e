import type { Socket } from 'node:net'
import type { Duplex, Transform } from 'node:stream'

/** How long a half-closed client waits for data from the guest. */
const HALF_CLOSE_TIMEOUT_MS = 30_000

interface Options {
  client: Socket
  /** Connection to a port inside a machine. */
  guest: Duplex
  /** Filters what the client sends. */
  guard?: Transform
}

/** Relays a client to a guest in both directions; closing one closes the other. */
export function relayStreams({ client, guest, guard }: Options) {
  if (guard) client.pipe(guard).pipe(guest)
  else client.pipe(guest)
  guest.pipe(client)
  // A client that has sent its request may half-close and wait for the response.
  client.once('end', () => client.setTimeout(HALF_CLOSE_TIMEOUT_MS, () => client.destroy()))
  client.on('error', () => client.destroy())
  guest.on('error', () => client.destroy())
  client.once('close', () => guest.destroy())
  guest.once('close', () => client.destroySoon())
}
