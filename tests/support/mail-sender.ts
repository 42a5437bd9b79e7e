import { log } from '@/lib/log'
import { readConfig } from '@/lib/config'
import { openDb } from '@/lib/db'
import { mailKinds } from '@/lib/mail/kinds'
import { openBoss } from '@/lib/tasks/boss'
import { consume, sharedQueues } from '@/worker/consume'
import type { WorkerContext } from '@/worker/context'
import { handle } from '@/worker/handler'
import { chooseMailer } from '@/worker/mail/choose-mailer'
import { sendHandlers } from '@/worker/mail/send'
import { RunningTasks } from '@/worker/running-tasks'

// A worker process that does nothing but send mail, for tests that kill it.
const url = process.env.DATABASE_URL!
const config = readConfig()
const db = openDb({ url, poolSize: 8 })
const boss = await openBoss({ url, supervise: true }).start()
const mailer = chooseMailer(config, db)
const context = { config, db, boss, mailer } as WorkerContext
const handlers = new Map(sendHandlers.map((handler) => [handler.kind.name, handle(handler)]))
const running = new RunningTasks(db)
await consume({ context, handlers, running, queues: sharedQueues(handlers) })
log.info({ kinds: mailKinds.map(({ name }) => name) }, 'sender ready')
process.stdout.write('sender ready\n')
