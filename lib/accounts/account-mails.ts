import * as messages from '@/lib/generated/messages/security-facts'
import { randomUUID } from 'node:crypto'
import { requestOrigin } from '../audit/actor'
import { config } from '../config/config'
import { db } from '../database/db'
import { toLocale } from '../i18n/locale'
import { runWithLocale } from '../i18n/run-with-locale'
import type { MailContent } from '../mail/content'
import { queueMail } from '../mail/queue-mail'
import type { SecurityEvent } from '../mail/security-events'
import { boss } from '../tasks/boss'
import { describeDevice } from './describe-device'
import { sanitizeName } from './display-name'
import { hashToken } from './hash-token'

interface LinkRequest {
  user: { id: string; name: string; email: string; emailVerified: boolean }
  /** Grants access without further credentials. */
  url: string
  token: string
}

/**
 * Queues the mail that verifies an address. Does nothing if the address is already verified. For a change of the
 * address, `user` has the new one.
 */
export async function queueVerificationMail({ user, url, token }: LinkRequest) {
  const stored = await db().user.findUniqueOrThrow({ where: { id: user.id }, select: { email: true } })
  const isChange = stored.email !== user.email.toLowerCase()
  if (user.emailVerified && !isChange) return
  const data = { name: sanitizeName(user.name), href: url }
  await queueLinkMail(user.id, token, { template: isChange ? 'change-email' : 'verify', data }, user.email)
}

/** Queues the mail with the password reset link. */
export async function queuePasswordResetMail({ user, url, token }: LinkRequest) {
  await queueLinkMail(user.id, token, {
    template: 'reset',
    data: { name: sanitizeName(user.name), href: url },
  })
}

const HOUR_MS = 60 * 60 * 1000

/** Queues the mail that says an account exists, at most once an hour: the visitor who signs up again sees no difference. */
export async function queueAccountExistsMail({ user }: { user: { id: string; name: string } }) {
  const hour = Math.floor(Date.now() / HOUR_MS)
  const data = { name: sanitizeName(user.name), href: `${config().publicUrl}/sign-in` }
  await queueAccountMail(user.id, `account.exists/${user.id}/${hour}`, { template: 'exists', data })
}

interface SecurityNotice {
  userId: string
  event: SecurityEvent
  headers?: Headers
  /** Label and value of each, in the language of the user. */
  facts?: () => [string, string][]
  /** Default: the address of the user. */
  recipient?: string
}

/** Queues the notice of a change to the security of an account, with device, address and time of the request. */
export async function queueSecurityMail({ userId, event, headers, facts, recipient }: SecurityNotice) {
  const user = await db().user.findUniqueOrThrow({
    where: { id: userId },
    select: { name: true, locale: true },
  })
  const { address, userAgent } = requestOrigin(headers)
  const content: MailContent = {
    template: 'security',
    data: {
      event,
      name: sanitizeName(user.name),
      href: `${config().publicUrl}/account`,
      facts: runWithLocale(toLocale(user.locale), () => [
        ...(facts?.() ?? []),
        [messages.device(), describeDevice(userAgent)],
        [messages.address(), address ?? messages.unknown()],
        [messages.time(), `${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC`],
      ]),
    },
  }
  await queueAccountMail(userId, `account.${event}/${randomUUID()}`, content, recipient)
}

async function queueLinkMail(ownerId: string, token: string, content: MailContent, recipient?: string) {
  const hash = hashToken(token)
  await queueAccountMail(ownerId, `account.${content.template}/${hash}`, content, recipient)
}

async function queueAccountMail(ownerId: string, eventKey: string, content: MailContent, recipient?: string) {
  const queue = await boss()
  await db().$transaction((tx) =>
    queueMail(tx, queue, { ownerId, eventKey, content, recipient, isUrgent: true }),
  )
}
