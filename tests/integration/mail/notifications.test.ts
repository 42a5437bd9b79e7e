import { randomUUID } from 'node:crypto'
import { afterAll, describe, expect, it } from 'vitest'
import { captionVideoTask } from '@/lib/captions/tasks'
import { queueDueDigests } from '@/lib/mail/digest'
import { updateNotificationSettings } from '@/lib/notifications/settings'
import { notifyTaskEnd } from '@/lib/tasks/notify-task-end'
import { cancelTask, retryTask } from '@/lib/tasks/commands'
import { enqueueTask } from '@/lib/tasks/enqueue'
import { endDependents } from '@/lib/tasks/dependents'
import { generateThumbnailsTask, inspectVideoTask, transcodeVideoTask } from '@/lib/videos/tasks'
import { createOwner, useDatabase } from '@/tests/support/database'
import { useMachineFixture } from '@/tests/support/machine-fixture'

const database = useDatabase()
const fixture = useMachineFixture(database)
afterAll(() => fixture.worker?.stop())

/** A user with a video that waits for inspection and transcoding. */
async function createUploadedVideo(owner?: { id: string }) {
  const ownerId = owner?.id ?? (await createOwner(database.db)).id
  const id = randomUUID()
  const title = `harbour\r\nBcc: eve@example.com <b>`
  await database.db.video.create({
    data: {
      id,
      ownerId,
      title,
      filename: 'a',
      sizeBytes: 1,
      sha256: '',
      sourceKey: id,
      durationSeconds: 724,
    },
  })
  const common = { ownerId, subjectId: id, payload: { videoId: id } }
  return database.db.$transaction(async (tx) => {
    const inspected = await enqueueTask(tx, fixture.boss, { kind: inspectVideoTask, ...common })
    const transcoded = await enqueueTask(tx, fixture.boss, {
      kind: transcodeVideoTask,
      ...common,
      parentId: inspected.id,
    })
    const thumbnails = await enqueueTask(tx, fixture.boss, {
      kind: generateThumbnailsTask,
      ...common,
      parentId: inspected.id,
    })
    return { ownerId, id, inspected, transcoded, thumbnails }
  })
}

/** Settles a task as a worker does. */
const settleTask = (id: string, state: 'done' | 'failed', message = 'It ends early.') =>
  database.db.$transaction(async (tx) => {
    const error = { code: 'video.unreadable', message }
    await tx.task.update({
      where: { id },
      data: { state, finishedAt: new Date(), ...(state === 'failed' ? { error } : {}) },
    })
    await notifyTaskEnd(tx, fixture.boss, id)
    if (state === 'failed') await endDependents(tx, fixture.boss, { taskId: id, state, error })
  })
const findMails = (ownerId: string) =>
  database.db.mail.findMany({ where: { ownerId }, orderBy: { createdAt: 'asc' } })
/** Simulates that six minutes have passed. */
const ageMailNotes = (ownerId: string) =>
  database.db.$executeRaw`
    UPDATE mail_note SET "createdAt" = "createdAt" - interval '6 minutes' WHERE "ownerId" = ${ownerId}`

describe('queues a mail', () => {
  it('once for a machine, also when the request is repeated', async () => {
    const { machine, order } = await fixture.createMachine({ name: 'build-box' }, { idempotencyKey: 'key-1' })
    await fixture.createMachine({ name: 'build-box' }, { idempotencyKey: 'key-1' })
    const [mail, ...others] = await findMails(fixture.ownerId)
    expect(others).toEqual([])
    expect(mail).toMatchObject({ subject: `Order ${order.number}: build-box`, state: 'waiting' })
    expect(mail!.eventKey).toBe(`machine.ordered/${machine.id}`)
    expect(await database.db.task.findUnique({ where: { id: mail!.taskId! } })).toMatchObject({
      kind: 'email.send',
      state: 'queued',
    })
  })

  it('when the machine is ready', async () => {
    await fixture.startWorker()
    await expect
      .poll(async () => (await findMails(fixture.ownerId)).map(({ subject }) => subject))
      .toContain('build-box is ready')
  })

  it('once when a video is transcoded, with the title sanitized in the subject', async () => {
    const { ownerId, inspected, transcoded, thumbnails } = await createUploadedVideo()
    await settleTask(inspected.id, 'done')
    expect(await findMails(ownerId)).toEqual([])
    await settleTask(transcoded.id, 'done')
    await settleTask(thumbnails.id, 'failed')
    expect((await findMails(ownerId)).map(({ subject }) => subject)).toEqual([
      'harbour Bcc: eve@example.com <b> is ready',
    ])
  })

  it('when a video fails and when its retry fails, but not when it is canceled', async () => {
    const { ownerId, inspected, transcoded } = await createUploadedVideo()
    await settleTask(inspected.id, 'failed')
    const [mail, ...others] = await findMails(ownerId)
    expect(others).toEqual([])
    expect(mail!.data).toMatchObject({ event: 'video.failed', detail: 'It ends early.' })
    const target = { db: database.db, boss: fixture.boss, ownerId }
    await retryTask({ ...target, taskId: transcoded.id })
    await settleTask(inspected.id, 'failed')
    expect(await findMails(ownerId)).toHaveLength(2)
    await retryTask({ ...target, taskId: transcoded.id })
    await cancelTask({ ...target, taskId: inspected.id })
    expect(await findMails(ownerId)).toHaveLength(2)
  })
})

