import { expect, it } from 'vitest'
import { settleDetail } from './settle-detail'

const renditions = [
  { name: '360p', state: 'done' as const, progress: 1 },
  { name: '720p', state: 'in_progress' as const, progress: 0.99 },
]

it('completes the renditions of a task that is done', () => {
  expect(settleDetail({ speed: 2.5, renditions }, 'done')).toEqual({
    renditions: [renditions[0], { name: '720p', state: 'done', progress: 1 }],
  })
})

it.each(['failed', 'canceled'] as const)('ends the unfinished renditions of a task that %s', (state) => {
  expect(settleDetail({ renditions }, state)).toEqual({
    renditions: [renditions[0], { name: '720p', state, progress: 0.99 }],
  })
})

it('drops an unfinished stage and keeps the output of a script', () => {
  const stages = [
    { name: 'Booting', seconds: 3 },
    { name: 'Waiting', seconds: null },
  ]
  expect(settleDetail({ stages, outputTail: 'ok', outputBytes: 2 }, 'failed')).toEqual({
    stages: [stages[0]],
    outputTail: 'ok',
    outputBytes: 2,
  })
})
