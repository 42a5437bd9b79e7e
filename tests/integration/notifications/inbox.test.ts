import type { PgBoss } from 'pg-boss'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { markNotificationsRead, updateNotification } from '@/lib/notifications/commands'
import type { NotificationEvent } from '@/lib/notifications/events'
import { notifyUser } from '@/lib/notifications/notify-user'
import { pruneNotifications } from '@/lib/notifications/prune'
import { listNotifications } from '@/lib/notifications/queries'
import { updateNotificationSettings } from '@/lib/notifications/settings'
import { changesSince } from '@/lib/realtime/changes-since'
import { openBoss } from '@/lib/tasks/boss'
import { createOwner, useDatabase } from '@/tests/support/database'
import { listExportDocuments } from '@/worker/accounts/export-documents'

const database = useDatabase()
let boss: PgBoss
beforeAll(async () => {
  boss = await openBoss({ url: database.url, supervise: false }).start()
})
afterAll(() => boss.stop())

async function createInbox() {
  const { db } = database
  const { id: ownerId } = await createOwner(db)
  let count = 0
  return {
    ownerId,
    notify: (event: NotificationEvent = 'video.ready', title = 'harbour') =>
      db.$transaction((tx) =>
        notifyUser(tx, boss, {
          ownerId,
          event,
          eventKey: `${ownerId}/${count++}`,
          title,
          href: '/videos/1',
          detail: null,
        }),
      ),
    list: (unread?: 'true') => listNotifications(db, { ownerId, unread }),
    readMails: async () => (await db.mail.findMany({ where: { ownerId } })).map(({ subject }) => subject),
  }
}

describe('the notifications of a user', () => {
  it('are listed with what happened, newest first, and paged', async () => {
    const inbox = await createInbox()
    await inbox.notify()
    await inbox.notify('machine.failed', 'build-box')
    const { db } = database
    const first = await listNotifications(db, { ownerId: inbox.ownerId, limit: 1 })
    expect(first).toMatchObject({
      notifications: [{ message: 'build-box failed to start', isFailure: true, readAt: null }],
      unreadCount: 2,
    })
    const second = await listNotifications(db, { ownerId: inbox.ownerId, cursor: first.nextCursor! })
    expect(second).toMatchObject({ notifications: [{ message: 'harbour is ready' }], nextCursor: null })
  })

  it('are among the data that the user can export', async () => {
    const inbox = await createInbox()
    await inbox.notify()
    const documents = new Map(listExportDocuments(database.db, inbox.ownerId))
    const exported: object[] = []
    for await (const row of documents.get('notifications.json')!) exported.push(row)
    expect(exported).toMatchObject([{ title: 'harbour' }])
  })

  it('are read for all pages once one has read them', async () => {
    const { db } = database
    const inbox = await createInbox()
    await inbox.notify()
    await inbox.notify()
    const { ownerId } = inbox
    const before = await changesSince(db, { ownerId, known: {} })
    const [newest, oldest] = before.notifications
    await markNotificationsRead(db, ownerId, { ids: [newest!.id] })
    const known = Object.fromEntries(before.notifications.map(({ id, version }) => [id, version]))
    const { notifications, gone } = await changesSince(db, { ownerId, known })
    expect(notifications).toMatchObject([{ id: newest!.id, readAt: expect.any(String) }])
    expect(notifications[0]!.version).toBeGreaterThan(newest!.version)
    expect(gone).toEqual([])
    expect(await inbox.list('true')).toMatchObject({ notifications: [{ id: oldest!.id }], unreadCount: 1 })
    await updateNotification(db, { id: newest!.id, ownerId, isRead: false })
    expect((await inbox.list()).unreadCount).toBe(2)
  })

  it('stay unread if they arrive after those that are marked as read', async () => {
    const inbox = await createInbox()
    await inbox.notify()
    const upTo = (await inbox.list()).notifications[0]!.id
    await inbox.notify()
    await markNotificationsRead(database.db, inbox.ownerId, { upTo })
    expect((await inbox.list()).unreadCount).toBe(1)
  })

  it('are neither read nor found by other users', async () => {
    const { db } = database
    const inbox = await createInbox()
    await inbox.notify()
    const { id } = (await inbox.list()).notifications[0]!
    const { id: eve } = await createOwner(db)
    await markNotificationsRead(db, eve, { ids: [id] })
    await markNotificationsRead(db, eve, { upTo: id })
    await expect(updateNotification(db, { id, ownerId: eve, isRead: true })).rejects.toMatchObject({
      code: 'notification.not_found',
    })
    expect((await listNotifications(db, { ownerId: eve })).notifications).toEqual([])
    expect(await changesSince(db, { ownerId: eve, known: { [id]: 1 } })).toMatchObject({ gone: [id] })
    expect((await inbox.list()).unreadCount).toBe(1)
  })
})

describe('each kind of event', () => {
  it('appears where its switches say', async () => {
    const { db } = database
    const inbox = await createInbox()
    await updateNotificationSettings(db, inbox.ownerId, {
      inApp: { 'video.ready': false },
      events: { 'machine.ready': false, 'captions.ready': false },
    })
    await updateNotificationSettings(db, inbox.ownerId, { inApp: { 'captions.ready': false } })
    await inbox.notify('video.ready', 'mailed only')
    await inbox.notify('machine.ready', 'in the app only')
    await inbox.notify('captions.ready', 'nowhere')
    expect((await inbox.list()).notifications.map(({ message }) => message)).toEqual([
      'in the app only is ready',
    ])
    expect(await inbox.readMails()).toEqual(['mailed only is ready'])
    const { notifications } = await changesSince(db, { ownerId: inbox.ownerId, known: {} })
    expect(notifications).toHaveLength(1)
  })
})

it('keeps the newest 500 notifications for 90 days, and those that are still to be mailed', async () => {
  const { db } = database
  const inbox = await createInbox()
  await updateNotificationSettings(db, inbox.ownerId, { gathering: 'daily' })
  await inbox.notify('video.ready', 'to be mailed')
  await db.$executeRaw`
    INSERT INTO mail_note (id, "ownerId", event, "eventKey", title, href, "isForMail")
    SELECT ('01ffffff-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, ${inbox.ownerId}, 'video.ready', 'many/' || n, 'n', '/', false
    FROM generate_series(1, 502) n`
  await pruneNotifications({ db })
  const where = { ownerId: inbox.ownerId }
  expect(await db.notification.count({ where })).toBe(501)
  await db.$executeRaw`UPDATE mail_note SET "createdAt" = "createdAt" - interval '91 days' WHERE "ownerId" = ${inbox.ownerId}`
  await pruneNotifications({ db })
  expect(await db.notification.findMany({ where })).toMatchObject([{ title: 'to be mailed' }])
})
