import { z } from 'zod'
import { config } from '../config/config'
import { defineTaskKind } from '../tasks/task-kind'

const mailPayloadSchema = z.object({ mailId: z.uuid() })
/** Twice the connections: the next mails are prepared while others are being sent. */
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

/** Mails that a user is waiting for. Their own queue lets them overtake bulk mail. */
export const sendUrgentMailTask = defineTaskKind({
  name: 'email.urgent',
  label: 'Sending urgent email',
  isInternal: true,
  payload: mailPayloadSchema,
  queue: { ...mailQueueOptions, concurrency: 2 },
})

export const mailKinds = [sendMailTask, sendUrgentMailTask]
