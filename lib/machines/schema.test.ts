import { expect, it } from 'vitest'
import { createMachineSchema } from './schema'
import { createSnapshotSchema } from './snapshots'

it('rejects or replaces characters that cannot be stored', () => {
  const parse = (part: object) => createMachineSchema.safeParse(part)
  for (const userData of ['echo \0', 'echo \ud83d']) expect(parse({ userData }).success).toBe(false)
  expect(parse({ userData: '#!/bin/sh\r\n\techo \u001b[31m😀\n' }).success).toBe(true)
  for (const comment of ['a\0', 'a\u001b[2J', 'a\ud83d', 'a\nssh-rsa AAAA'])
    expect(parse({ sshKeys: [`ssh-rsa AAAA ${comment}`] }).success).toBe(false)
  expect(parse({ sshKeys: ['ssh-rsa AAAA Ada’s (😀) laptop'] }).success).toBe(true)
  expect(parse({ image: 'ti\0ny' }).data?.image).toBe('ti ny')
  expect(createSnapshotSchema.parse({ name: ' before\0it ' }).name).toBe('before it')
})
