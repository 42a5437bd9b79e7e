import pino from 'pino'
import { expect, it } from 'vitest'
import { trimVideoTask } from '@/lib/videos/tasks'
import { useDatabase } from '@/tests/support/database'
import { useTrimFixture } from '@/tests/support/trim-fixture'
import type { ProgressReport } from '@/worker/runtime/handler'
import { trimVideo } from '@/worker/video/trim/trim-video'

const database = useDatabase()
const fixture = useTrimFixture(database)

/** Runs a trim, and returns what it reports. */
async function listReports(taskId: string) {
  const reports: ProgressReport[] = []
  const task = await database.db.task.findUniqueOrThrow({ where: { id: taskId } })
  await trimVideo.run({
    taskId,
    kind: trimVideoTask,
    payload: trimVideoTask.payload.parse(task.payload),
    signal: new AbortController().signal,
    log: pino({ level: 'silent' }),
    context: fixture.captions.context,
    report: (report) => void reports.push(report),
    write: (work) => database.db.$transaction(work),
    writeTogether: async () => {},
  })
  return reports
}
const progressOf = (reports: ProgressReport[]) => reports.map(({ progress }) => progress!)

it('reports progress of each stage of a trim, and never less', { tags: 'full' }, async () => {
  const id = await fixture.createVideo()
  const taskId = await fixture.request(id, 5.48, 23.2)
  const reports = await listReports(taskId)
  const progress = progressOf(reports)
  expect(progress).toEqual(progress.toSorted((a, b) => a - b))
  // Of two pieces of each rendition.
  const encoding = reports.filter(({ stage }) => stage === 'Encoding the new start and end')
  expect(new Set(progressOf(encoding)).size).toBeGreaterThan(4)
  expect(progress[0]).toBe(0)
  expect(progress.at(-1)).toBeCloseTo(0.98)

  await database.db.task.update({ where: { id: taskId }, data: { progress: 0.7 } })
  await database.db.video.updateMany({ where: { replacesId: id }, data: { imageBytes: null } })
  expect(Math.min(...progressOf(await listReports(taskId)))).toBe(0.7)
})
