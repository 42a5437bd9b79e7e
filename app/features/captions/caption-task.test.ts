import { expect, it } from 'vitest'
import type { TaskDto } from '@/lib/tasks/schema'
import { endedWithParent } from './caption-task'

const inspection = { id: 'inspection', state: 'failed', startedAt: '2026-12-01T00:00:00Z' } as TaskDto
const captions = { id: 'captions', parentId: 'inspection', state: 'failed', startedAt: null } as TaskDto

it('recognizes captions that failed because the video did, whose error is shown once', () => {
  expect(endedWithParent(captions, [captions, inspection])).toBe(true)
  expect(endedWithParent({ ...captions, startedAt: inspection.startedAt }, [inspection])).toBe(false)
  expect(endedWithParent(captions, [{ ...inspection, state: 'done' }])).toBe(false)
  expect(endedWithParent({ ...captions, parentId: null }, [inspection])).toBe(false)
})
