import { randomUUID } from 'node:crypto'
import { afterAll, describe, expect, it } from 'vitest'
import { captionVideoTask } from '@/lib/captions/tasks'
import { queueDueDigests } from '@/lib/mail/digest'
import { updateNotificationSettings } from '@/lib/mail/notification-settings'
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

/** Somebody with a video that waits to be inspected and transcoded. */
async function createUploadedVideo(person?: { id: string }) {
  const ownerId = person?.id ?? (await createOwner(database.db)).id
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
    const pictures = await enqueueTask(tx, fixture.boss, {
      kind: generateThumbnailsTask,
      ...common,
      parentId: inspected.id,
    })
    return { ownerId, id, inspected, transcoded, pictures }
  })
}

/** As a worker ends a task. */
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
/** As if minutes had gone by. */
const ageMailNotes = (ownerId: string) =>
  database.db.$executeRaw`
    UPDATE mail_note SET "createdAt" = "createdAt" - interval '6 minutes' WHERE "ownerId" = ${ownerId}`

describe('a mail is written', () => {
  it('once when a machine is ordered, however often the order is repeated', async () => {
    const { machine, order } = await fixture.createMachine({ name: 'build-box' }, 'key-1')
    await fixture.createMachine({ name: 'build-box' }, 'key-1')
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

  it('once when a video is transcoded, in one line whatever it is called', async () => {
    const { ownerId, inspected, transcoded, pictures } = await createUploadedVideo()
    await settleTask(inspected.id, 'done')
    expect(await findMails(ownerId)).toEqual([])
    await settleTask(transcoded.id, 'done')
    await settleTask(pictures.id, 'failed')
    expect((await findMails(ownerId)).map(({ subject }) => subject)).toEqual([
      'harbour Bcc: eve@example.com <b> is ready',
    ])
  })

  it('once when its file cannot be read, again when it fails again, and not when it is canceled', async () => {
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

it('a video in which nobody speaks has no captions to tell of', async () => {
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

describe('what a person does not want', () => {
  it('is not mailed', async () => {
    const { ownerId, transcoded } = await createUploadedVideo()
    await updateNotificationSettings(database.db, ownerId, { events: { 'video.ready': false } })
    await settleTask(transcoded.id, 'done')
    expect(await findMails(ownerId)).toEqual([])
  })

  it('is gathered when much ends at once: three singly, the rest in one', async () => {
    const person = await createOwner(database.db)
    for (let n = 0; n < 8; n++)
      await settleTask((await createUploadedVideo(person)).transcoded.id, n === 7 ? 'failed' : 'done')
    expect(await findMails(person.id)).toHaveLength(3)
    await queueDueDigests({ db: database.db, boss: fixture.boss })
    expect(await findMails(person.id)).toHaveLength(3)
    await ageMailNotes(person.id)
    await Promise.all([1, 2].map(() => queueDueDigests({ db: database.db, boss: fixture.boss })))
    const [, , , digest, ...others] = await findMails(person.id)
    expect(others).toEqual([])
    expect(digest!.subject).toBe('5 tasks finished, 1 failed')
    await queueDueDigests({ db: database.db, boss: fixture.boss })
    expect(await findMails(person.id)).toHaveLength(4)
  })

  it('is gathered however much it is', async () => {
    const { id: ownerId } = await createOwner(database.db)
    await database.db.$executeRaw`
      INSERT INTO mail_note (id, "ownerId", event, "eventKey", title, href)
      SELECT gen_random_uuid(), ${ownerId}, 'machine.ready', 'many/' || n, 'box ' || n, '/machines'
      FROM generate_series(1, 70000) n`
    await ageMailNotes(ownerId)
    await queueDueDigests({ db: database.db, boss: fixture.boss })
    expect((await findMails(ownerId)).map(({ subject }) => subject)).toEqual(['70000 tasks finished'])
    expect(await database.db.mailNote.count({ where: { ownerId, mailId: null } })).toBe(0)
  })

  it('waits for the morning where one mail a day is wanted', async () => {
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
