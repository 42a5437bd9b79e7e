import { gunzipSync } from 'node:zlib'
import { randomBytes } from 'node:crypto'
import { expect, it } from 'vitest'
import { toClientToken } from './launch-request'
import { toUserData } from './user-data'

const SPEC = {
  id: '1',
  hostname: 'box',
  image: 'tiny',
  size: { cpus: 1, memoryMiB: 128, diskMiB: 512 },
  sshKeys: ['ssh-ed25519 AAAA ada'],
  network: 'none',
} as const

it('makes a token for each launch of a machine that EC2 admits', () => {
  const [first, again, next] = ['0', '0', '1'].map((launch) =>
    toClientToken('installation', 'machine', launch),
  )
  expect(first).toMatch(/^[\x21-\x7e]{1,64}$/)
  expect(again).toBe(first)
  expect(next).not.toBe(first)
})

it('gives cloud-init the host name and the keys, the same each time', () => {
  const packed = toUserData({ ...SPEC, sshKeys: [...SPEC.sshKeys] })
  expect(toUserData({ ...SPEC, sshKeys: [...SPEC.sshKeys] })).toBe(packed)
  const [header, json = ''] = gunzipSync(Buffer.from(packed, 'base64')).toString().split('\n')
  expect(header).toBe('#cloud-config')
  expect(JSON.parse(json)).toMatchObject({ hostname: 'box', ssh_authorized_keys: SPEC.sshKeys })
})

it('refuses more user data than EC2 takes', () => {
  const sshKeys = Array.from({ length: 20 }, () => `ssh-rsa ${randomBytes(2_000).toString('base64')}`)
  expect(() => toUserData({ ...SPEC, sshKeys })).toThrow('EC2 takes 16384')
})
