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

const testMail: MailContent = { template: 'test', data: { href: 'http://127.0.0.1/admin' } }

/** Queues mails to test users and runs senders in this process. */
export function useMailFixture(database: ReturnType<typeof useDatabase>) {
  let boss: PgBoss
  const senders: { stop: () => Promise<void> }[] = []
  const fixture = {
    get boss() {
      return boss
    },
    /** Queues a mail to `to`; default: a new user. */
    async queueMail(options: { content?: MailContent; to?: { id: string; email: string } } = {}) {
      const user = options.to ?? (await createOwner(database.db))
      const key = { ownerId: user.id, eventKey: `test/${crypto.randomUUID()}` }
      const id = await database.db.$transaction((tx) =>
        queueMail(tx, boss, { ...key, content: options.content ?? testMail }),
      )
      return { id: id!, ...key, email: user.email }
    },
    readMail: (id: string) => database.db.mail.findUniqueOrThrow({ where: { id } }),
    async readTask(mailId: string) {
      const { taskId } = await fixture.readMail(mailId)
      return database.db.task.findUniqueOrThrow({ where: { id: taskId! } })
    },
    async waitForState(id: string, state: MailState, timeout = 30_000) {
      await expect.poll(async () => (await fixture.readMail(id)).state, { timeout, interval: 20 }).toBe(state)
    },
    /** The state of the mail is stored before that of its task. Returns the task. */
    async waitForTaskEnd(id: string) {
      const readState = async () => (await fixture.readTask(id)).state
      await expect.poll(readState, { timeout: 30_000, interval: 20 }).toMatch(/done|failed|canceled/)
      return fixture.readTask(id)
    },
    /** Starts a sender; default rate: 1,000 mails per second. */
    async startSender(settings: Partial<Config> = {}) {
      const config = { ...readConfig(), MAIL_RATE_PER_SECOND: 1_000, MAIL_RETRY_SECONDS: 0.2, ...settings }
      const senderBoss = await openBoss({ url: database.url, supervise: true, poolSize: 10 }).start()
      const running = new RunningTasks(database.db)
      const mailer = chooseMailer(config, database.db)
      const context = { config, db: database.db, boss: senderBoss, mailer } as WorkerContext
      const mailHandlers = new Map(mailKinds.map(({ name }) => [name, handlers.get(name)!]))
      await consumeQueues({ context, handlers: mailHandlers, running, queues: sharedQueues(mailHandlers) })
      const sender = {
        async stop() {
          senders.splice(senders.indexOf(sender), 1)
          await shutDownWorker({ boss: senderBoss, running }, { timeoutMs: 5_000 })
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
    await fixture.stopSenders()
    await boss.stop({ graceful: false })
  })
  return fixture
}
