import { expect, it } from 'vitest'
import { parseRemoteImages } from './remote-images'

const SHA256 = 'ab'.repeat(32)

it('parses images of servers by the names that users choose from', () => {
  const list = `debian=images:debian/12/cloud,alpine=https://images.example.org/streams/#alpine/3.20,
    own=incus+https://10.0.0.2:8443?type=container&certificate=${SHA256}#base,vm=images:debian/12?type=vm`
  expect(parseRemoteImages(list)).toEqual({
    debian: {
      server: 'https://images.linuxcontainers.org',
      protocol: 'simplestreams',
      alias: 'debian/12/cloud',
    },
    alpine: { server: 'https://images.example.org/streams', protocol: 'simplestreams', alias: 'alpine/3.20' },
    own: {
      server: 'https://10.0.0.2:8443',
      protocol: 'cluster',
      alias: 'base',
      kind: 'container',
      certificate: SHA256,
    },
    vm: {
      server: 'https://images.linuxcontainers.org',
      protocol: 'simplestreams',
      alias: 'debian/12',
      kind: 'vm',
    },
  })
})

it.each([
  ['debian', 'NAME=SOURCE'],
  ['debian=debian/12', 'no URL'],
  ['debian=http://images.example.org#debian', 'begins with none of'],
  ['debian=https://images.example.org', 'without an alias'],
  ['debian=images:debian/12?type=qemu', 'other than vm and container'],
  ['debian=images:debian/12?certificate=ab', 'no SHA-256'],
  ['debian=images:debian/12?password=x', 'something else'],
  ['debian=https://user@images.example.org#debian', 'something else'],
])('refuses %s', (list, problem) => {
  expect(() => parseRemoteImages(list)).toThrow(problem)
})
