import { expect, it } from 'vitest'
import { secondsWithoutImage } from '@/lib/machines/provision-estimate'
import { log } from '@/lib/log'
import type { ProgressReport } from '@/worker/runtime/handler'
import { createStageReporter } from './stage-reporter'

const DEFINITIONS = [
  { name: 'reserve', label: () => 'Reserving capacity', startsAt: 0 },
  { name: 'image', label: () => 'Preparing the image', startsAt: 0.05, isShared: true },
  { name: 'disk', label: () => 'Creating the disk', startsAt: 0.3 },
]

it('reports the current step and no remaining time while an image is being built', () => {
  const reports: ProgressReport[] = []
  const stages = createStageReporter(
    { report: (report) => void reports.push(report), log },
    { definitions: DEFINITIONS, typicalSeconds: 100 },
  )
  stages.onStage('reserve')
  stages.onStage('image', 0.5, 'installing packages')
  stages.onStage('disk')
  expect(reports.map(({ stage }) => stage)).toEqual([
    'Reserving capacity',
    'Preparing the image: installing packages',
    'Creating the disk',
  ])
  expect(reports.map(({ etaSeconds }) => etaSeconds === null)).toEqual([false, true, false])
  const progress = reports.map((report) => report.progress!)
  expect(progress).toEqual(progress.toSorted((a, b) => a - b))
  expect(stages.finish().stages.map(({ name }) => name)).toEqual([
    'Reserving capacity',
    'Preparing the image',
    'Creating the disk',
  ])
})

it('reports the image build time under a key of its own', () => {
  const stages = createStageReporter({ report: () => undefined, log }, { definitions: DEFINITIONS })
  stages.onStage('image')
  stages.onStage('disk')
  const result = stages.finish()
  expect(result.imageSeconds).toBe(result.stages[0]!.seconds)
})

it('excludes the image build from the expected time, also in results without imageSeconds', () => {
  expect(secondsWithoutImage({ seconds: 92, imageSeconds: 90, stages: [] })).toEqual([2])
  const stages = [
    { name: 'Preparing the image', seconds: 90 },
    { name: 'Booting', seconds: 1 },
  ]
  expect(secondsWithoutImage({ seconds: 92, stages })).toEqual([2])
  expect(secondsWithoutImage({ seconds: 3 })).toEqual([3])
  expect(secondsWithoutImage(null)).toEqual([])
})
