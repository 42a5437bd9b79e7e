import { expect, it } from 'vitest'
import type { MailState } from '@/lib/generated/prisma/enums'
import { readMailOverview } from '@/lib/mail/queries'
import { createOwner, useDatabase } from '@/tests/support/database'

const database = useDatabase()

it('counts and lists mails that were stored here apart from those that were sent', async () => {
  const { db } = database
  const { id: ownerId } = await createOwner(db)
  const createMail = (messageId: string, state: MailState = 'sent') =>
    db.mail.create({
      data: {
        ownerId,
        messageId,
        state,
        eventKey: messageId,
        recipient: 'ada@example.com',
        subject: messageId,
        template: 'test',
        data: {},
      },
    })
  await Promise.all([createMail('sent'), createMail('stored'), createMail('stored too')])
  await createMail('waiting', 'waiting')
  const stored = { sender: 'a@b.c', recipient: 'ada@example.com', subject: '', html: '', text: '' }
  for (const messageId of ['stored', 'stored too'])
    await db.outboxMail.create({ data: { ...stored, messageId } })
  const { counts, mails } = await readMailOverview(db, {})
  expect(counts).toEqual({ sent: 1, stored: 2, waiting: 1 })
  expect(mails).toHaveLength(4)
  const list = async (state: 'sent' | 'stored') =>
    (await readMailOverview(db, { state })).mails.map(({ subject, isStored }) => ({ subject, isStored }))
  expect(await list('sent')).toEqual([{ subject: 'sent', isStored: false }])
  const shown = await list('stored')
  expect(shown.map(({ subject }) => subject).toSorted()).toEqual(['stored', 'stored too'])
  expect(shown.every(({ isStored }) => isStored)).toBe(true)
})
