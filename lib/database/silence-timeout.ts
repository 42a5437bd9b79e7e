import type { Socket } from 'node:net'
import pg from 'pg'

/** Longer than transactions may take and than pg-boss needs to rebuild an index. */
const SILENCE_TIMEOUT_MS = 60_000

/**
 * Creates the client class of a connection pool whose connections fail when the database sends nothing for `timeoutMs`,
 * by default one minute. Without it, a query over a network that drops packets would wait until TCP gives up, for a
 * quarter of an hour, and with it the loop that renews leases or heartbeats. Idle connections are closed too.
 */
export function createSilenceTimeoutClient(timeoutMs = SILENCE_TIMEOUT_MS) {
  return class SilenceTimeoutClient extends pg.Client {
    constructor(config?: string | pg.ClientConfig) {
      super(config)
      // The stream is replaced by that of TLS before this event.
      this.once('connect', () => {
        const { stream } = (this as unknown as { connection: { stream: Socket } }).connection
        stream.setTimeout(timeoutMs, () =>
          stream.destroy(
            new Error(`Connection terminated: the database sent nothing for ${timeoutMs / 1000} s`),
          ),
        )
      })
    }
  }
}
