import type { PgBoss } from 'pg-boss'
import { afterAll, beforeAll, expect } from 'vitest'
import { type Config, readConfig } from '@/lib/config/config'
import type { MailState } from '@/lib/generated/prisma/enums'
import type { MailContent } from '@/lib/mail/content'
import { mailKinds } from '@/lib/mail/tasks'
import { queueMail } from '@/lib/mail/queue-mail'
import { openBoss } from '@/lib/tasks/boss'
import { consumeQueues, sharedQueues } from '@/worker/runtime/consume'
import type { WorkerContext } from '@/worker/context'
import { shutDownWorker } from '@/worker/runtime/shutdown'
import { chooseMailer } from '@/worker/mail/choose-mailer'
import { handlers } from '@/worker/registry'
import { RunningTasks } from '@/worker/runtime/running-tasks'
import { createOwner, type useDatabase } from './database'

export const testMail: MailContent = { template: 'test', data: { href: 'http://127.0.0.1/admin' } }

/** People who are mailed, and senders that mail them, in this process. */
export function useMailFixture(database: ReturnType<typeof useDatabase>) {
  let boss: PgBoss
  const senders: { stop: () => Promise<void> }[] = []
  const room = {
    get boss() {
      return boss
    },
    /** Queues a mail to somebody new, or to `to`. */
    async queueMail(options: { content?: MailContent; to?: { id: string; email: string } } = {}) {
      const person = options.to ?? (await createOwner(database.db))
      const order = { ownerId: person.id, eventKey: `test/${crypto.randomUUID()}` }
      const id = await database.db.$transaction((tx) =>
        queueMail(tx, boss, { ...order, content: options.content ?? testMail }),
      )
      return { id: id!, ...order, email: person.email }
    },
    readMail: (id: string) => database.db.mail.findUniqueOrThrow({ where: { id } }),
    async readTask(mailId: string) {
      const { taskId } = await room.readMail(mailId)
      return database.db.task.findUniqueOrThrow({ where: { id: taskId! } })
    },
    async waitForState(id: string, state: MailState, timeout = 30_000) {
      await expect.poll(async () => (await room.readMail(id)).state, { timeout, interval: 20 }).toBe(state)
    },
    /** Starts a sender. It gets a lot of work done: what is not said is 1,000 mails a second. */
    async startSender(settings: Partial<Config> = {}) {
      const config = { ...readConfig(), MAIL_RATE_PER_SECOND: 1_000, MAIL_RETRY_SECONDS: 0.2, ...settings }
      const own = await openBoss({ url: database.url, supervise: true, poolSize: 10 }).start()
      const running = new RunningTasks(database.db)
      const mailer = chooseMailer(config, database.db)
      const context = { config, db: database.db, boss: own, mailer } as WorkerContext
      const ours = new Map(mailKinds.map(({ name }) => [name, handlers.get(name)!]))
      await consumeQueues({ context, handlers: ours, running, queues: sharedQueues(ours) })
      const sender = {
        async stop() {
          senders.splice(senders.indexOf(sender), 1)
          await shutDownWorker({ boss: own, running }, { timeoutMs: 5_000 })
          await mailer.close()
        },
      }
      senders.push(sender)
      return sender
    },
    async stopSenders() {
      while (senders[0]) await senders[0].stop()
    },
  }
  beforeAll(async () => {
    boss = await openBoss({ url: database.url, supervise: false }).start()
  })
  afterAll(async () => {
    await room.stopSenders()
    await boss.stop({ graceful: false })
  })
  return room
}
