import { expect, it } from 'vitest'
import { findOperation, listOperations } from './operations'

it('has one page for each operation, in a group', () => {
  const operations = listOperations()
  expect(operations.length).toBeGreaterThan(100)
  expect(new Set(operations.map(({ slug }) => slug)).size).toBe(operations.length)
  expect(operations.find(({ path }) => path === '/api/v1/machines/{id}/shares')?.group).toBe('Sharing')
  expect(operations.find(({ path }) => path === '/api/v1/playlists/{id}/videos')?.group).toBe('Playlists')
  for (const { slug, path } of operations) expect(findOperation(slug)?.path).toBe(path)
  expect(findOperation('get-nothing')).toBeNull()
})

it('lists parameters, fields of the body in objects and arrays, and an example to begin with', () => {
  const operation = findOperation('post-machines')!
  expect(operation.scope).toBe('machines')
  const fields = new Map(operation.body!.fields.map((field) => [field.name, field]))
  expect(fields.get('size')?.type).toBe('"tiny" or "small" or "medium" or "large" or object, default "tiny"')
  expect(fields.get('ttlMinutes')).toMatchObject({ isRequired: false, description: expect.any(String) })
  expect(operation.body!.example).toMatchObject({ image: 'tiny', size: 'tiny', sshKeys: [] })
  const response = operation.response.fields.map(({ name }) => name)
  expect(response).toEqual(expect.arrayContaining(['machine.ports[].guestPort', 'task.id']))
})

it('distinguishes files from JSON', () => {
  expect(findOperation('post-videos')).toMatchObject({ takesFile: true, body: null })
  expect(findOperation('get-sources')?.response.type).toBe('application/zip')
})

it('offers the values of a parameter that has few', () => {
  const choices = Object.fromEntries(
    findOperation('get-videos')!.parameters.map(({ name, choices: values }) => [name, values]),
  )
  expect(choices).toMatchObject({ search: [], limit: [] })
  expect(choices.sort).toContain('newest')
})
