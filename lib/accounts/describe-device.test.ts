import { expect, it } from 'vitest'
import { describeDevice } from './describe-device'

it('names browser and system', () => {
  const chrome = 'AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36'
  expect(describeDevice(`Mozilla/5.0 (X11; Linux x86_64) ${chrome}`)).toBe('Chrome on Linux')
  expect(describeDevice(`Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${chrome} Edg/140.0`)).toBe(
    'Edge on Windows',
  )
  expect(
    describeDevice('Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:140.0) Gecko/20100101 Firefox/140.0'),
  ).toBe('Firefox on macOS')
  expect(
    describeDevice(
      'Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Mobile/15E148 Safari/604.1',
    ),
  ).toBe('Safari on iPhone')
})

it('repeats nothing that a client invents', () => {
  expect(describeDevice('visit evil.example')).toBe('Unknown device')
  expect(describeDevice(null)).toBe('Unknown device')
  expect(describeDevice('curl/8.5')).toBe('curl')
})
