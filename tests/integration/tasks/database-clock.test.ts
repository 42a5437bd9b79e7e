import { afterEach, beforeEach, expect, it } from 'vitest'
import { setClockOffset } from '@/lib/cluster/database-clock'
import { issueConsoleToken } from '@/lib/machines/console-token'
import { notifyUser } from '@/lib/notifications/notify-user'
import { discardDeadLetters } from '@/lib/queues/dead-letters'
import { advanceRedrives, startRedrive } from '@/lib/queues/redrive'
import { transitionTask } from '@/lib/tasks/transition'
import { useQueueFixture } from '@/tests/support/queue-fixture'

// Times that SQL compares with now() are those of the database, also on a computer whose clock is wrong.

const OFFSET_MS = 3_600_000

const fixture = useQueueFixture()
beforeEach(() => void setClockOffset(OFFSET_MS))
afterEach(() => void setClockOffset(0))

const expectCorrected = (at: Date | null | undefined) => {
  const correctedMs = Date.now() - OFFSET_MS
  expect(at!.getTime()).toBeGreaterThan(correctedMs - 60_000)
  expect(at!.getTime()).toBeLessThanOrEqual(correctedMs)
}

it('records the end of a task, from which its retention counts', async () => {
  const { id } = await fixture.enqueue()
  const canceled = await fixture.db.$transaction((tx) =>
    transitionTask(tx, { where: { id }, to: 'canceled' }),
  )
  expectCorrected(canceled?.finishedAt)
})

const enqueueDeadLetter = async () => {
  const { id } = await fixture.enqueue()
  await fixture.db.$transaction((tx) =>
    transitionTask(tx, { where: { id }, to: 'failed', data: { cause: 'test' } }),
  )
  return id
}

it('records the end of a redrive', async () => {
  const which = { ids: [await enqueueDeadLetter()] }
  const { id } = await startRedrive(fixture, { which, isTrial: false, byId: fixture.ownerId })
  await advanceRedrives(fixture)
  await advanceRedrives(fixture)
  const redrive = await fixture.db.redrive.findUniqueOrThrow({ where: { id } })
  expect(redrive.state).toBe('done')
  expectCorrected(redrive.endedAt)
})

it('records the dismissal of a dead letter', async () => {
  const id = await enqueueDeadLetter()
  await fixture.db.$transaction((tx) => discardDeadLetters(tx, { which: { ids: [id] }, reason: 'test' }))
  expectCorrected((await fixture.readTask(id)).discardedAt)
})

it('lets a console token expire, which SQL redeems', async () => {
  const { db, ownerId } = fixture
  const size = { sizeName: 'small', cpus: 1, memoryMiB: 512, diskMiB: 1_024 }
  const machine = { ownerId, name: 'a', image: 'debian', network: 'none' as const, ...size }
  const { id } = await db.machine.create({ data: machine })
  const { expiresAt } = await issueConsoleToken(db, { id, ownerId })
  expect(Date.parse(expiresAt)).toBeGreaterThan(Date.now() - OFFSET_MS)
  expect(Date.parse(expiresAt)).toBeLessThan(Date.now() - OFFSET_MS / 2)
})

it('records the start of a redrive, whose trial is lost after some seconds', async () => {
  const which = { ids: [await enqueueDeadLetter()] }
  const redrive = await startRedrive(fixture, { which, isTrial: true, byId: fixture.ownerId })
  expectCorrected(redrive.createdAt)
})

it('records the time of a note, from which the gathering of mails counts', async () => {
  const { db, boss, ownerId } = fixture
  await db.$transaction((tx) =>
    notifyUser(tx, boss, {
      ownerId,
      event: 'video.ready',
      eventKey: 'clock',
      title: 'A film',
      href: '/videos/1',
      detail: null,
    }),
  )
  const note = await db.notification.findFirstOrThrow({ where: { ownerId } })
  expectCorrected(note.createdAt)
})
