import { expect, it } from 'vitest'
import { computeEstimates, speedBeside, type UnfinishedTask } from './compute'
import type { RunSample } from './predict'

const traits = new Map(
  ['chunk', 'whole', 'package'].map((kind) => [
    kind,
    { pool: kind, cpu: { cores: 1, weight: 1 }, hasSteadyProgress: kind === 'chunk' },
  ]),
)
const slots = new Map([...traits.keys()].map((kind) => [kind, 1]))

const task = (id: string, kind: string, fields: Partial<UnfinishedTask> = {}): UnfinishedTask => ({
  id,
  kind,
  queue: kind,
  subjectId: 'video',
  size: 10,
  progress: 0,
  elapsedSeconds: 0,
  progressAtSeconds: 0,
  others: {},
  isRunning: false,
  wholeId: null,
  startsWhole: false,
  parentId: null,
  hasJob: true,
  delaySeconds: 0,
  ...fields,
})
const part = (id: string, wholeId: string, fields: Partial<UnfinishedTask> = {}) =>
  task(id, 'chunk', { wholeId, startsWhole: true, ...fields })
const whole = (id: string, fields: Partial<UnfinishedTask> = {}) =>
  task(id, 'whole', { hasJob: false, ...fields })
const halfDone = { isRunning: true, progress: 0.5, elapsedSeconds: 10, progressAtSeconds: 10 }

const estimate = (tasks: UnfinishedTask[], samples: RunSample[] = []) =>
  computeEstimates({ tasks, samples, traits, slots, cores: 8 })
const pointOf = (estimates: ReturnType<typeof estimate>, id: string) => {
  const found = estimates.get(id)
  return found && Math.round(found.end.point)
}

it('knows nothing of a first run until it has reported progress, and then estimates its other parts too', () => {
  const parts = [part('2', 'video-task'), part('3', 'video-task')]
  const starting = part('1', 'video-task', { isRunning: true, elapsedSeconds: 2 })
  expect(estimate([whole('video-task'), starting, ...parts])).toEqual(new Map())
  const estimates = estimate([whole('video-task'), part('1', 'video-task', halfDone), ...parts])
  expect(pointOf(estimates, 'video-task')).toBe(50)
})

it('includes the parts of other tasks that are fetched in between, and dependents', () => {
  const tasks = [
    whole('a'),
    whole('b'),
    part('a1', 'a', halfDone),
    part('b1', 'b'),
    part('a2', 'a'),
    part('b2', 'b'),
    task('package', 'package', { parentId: 'a', hasJob: false }),
  ]
  const samples = [{ kind: 'package', subjectId: null, size: 10, seconds: 7 }]
  const estimates = estimate(tasks, samples)
  expect(['a', 'b', 'package'].map((id) => pointOf(estimates, id))).toEqual([50, 70, 57])
  expect(estimates.get('b')!.start).toBe(10)
})

it('omits a task that is not divided into parts yet, and what waits for it', () => {
  const tasks = [
    whole('a', { hasJob: true, size: null }),
    task('package', 'package', { parentId: 'a', hasJob: false }),
  ]
  const samples = [{ kind: 'package', subjectId: null, size: 10, seconds: 7 }]
  expect(estimate(tasks, samples)).toEqual(new Map())
})

it('knows how fast a run is beside others', () => {
  const situation = { traits, cores: 2 }
  expect(speedBeside({ kind: 'chunk', others: {} }, situation)).toBe(1)
  expect(speedBeside({ kind: 'chunk', others: { chunk: 1, whole: 2, unknown: 9 } }, situation)).toBe(0.5)
})
