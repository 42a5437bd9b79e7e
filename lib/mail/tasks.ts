import { z } from 'zod'
import { config } from '../config/config'
import { defineTaskKind } from '../tasks/task-kind'
import * as messages from '@/lib/generated/messages/task-names'

const mailPayloadSchema = z.object({ mailId: z.uuid() })
/** Concurrency is twice the number of connections, because mails are rendered while others are being sent. */
const mailQueueOptions = {
  concurrency: 2 * config().MAIL_CONNECTIONS,
  maxAttempts: 5,
  expireSeconds: 30 * 60,
}

export const sendMailTask = defineTaskKind({
  name: 'email.send',
  label: messages.sendingEmail,
  isInternal: true,
  payload: mailPayloadSchema,
  queue: mailQueueOptions,
})

/** For mails that a user is waiting for. Its separate queue is not delayed by bulk mail. */
export const sendUrgentMailTask = defineTaskKind({
  name: 'email.urgent',
  label: messages.sendingUrgentEmail,
  isInternal: true,
  payload: mailPayloadSchema,
  queue: { ...mailQueueOptions, concurrency: 2 },
})

export const mailKinds = [sendMailTask, sendUrgentMailTask]
