import { once } from 'node:events'
import { readConfig } from '@/lib/config/config'
import { openDb } from '@/lib/database/db'
import { registerAllTasks } from '@/lib/register-tasks'
import { openBoss } from '@/lib/tasks/boss'
import { consumeQueues, sharedQueues } from '@/worker/runtime/consume'
import type { WorkerContext } from '@/worker/context'
import { chooseMailer } from '@/worker/mail/choose-mailer'
import { sendMailHandlers } from '@/worker/mail/send-mail'
import { RunningTasks } from '@/worker/runtime/running-tasks'

// A worker process that only sends mail, starting on the first byte of stdin, for tests that kill it.
registerAllTasks()
const url = process.env.DATABASE_URL!
const config = readConfig()
const db = openDb({ url, poolSize: 8 })
const boss = await openBoss({ url, supervise: true }).start()
const mailer = chooseMailer(config, db)
const context = { config, db, boss, mailer } as WorkerContext
const handlers = new Map(sendMailHandlers.map((handler) => [handler.kind.name, handler]))
const running = new RunningTasks(db)
process.stdout.write('ready\n')
await once(process.stdin, 'data')
await consumeQueues({ context, handlers, running, queues: sharedQueues(handlers) })
