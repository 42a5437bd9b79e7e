import { expect, it } from 'vitest'
import { chooseModel } from './choose-model'
import { SPEECH_MODELS, type SpeechModelName } from './models'

const choose = (
  speeds: Partial<Record<SpeechModelName, number | null>>,
  { language, translate = false }: { language?: string; translate?: boolean } = {},
) => {
  const measured: string[] = []
  const models = Object.entries(SPEECH_MODELS).filter(([name]) => name in speeds)
  const chosen = chooseModel({
    models: models.map(([, model]) => model),
    request: { language, translate },
    findSpeed(model) {
      measured.push(model.title)
      return Promise.resolve(speeds[model.title as SpeechModelName] ?? null)
    },
  })
  return chosen.then((model) => ({ name: model?.title, measured }))
}

it('chooses the most accurate model that keeps up, and measures no others', async () => {
  const speeds = { base: 0.1, small: 0.3, medium: 1.1 }
  expect(await choose(speeds, { language: 'de' })).toEqual({ name: 'small', measured: ['medium', 'small'] })
})

it('chooses by language first', async () => {
  const speeds = { base: 0.1, 'sense-voice': 0.05, 'parakeet-tdt-0.6b-v3': 0.2, 'moonshine-tiny': 0.02 }
  for (const [language, name] of [
    ['ja', 'sense-voice'],
    ['zh-TW', 'sense-voice'],
    ['de', 'parakeet-tdt-0.6b-v3'],
    ['en', 'parakeet-tdt-0.6b-v3'],
    ['ar', 'base'],
  ] as const)
    expect((await choose(speeds, { language })).name).toBe(name)
})

it('chooses a model for all languages while the language is unknown, and one that translates for a translation', async () => {
  const speeds = { base: 0.1, 'large-v3-turbo': 0.5, 'parakeet-tdt-0.6b-v3': 0.2 }
  expect((await choose(speeds)).name).toBe('large-v3-turbo')
  expect((await choose(speeds, { language: 'de', translate: true })).name).toBe('base')
})

it('chooses the smallest model if none keeps up or can be measured', async () => {
  expect((await choose({ base: 2, 'moonshine-tiny': 0.9, small: 5 }, { language: 'en' })).name).toBe(
    'moonshine-tiny',
  )
  expect((await choose({ base: null, small: null })).name).toBe('base')
})

it('measures nothing if there is no choice', async () => {
  expect(await choose({ base: 3, 'sense-voice': 0.1 }, { language: 'de' })).toEqual({
    name: 'base',
    measured: [],
  })
  expect(await choose({ 'moonshine-tiny': 0.1 }, { language: 'de' })).toEqual({
    name: undefined,
    measured: [],
  })
})
