import { EventEmitter } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { databaseUrl } from '@/lib/database/db'
import { log } from '@/lib/log'
import { type Change, CHANGES_CHANNEL, changeSchema } from '@/lib/realtime/schema'

/** How often the connection is asked whether it lives, and how long it may take to say so. */
const HEARTBEAT = { everyMs: 10_000, patienceMs: 5_000 }

/**
 * Hears what the database says has changed. One connection of its own, looked after by a heartbeat;
 * after it was lost, `resync` says that changes may have been missed.
 */
export class ChangeFeed extends EventEmitter<{ change: [Change]; resync: [] }> {
  #client: pg.Client | null = null
  #isOpen = true

  constructor(private readonly heartbeat = HEARTBEAT) {
    super()
  }

  async run() {
    while (this.#isOpen) {
      try {
        await this.#listen()
      } catch (error) {
        if (this.#isOpen) log.warn({ err: error }, 'lost the database connection for live changes')
      }
      if (this.#isOpen) await delay(500)
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
      // A further error that nobody hears would end the process.
      client.on('error', reject)
      client.once('end', () => reject(new Error('the connection ended')))
    })
    ended.catch(() => undefined)
    await client.connect()
    client.on('notification', ({ payload }) => {
      const change = changeSchema.safeParse(JSON.parse(payload ?? 'null'))
      if (change.success) this.emit('change', change.data)
    })
    await client.query(`LISTEN ${CHANGES_CHANNEL}`)
    this.emit('resync')
    const heartbeat = setInterval(() => {
      const dead = setTimeout(
        () => client.emit('error', new Error('no heartbeat')),
        this.heartbeat.patienceMs,
      )
      const isOver = () => clearTimeout(dead)
      client.query('SELECT 1').then(isOver, isOver)
    }, this.heartbeat.everyMs)
    try {
      await ended
    } finally {
      clearInterval(heartbeat)
      await client.end().catch(() => undefined)
    }
  }
}
