import { createHash } from 'node:crypto'
import { db } from '../database/db'
import type { MailContent } from '../mail/content'
import { queueMail } from '../mail/queue-mail'
import { boss } from '../tasks/boss'

interface LinkRequest {
  user: { id: string; name: string; emailVerified: boolean }
  /** Grants access without further credentials. */
  url: string
  token: string
}

/** Queues the mail that verifies an address. Does nothing if the address is already verified. */
export async function queueVerificationMail({ user, url, token }: LinkRequest) {
  if (user.emailVerified) return
  await queueLinkMail(user.id, token, { template: 'verify', data: { name: user.name, href: url } })
}

/** Queues the mail with the password reset link. */
export async function queuePasswordResetMail({ user, url, token }: LinkRequest) {
  await queueLinkMail(user.id, token, { template: 'reset', data: { name: user.name, href: url } })
}

async function queueLinkMail(ownerId: string, token: string, content: MailContent) {
  const hash = createHash('sha256').update(token).digest('hex')
  const eventKey = `account.${content.template}/${hash}`
  const queue = await boss()
  await db().$transaction((tx) => queueMail(tx, queue, { ownerId, eventKey, content, isUrgent: true }))
}
