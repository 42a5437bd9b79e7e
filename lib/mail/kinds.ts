import { z } from 'zod'
import { config } from '../config'
import { defineKind } from '../tasks/kind'

const ofMail = z.object({ mailId: z.uuid() })
/** Some mails are prepared while as many as there are connections are on their way. */
const queue = { concurrency: 2 * config().MAIL_CONNECTIONS, maxAttempts: 5, expireSeconds: 30 * 60 }

export const sendMail = defineKind({
  name: 'email.send',
  label: 'Sending a mail',
  isInternal: true,
  payload: ofMail,
  queue,
})

/** Mails that somebody sits and waits for: they do not stand in line behind ten thousand others. */
export const sendUrgentMail = defineKind({
  name: 'email.urgent',
  label: 'Sending an urgent mail',
  isInternal: true,
  payload: ofMail,
  queue: { ...queue, concurrency: 2 },
})

export const mailKinds = [sendMail, sendUrgentMail]
