import { randomUUID } from 'node:crypto'
import { afterAll, describe, expect, it } from 'vitest'
import { captionVideo } from '@/lib/captions/kinds'
import { gatherNotes } from '@/lib/mail/gather'
import { changeNotificationSettings } from '@/lib/mail/settings'
import { announceEnd } from '@/lib/tasks/announce'
import { cancelTask, retryTask } from '@/lib/tasks/control'
import { enqueueTask } from '@/lib/tasks/enqueue'
import { endDependents } from '@/lib/tasks/finish'
import { illustrateVideo, inspectVideo, transcodeVideo } from '@/lib/videos/kinds'
import { createOwner, useDatabase } from '@/tests/support/database'
import { useMachineRoom } from '@/tests/support/machine-room'

const database = useDatabase()
const room = useMachineRoom(database)
afterAll(() => room.worker?.stop())

/** Somebody with a video that waits to be inspected and transcoded. */
async function uploaded(person?: { id: string }) {
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
  const common = { ownerId, videoId: id, payload: { videoId: id } }
  return database.db.$transaction(async (tx) => {
    const inspected = await enqueueTask(tx, room.boss, { kind: inspectVideo, ...common })
    const transcoded = await enqueueTask(tx, room.boss, {
      kind: transcodeVideo,
      ...common,
      after: inspected.id,
    })
    const pictures = await enqueueTask(tx, room.boss, {
      kind: illustrateVideo,
      ...common,
      after: inspected.id,
    })
    return { ownerId, id, inspected, transcoded, pictures }
  })
}

/** As a worker ends a task. */
const end = (id: string, state: 'done' | 'failed', message = 'It ends early.') =>
  database.db.$transaction(async (tx) => {
    const error = { code: 'video.unreadable', message }
    await tx.task.update({
      where: { id },
      data: { state, finishedAt: new Date(), ...(state === 'failed' ? { error } : {}) },
    })
    await announceEnd(tx, room.boss, id)
    if (state === 'failed') await endDependents(tx, room.boss, { taskId: id, state, error })
  })
const mailsOf = (ownerId: string) =>
  database.db.mail.findMany({ where: { ownerId }, orderBy: { createdAt: 'asc' } })
/** As if minutes had gone by. */
const later = (ownerId: string) =>
  database.db.$executeRaw`
    UPDATE mail_note SET "createdAt" = "createdAt" - interval '6 minutes' WHERE "ownerId" = ${ownerId}`

describe('a mail is written', () => {
  it('once when a machine is ordered, however often the order is repeated', async () => {
    const { machine, order } = await room.order({ name: 'build-box' }, 'key-1')
    await room.order({ name: 'build-box' }, 'key-1')
    const [mail, ...others] = await mailsOf(room.ownerId)
    expect(others).toEqual([])
    expect(mail).toMatchObject({ subject: `Order ${order.number}: build-box`, state: 'waiting' })
    expect(mail!.eventKey).toBe(`machine.ordered/${machine.id}`)
    expect(await database.db.task.findUnique({ where: { id: mail!.taskId! } })).toMatchObject({
      kind: 'email.send',
      state: 'queued',
    })
  })

  it('when the machine is ready', async () => {
    await room.startWorker()
    await expect
      .poll(async () => (await mailsOf(room.ownerId)).map(({ subject }) => subject))
      .toContain('build-box is ready')
  })

  it('once when a video is transcoded, in one line whatever it is called', async () => {
    const { ownerId, inspected, transcoded, pictures } = await uploaded()
    await end(inspected.id, 'done')
    expect(await mailsOf(ownerId)).toEqual([])
    await end(transcoded.id, 'done')
    await end(pictures.id, 'failed')
    expect((await mailsOf(ownerId)).map(({ subject }) => subject)).toEqual([
      'harbour Bcc: eve@example.com <b> is ready',
    ])
  })

  it('once when its file cannot be read, again when it fails again, and not when it is canceled', async () => {
    const { ownerId, inspected, transcoded } = await uploaded()
    await end(inspected.id, 'failed')
    const [mail, ...others] = await mailsOf(ownerId)
    expect(others).toEqual([])
    expect(mail!.data).toMatchObject({ event: 'video.failed', detail: 'It ends early.' })
    const target = { db: database.db, boss: room.boss, ownerId }
    await retryTask({ ...target, taskId: transcoded.id })
    await end(inspected.id, 'failed')
    expect(await mailsOf(ownerId)).toHaveLength(2)
    await retryTask({ ...target, taskId: transcoded.id })
    await cancelTask({ ...target, taskId: inspected.id })
    expect(await mailsOf(ownerId)).toHaveLength(2)
  })
})

