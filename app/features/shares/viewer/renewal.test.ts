import { expect, it } from 'vitest'
import type { OpenedLink } from './open-link'
import { isRenewalDue, renewalSeconds } from './renewal'

const common = { grant: '', hasPassword: false, visibility: 'unlisted' as const }
const playlist: OpenedLink = { ...common, playlistName: 'a', videos: [] }
const console: OpenedLink = { ...common, machineName: 'a', isTypingAllowed: false, expiresAt: '' }

it('renews the grant of a visible page each time, and that of a hidden one about once an hour', () => {
  expect(isRenewalDue(playlist, { seconds: renewalSeconds(playlist), isHidden: false })).toBe(true)
  expect(isRenewalDue(playlist, { seconds: renewalSeconds(playlist), isHidden: true })).toBe(false)
  expect(isRenewalDue(playlist, { seconds: 3_600, isHidden: true })).toBe(true)
})

it('leaves the grant of a hidden console alone', () => {
  expect(isRenewalDue(console, { seconds: renewalSeconds(console), isHidden: true })).toBe(false)
})
