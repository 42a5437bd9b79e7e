import { expect, it } from 'vitest'
import type { TaskDto } from '@/lib/tasks/schema'
import { byStart, type HomeRow } from './home-rows'

it('lists running work first, then waiting work by its place in line', () => {
  const row = (task?: Partial<TaskDto>) => ({ task }) as HomeRow
  const third = row({ state: 'queued', position: 3 })
  const first = row({ state: 'queued', position: 1 })
  const running = row({ state: 'in_progress', position: null })
  const waitingForParent = row({ state: 'queued', position: null })
  const other = row()
  expect([third, waitingForParent, other, first, running].toSorted(byStart)).toEqual([
    running,
    first,
    third,
    waitingForParent,
    other,
  ])
})
