import { z } from 'zod'
import { config } from '../config/config'
import { defineTaskKind } from '../tasks/task-kind'

const mailPayloadSchema = z.object({ mailId: z.uuid() })
/** Some mails are prepared while as many as there are connections are on their way. */
const mailQueueOptions = {
  concurrency: 2 * config().MAIL_CONNECTIONS,
  maxAttempts: 5,
  expireSeconds: 30 * 60,
}

export const sendMailTask = defineTaskKind({
  name: 'email.send',
  label: 'Sending email',
  isInternal: true,
  payload: mailPayloadSchema,
  queue: mailQueueOptions,
})

/** Mails that somebody sits and waits for: they do not stand in line behind ten thousand others. */
export const sendUrgentMailTask = defineTaskKind({
  name: 'email.urgent',
  label: 'Sending urgent email',
  isInternal: true,
  payload: mailPayloadSchema,
  queue: { ...mailQueueOptions, concurrency: 2 },
})

export const mailKinds = [sendMailTask, sendUrgentMailTask]
