import { expect, it } from 'vitest'
import { AppError } from '@/lib/errors'
import { loadModel } from './load-model'

const failure = new AppError({ code: 'captions.engine_failed', message: 'It failed.', status: 500 })

async function load(state: { wasKilled?: boolean; hasTimedOut?: boolean }) {
  let isClosed = false
  const process = {
    wasKilled: false,
    hasTimedOut: false,
    ...state,
    request: () => Promise.reject(failure),
    close: async () => void (isClosed = true),
  }
  const error = await loadModel(process, {} as never, { title: 'base' }).catch((reason: unknown) => reason)
  return { error, isClosed }
}

it('reports a model that fails to load as broken, and closes the process', async () => {
  expect(await load({})).toMatchObject({ error: { code: 'captions.model_broken' }, isClosed: true })
})

it('does not blame the model if the process was killed or a busy computer kept it waiting', async () => {
  expect(await load({ wasKilled: true })).toEqual({ error: failure, isClosed: true })
  expect(await load({ hasTimedOut: true })).toEqual({ error: failure, isClosed: true })
})
