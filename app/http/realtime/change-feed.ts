import { EventEmitter } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { runEvery } from '@/lib/concurrency/run-every'
import { databaseUrl } from '@/lib/database/db'
import { log } from '@/lib/log'
import { type Change, CHANGES_CHANNEL, changesSchema } from '@/lib/realtime/schema'

const RECONNECT_DELAY_MS = 500

/** How often the connection is checked, and how long the database may take to answer. */
const HEARTBEAT = { intervalMs: 10_000, timeoutMs: 5_000 }

/**
 * Listens for changed rows on one dedicated database connection and reconnects when it is lost. Emits `resync` after
 * every (re)connect, because changes may have been missed.
 */
export class ChangeFeed extends EventEmitter<{ change: [Change]; resync: [] }> {
  #client: pg.Client | null = null
  #isOpen = true

  constructor(private readonly heartbeat = HEARTBEAT) {
    super()
  }

  /** Resolves after `close`. */
  async run() {
    while (this.#isOpen) {
      try {
        await this.#listen()
      } catch (error) {
        if (this.#isOpen) log.warn({ err: error }, 'lost the database connection for live changes')
      }
      if (this.#isOpen) await delay(RECONNECT_DELAY_MS)
    }
  }

  async close() {
    this.#isOpen = false
    await this.#client?.end().catch(() => undefined)
  }

  async #listen() {
    const client = new pg.Client({
      connectionString: databaseUrl(),
      keepAlive: true,
      connectionTimeoutMillis: 5_000,
    })
    this.#client = client
    const ended = new Promise<never>((_, reject) => {
      // Stays registered: a second `error` event without a listener would end the process.
      client.on('error', reject)
      client.once('end', () => reject(new Error('the connection ended')))
    })
    ended.catch(() => undefined)
    await client.connect()
    client.on('notification', ({ payload }) => {
      const changes = changesSchema.safeParse(JSON.parse(payload ?? 'null'))
      for (const change of changes.data ?? []) this.emit('change', change)
    })
    await client.query(`LISTEN ${CHANGES_CHANNEL}`)
    this.emit('resync')
    const stopHeartbeat = runEvery({
      work: () => this.#checkConnection(client),
      initialDelayMs: this.heartbeat.intervalMs,
      pauseMs: this.heartbeat.intervalMs,
      failureMessage: 'could not check the database connection for live changes',
    })
    try {
      await ended
    } finally {
      void stopHeartbeat()
      await client.end().catch(() => undefined)
    }
  }

  /** Makes `client` fail if the database does not respond in time. */
  async #checkConnection(client: pg.Client) {
    const timeout = setTimeout(
      () => client.emit('error', new Error('no heartbeat')),
      this.heartbeat.timeoutMs,
    )
    // An error ends the connection, which is handled there.
    await client.query('SELECT 1').catch(() => undefined)
    clearTimeout(timeout)
  }
}
