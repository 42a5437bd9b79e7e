import { expect, it } from 'vitest'
import { runWithLocale } from '../i18n/run-with-locale'
import { translateHostText } from './host-texts'

it.each([
  ['The server was shut down.', 'Der Server wurde heruntergefahren.'],
  ['Kernel panic: no init found.', 'Der Kernel ist abgestürzt: no init found.'],
  ['Port 5432 of the host belongs to the app.', 'Port 5432 des Hosts gehört der App.'],
  ['EC2: Client.UserInitiatedShutdown.', 'EC2: Client.UserInitiatedShutdown.'],
])('translates %j as %j', (text, german) =>
  expect(runWithLocale('de', () => translateHostText(text))).toBe(german),
)
