import { afterEach, expect, it } from 'vitest'
import { setPendingSearch, withPendingSearch } from './pending-search'

const here = 'http://localhost/activity'

afterEach(() => setPendingSearch(null))

it('adds what was typed to the links that filter the same page', () => {
  expect(withPendingSearch('/activity?state=done', here)).toBe('/activity?state=done')
  setPendingSearch('harbour & sea')
  expect(withPendingSearch('/activity?state=done', here)).toBe('/activity?state=done&search=harbour+%26+sea')
  expect(withPendingSearch('/activity?search=old', here)).toBe('/activity?search=harbour+%26+sea')
  expect(withPendingSearch('/playlists/1', here)).toBe('/playlists/1')
  setPendingSearch('')
  expect(withPendingSearch('/activity?search=old&state=done', here)).toBe('/activity?state=done')
})
