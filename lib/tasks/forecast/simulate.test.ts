import { expect, it } from 'vitest'
import { type ScheduledTask, simulateSchedule } from './simulate'

const task = (id: string, seconds: number, fields: Partial<ScheduledTask> = {}): ScheduledTask => ({
  id,
  queue: 'chunks',
  seconds,
  cpu: { cores: 1, weight: 1 },
  isRunning: false,
  wholeId: null,
  startsWhole: false,
  parentId: null,
  hasJob: true,
  delaySeconds: 0,
  ...fields,
})
const simulate = (tasks: ScheduledTask[], options: { slots?: number; cores?: number } = {}) =>
  Object.fromEntries(
    simulateSchedule({
      tasks,
      slots: new Map([
        ['chunks', options.slots ?? 1],
        ['others', 1],
      ]),
      cores: options.cores ?? 8,
    }),
  )

it('executes a queue in its order, as many tasks at once as there are slots', () => {
  const tasks = [task('a', 4, { isRunning: true }), task('b', 3), task('c', 2)]
  expect(simulate(tasks)).toEqual({
    a: { start: 0, end: 4 },
    b: { start: 4, end: 7 },
    c: { start: 7, end: 9 },
  })
  expect(simulate(tasks, { slots: 2 })).toMatchObject({ b: { start: 0, end: 3 }, c: { start: 3, end: 5 } })
})

it('omits tasks that never start', () => {
  expect(simulate([task('a', 1)], { slots: 0 })).toEqual({})
  expect(simulate([task('a', 1, { parentId: 'gone', hasJob: false })])).toEqual({})
})

it('a task with parts starts with the first that counts, and ends after the last one', () => {
  const part = { wholeId: 'whole', startsWhole: true }
  const tasks = [
    task('copy', 6, { queue: 'others', wholeId: 'whole' }),
    task('1', 2, part),
    task('foreign', 5),
    task('2', 2, part),
    task('whole', 0.5, { queue: 'wholes', hasJob: false }),
  ]
  const slots = new Map([
    ['chunks', 1],
    ['others', 1],
    ['wholes', 1],
  ])
  const times = simulateSchedule({ tasks, slots, cores: 8 })
  expect(times.get('whole')).toEqual({ start: 0, end: 9.5 })
  expect(times.get('2')).toEqual({ start: 7, end: 9 })
})

it('starts dependents after their parent, and retries when they are due', () => {
  const tasks = [
    task('parent', 2, { isRunning: true }),
    task('child', 1, { parentId: 'parent', hasJob: false, queue: 'others' }),
    task('retry', 1, { delaySeconds: 30 }),
  ]
  expect(simulate(tasks)).toMatchObject({ child: { start: 2, end: 3 }, retry: { start: 30, end: 31 } })
})

it('what runs at once shares the CPU until one has ended', () => {
  const cpu = { cores: 2, weight: 1 }
  const tasks = [task('a', 2, { cpu }), task('b', 4, { cpu })]
  expect(simulate(tasks, { slots: 2, cores: 2 })).toMatchObject({ a: { end: 4 }, b: { end: 6 } })
})
