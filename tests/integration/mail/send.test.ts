import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createOwner, useDatabase } from '@/tests/support/database'
import { useMailRoom } from '@/tests/support/mail-room'
import { says, type Smtp, startSmtp } from '@/tests/support/smtp'

const database = useDatabase()
const room = useMailRoom(database)
let smtp: Smtp

beforeAll(async () => {
  smtp = await startSmtp()
})
afterEach(async () => {
  for (const key of Object.keys(smtp.behaviour)) delete smtp.behaviour[key as never]
  await room.stopSenders()
})
afterAll(() => smtp.stop())

const startSender = () => room.startSender({ SMTP_URL: smtp.url })

describe('a mail', () => {
  it('arrives once, as HTML and text, under the Message-ID of its row', async () => {
    await startSender()
    const { id, email } = await room.queue()
    await room.becomes(id, 'sent')
    const [arrived, ...others] = smtp.to(email)
    expect(others).toEqual([])
    expect(arrived!.messageId).toBe((await room.mail(id)).messageId)
    expect(arrived!.subject).toBe('Mail from Meanwhile works')
    expect(arrived!.text).toContain('all is well')
    expect(arrived!.html).toContain('Back to the server')
    expect(await room.mail(id)).toMatchObject({ attempts: 1, response: expect.stringMatching(/^250/) })
    expect(await room.task(id)).toMatchObject({ state: 'done', attempts: 1 })
  })
})
