import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findFaults, readOutcome } from '@/tests/support/input-matrix/find-faults'
import { generateInput } from '@/tests/support/input-matrix/generate-input'
import {
  inputCells,
  MATRIX_PAGE,
  readMatrixPage,
  renderMatrixPage,
  type Result,
} from '@/tests/support/input-matrix/matrix-page'
import { type Input, nameInput, planInputs } from '@/tests/support/input-matrix/plan-inputs'
import { LadderRun } from '@/tests/support/ladder-run'

/** One of so many inputs is tried by default. */
const SAMPLE_STEP = 110

const inputs = planInputs()
const titled = inputs.map((input) => [nameInput(input), input] as const)
const results = new Map<string, Result>()
let root: string
beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'matrix-'))
})
afterAll(() => rm(root, { recursive: true, force: true }))

async function expectNoFaults(input: Input) {
  const dir = await mkdtemp(path.join(root, 'input-'))
  // The name says nothing about the content.
  const file = path.join(dir, 'input')
  await generateInput(input, file)
  const run = new LadderRun(file, dir)
  await run.run()
  expect(await findFaults(input, run)).toEqual([])
  results.set(nameInput(input), { info: run.info, outcome: readOutcome(run) })
  await rm(dir, { recursive: true })
}

describe('the renditions of', () => {
  it.concurrent.each(titled.filter((_, n) => n % SAMPLE_STEP === 0))(
    '%s show and play what was put in',
    (_, input) => expectNoFaults(input),
  )
  it.concurrent.each(titled.filter((_, n) => n % SAMPLE_STEP > 0))(
    '%s show and play what was put in',
    { tags: 'full', timeout: 300_000 },
    (_, input) => expectNoFaults(input),
  )
})

it('lists exactly the planned inputs in the documentation', () => {
  const rows = readMatrixPage(readFileSync(MATRIX_PAGE, 'utf8'))
  expect(rows.map((cells) => cells.slice(0, 8))).toEqual(inputs.map(inputCells))
})

it('documents the results of all inputs', { tags: 'full' }, async () => {
  const page = renderMatrixPage(inputs, (input) => results.get(nameInput(input))!)
  await expect(page).toMatchFileSnapshot(path.resolve(MATRIX_PAGE))
})