it('a video in which nobody speaks has no captions to tell of', async () => {
  const { ownerId, id: videoId } = await uploaded()
  const captioned = async (cues: number) => {
    const task = await database.db.task.create({
      data: {
        ownerId,
        videoId,
        kind: captionVideo.name,
        queue: captionVideo.name,
        payload: {},
        result: { cues },
        maxAttempts: 1,
      },
    })
    await end(task.id, 'done')
  }
  await captioned(0)
  expect(await mailsOf(ownerId)).toEqual([])
  await captioned(3)
  expect((await mailsOf(ownerId)).map(({ subject }) => subject)).toEqual([
    expect.stringMatching(/^Captions of .* are ready$/),
  ])
})

describe('what a person does not want', () => {
  it('is not mailed', async () => {
    const { ownerId, transcoded } = await uploaded()
    await changeNotificationSettings(database.db, ownerId, { events: { 'video.ready': false } })
    await end(transcoded.id, 'done')
    expect(await mailsOf(ownerId)).toEqual([])
  })

  it('is gathered when much ends at once: three singly, the rest in one', async () => {
    const person = await createOwner(database.db)
    for (let n = 0; n < 8; n++) await end((await uploaded(person)).transcoded.id, n === 7 ? 'failed' : 'done')
    expect(await mailsOf(person.id)).toHaveLength(3)
    await gatherNotes({ db: database.db, boss: room.boss })
    expect(await mailsOf(person.id)).toHaveLength(3)
    await later(person.id)
    await Promise.all([1, 2].map(() => gatherNotes({ db: database.db, boss: room.boss })))
    const [, , , digest, ...others] = await mailsOf(person.id)
    expect(others).toEqual([])
    expect(digest!.subject).toBe('5 things are finished, 1 of them failed')
    await gatherNotes({ db: database.db, boss: room.boss })
    expect(await mailsOf(person.id)).toHaveLength(4)
  })

  it('is gathered however much it is', async () => {
    const { id: ownerId } = await createOwner(database.db)
    await database.db.$executeRaw`
      INSERT INTO mail_note (id, "ownerId", event, "eventKey", title, href)
      SELECT gen_random_uuid(), ${ownerId}, 'machine.ready', 'many/' || n, 'box ' || n, '/machines'
      FROM generate_series(1, 70000) n`
    await later(ownerId)
    await gatherNotes({ db: database.db, boss: room.boss })
    expect((await mailsOf(ownerId)).map(({ subject }) => subject)).toEqual(['70000 things are finished'])
    expect(await database.db.mailNote.count({ where: { ownerId, mailId: null } })).toBe(0)
  })

  it('waits for the morning where one mail a day is wanted', async () => {
    const { ownerId, transcoded } = await uploaded()
    await changeNotificationSettings(database.db, ownerId, { gathering: 'daily' })
    await end(transcoded.id, 'done')
    expect(await mailsOf(ownerId)).toEqual([])
    await database.db.$executeRaw`
      UPDATE mail_note SET "createdAt" = "createdAt" - interval '25 hours' WHERE "ownerId" = ${ownerId}`
    await gatherNotes({ db: database.db, boss: room.boss })
    expect(await mailsOf(ownerId)).toHaveLength(1)
  })
})
