import { expect, it } from 'vitest'
import { readConfig } from './config'

it('reads a setting by its earlier name, unless the current one is set', () => {
  expect(readConfig({}).SPEECH_MODEL).toBe('auto')
  expect(readConfig({ WHISPER_MODEL: 'small' }).SPEECH_MODEL).toBe('small')
  expect(readConfig({ WHISPER_MODEL: 'small', SPEECH_MODEL: 'sense-voice' }).SPEECH_MODEL).toBe('sense-voice')
})
