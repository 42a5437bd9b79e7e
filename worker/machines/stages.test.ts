import { expect, it } from 'vitest'
import { withoutImage } from '@/lib/machines/typical-seconds'
import { log } from '@/lib/log'
import type { Report } from '../handler'
import { stageReporter } from './stages'

it('tells what exactly is being done, and no time left where an image is made first', () => {
  const told: Report[] = []
  const stages = stageReporter({ report: (report) => void told.push(report), log }, 100)
  stages.onStage('reserve')
  stages.onStage('image', 0.5, 'installing packages')
  stages.onStage('disk')
  expect(told.map(({ stage }) => stage)).toEqual([
    'Reserving room',
    'Preparing the image: installing packages',
    'Making the disk',
  ])
  expect(told.map(({ etaSeconds }) => etaSeconds === null)).toEqual([false, true, false])
  const progress = told.map((report) => report.progress!)
  expect(progress).toEqual(progress.toSorted((a, b) => a - b))
  expect(stages.end().stages.map(({ name }) => name)).toEqual([
    'Reserving room',
    'Preparing the image',
    'Making the disk',
  ])
})

it('the making of an image is no part of what the next machine takes', () => {
  const stages = [
    { name: 'Preparing the image', seconds: 90 },
    { name: 'Booting', seconds: 1 },
  ]
  expect(withoutImage({ seconds: 92, stages })).toEqual([2])
  expect(withoutImage({ seconds: 3 })).toEqual([3])
  expect(withoutImage(null)).toEqual([])
})
