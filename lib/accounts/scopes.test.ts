import { expect, it } from 'vitest'
import { defaultScope, formatPermissions, hasScope, parsePermissions } from './scopes'

it('a key without stored scopes has full access, and one with unknown scopes has none', () => {
  expect(parsePermissions(null)).toEqual(['all'])
  expect(parsePermissions('{"api":["read","fly"]}')).toEqual(['read'])
  expect(parsePermissions('{"other":["all"]}')).toEqual([])
})

it('scopes survive storage, and full access swallows the others', () => {
  expect(parsePermissions(formatPermissions(['upload', 'machines']))).toEqual(['upload', 'machines'])
  expect(formatPermissions(['read', 'all'])).toBeNull()
})

it('no scope implies another but full access', () => {
  expect(hasScope({ scopes: ['admin'] }, 'read')).toBe(false)
  expect(hasScope({ scopes: ['all'] }, 'admin')).toBe(true)
  expect(['GET', 'HEAD', 'POST', 'DELETE'].map(defaultScope)).toEqual(['read', 'read', 'all', 'all'])
})
