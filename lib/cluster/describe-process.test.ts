import { expect, it } from 'vitest'
import { describeClock, describeQueues, listProcessProblems } from './describe-process'
import type { ProcessDto } from './schema'

const worker: ProcessDto = {
  id: 'alpha.1.a',
  role: 'worker',
  hostname: 'alpha',
  pid: 1,
  version: '0.1.0',
  schemaLevel: '20261128151500_process_beats',
  isOnline: true,
  seenAt: '2026-11-28T12:00:00.000Z',
  startedAt: '2026-11-28T11:00:00.000Z',
  queues: ['video.transcode', 'machines/alpha'],
  drainReason: null,
  sandboxProblem: null,
  videoEncoder: 'software',
  encoderProblem: null,
  storageProblem: null,
  clockOffsetMs: 3,
  load: 0.5,
  cpus: 2,
  memoryUsedBytes: 1,
  memoryTotalBytes: 2,
  rssBytes: 1,
  tasks: [],
}

it('describes the clock and the queues of a process', () => {
  expect(describeClock(worker)).toBe('Clock exact')
  expect(describeClock({ clockOffsetMs: 600_100 })).toBe('Clock 600.1 s ahead')
  expect(describeClock({ clockOffsetMs: -2_500 })).toBe('Clock 2.5 s behind')
  expect(describeQueues(worker)).toBe('Takes video.transcode, machines')
  expect(describeQueues({ role: 'worker', queues: [] })).toBe('Takes no tasks')
  expect(describeQueues({ role: 'web', queues: [] })).toBe('Serves pages and API')
})

it('lists what an administrator has to fix', () => {
  expect(listProcessProblems(worker)).toEqual([])
  const broken = {
    ...worker,
    isOnline: false,
    drainReason: 'The database is newer.',
    clockOffsetMs: -600_000,
  }
  expect(listProcessProblems(broken)).toEqual([
    'No heartbeat for 20 s or more.',
    'The database is newer.',
    'Clock 600.0 s behind, compared with the database. Synchronize the clocks, for example with chrony.',
  ])
})