it('queues no mail for captions without cues', async () => {
  const { ownerId, id: videoId } = await createUploadedVideo()
  const captioned = async (cues: number) => {
    const task = await database.db.task.create({
      data: {
        ownerId,
        videoId,
        kind: captionVideoTask.name,
        queue: captionVideoTask.name,
        payload: {},
        result: { cues },
        maxAttempts: 1,
      },
    })
    await settleTask(task.id, 'done')
  }
  await captioned(0)
  expect(await findMails(ownerId)).toEqual([])
  await captioned(3)
  expect((await findMails(ownerId)).map(({ subject }) => subject)).toEqual([
    expect.stringMatching(/^Captions for .* are ready$/),
  ])
})

describe('notification settings and digests', () => {
  it('queue no mail for a muted event', async () => {
    const { ownerId, transcoded } = await createUploadedVideo()
    await updateNotificationSettings(database.db, ownerId, { events: { 'video.ready': false } })
    await settleTask(transcoded.id, 'done')
    expect(await findMails(ownerId)).toEqual([])
  })

  it('queue three mails of a burst individually and the rest as one digest', async () => {
    const user = await createOwner(database.db)
    for (let n = 0; n < 8; n++)
      await settleTask((await createUploadedVideo(user)).transcoded.id, n === 7 ? 'failed' : 'done')
    expect(await findMails(user.id)).toHaveLength(3)
    await queueDueDigests({ db: database.db, boss: fixture.boss })
    expect(await findMails(user.id)).toHaveLength(3)
    await ageMailNotes(user.id)
    await Promise.all([1, 2].map(() => queueDueDigests({ db: database.db, boss: fixture.boss })))
    const [, , , digest, ...others] = await findMails(user.id)
    expect(others).toEqual([])
    expect(digest!.subject).toBe('5 tasks finished, 1 failed')
    await queueDueDigests({ db: database.db, boss: fixture.boss })
    expect(await findMails(user.id)).toHaveLength(4)
  })

  it('queue a digest of 70,000 notes', { tags: 'full' }, async () => {
    const { id: ownerId } = await createOwner(database.db)
    await database.db.$executeRaw`
      INSERT INTO mail_note (id, "ownerId", event, "eventKey", title, href)
      SELECT gen_random_uuid(), ${ownerId}, 'machine.ready', 'many/' || n, 'box ' || n, '/machines'
      FROM generate_series(1, 70000) n`
    await ageMailNotes(ownerId)
    await queueDueDigests({ db: database.db, boss: fixture.boss })
    expect((await findMails(ownerId)).map(({ subject }) => subject)).toEqual(['70,000 tasks finished'])
    expect(await database.db.notification.count({ where: { ownerId, mailId: null } })).toBe(0)
  })

  it('hold events until the morning for a daily digest', async () => {
    const { ownerId, transcoded } = await createUploadedVideo()
    await updateNotificationSettings(database.db, ownerId, { gathering: 'daily' })
    await settleTask(transcoded.id, 'done')
    expect(await findMails(ownerId)).toEqual([])
    await database.db.$executeRaw`
      UPDATE mail_note SET "createdAt" = "createdAt" - interval '25 hours' WHERE "ownerId" = ${ownerId}`
    await queueDueDigests({ db: database.db, boss: fixture.boss })
    expect(await findMails(ownerId)).toHaveLength(1)
  })
})
