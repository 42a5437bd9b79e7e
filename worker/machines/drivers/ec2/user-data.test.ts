import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { gunzipSync } from 'node:zlib'
import { expect, it, onTestFinished, vi } from 'vitest'
import type { MachineSpec } from '@/worker/machines/hypervisor'
import { parseScriptOutput } from './boot-script'
import { toUserData } from './user-data'

const SPEC: MachineSpec = {
  id: '1',
  hostname: 'box',
  image: 'tiny',
  size: { cpus: 1, memoryMiB: 128, diskMiB: 512 },
  sshKeys: ['ssh-ed25519 AAAA ada'],
  network: 'none',
}
const CLOUD_CONFIG = '#cloud-config\npackages: [git]\n'
const BOOT_SCRIPT = { script: 'echo applied\nexit 3', endToken: 'ab'.repeat(16) }

const unpack = (userData: string) => gunzipSync(Buffer.from(userData, 'base64')).toString()

/** The parts of user data for cloud-init. */
function parseParts(text: string) {
  const [, boundary] = /^Content-Type: multipart\/mixed; boundary="(\w+)"\nMIME-Version: 1.0\n\n/.exec(text)!
  return text
    .split(`--${boundary}`)
    .slice(1, -1)
    .map((part) => {
      const [, head = '', content = ''] = /^\n(.*?)\n\n(.*)$/s.exec(part)!
      const isEncoded = head.includes('base64')
      return {
        type: /^Content-Type: ([\w/-]+);/.exec(head)![1],
        content: isEncoded ? Buffer.from(content, 'base64').toString() : content,
      }
    })
}

it('gives cloud-init the host name and the keys, the same each time', () => {
  const packed = toUserData(SPEC)
  expect(toUserData({ ...SPEC })).toBe(packed)
  const [header, json = ''] = unpack(packed).split('\n')
  expect(header).toBe('#cloud-config')
  expect(JSON.parse(json)).toMatchObject({ hostname: 'box', ssh_authorized_keys: SPEC.sshKeys })
})

it('runs a script by the configuration alone', () => {
  const [header, json = ''] = unpack(toUserData({ ...SPEC, bootScript: BOOT_SCRIPT })).split('\n')
  expect(header).toBe('#cloud-config')
  expect(JSON.parse(json)).toMatchObject({ hostname: 'box', runcmd: [expect.anything()] })
})

it('passes the configuration of the user on as a part after ours, with all its characters', () => {
  const cloudConfig = '#cloud-config\nfinal_message: grüße 😀\n--boundary\n'
  const spec = { ...SPEC, cloudConfig, bootScript: BOOT_SCRIPT }
  const parts = parseParts(unpack(toUserData(spec)))
  expect(toUserData({ ...spec })).toBe(toUserData(spec))
  expect(parts.map(({ type }) => type)).toEqual([
    'text/cloud-config',
    'text/cloud-config',
    'text/x-shellscript',
  ])
  expect(parts[0]!.content).toContain('"hostname":"box"')
  expect(parts[1]!.content).toBe(cloudConfig)
})

it('runs the script beside that configuration, without waiting for it, and marks its end on the console', async () => {
  const dir = mkdtempSync(path.join(tmpdir(), 'meanwhile-user-data-'))
  onTestFinished(() => rmSync(dir, { recursive: true }))
  const bootScript = {
    ...BOOT_SCRIPT,
    script: `while [ ! -e ${dir}/go ]; do sleep 0.05; done\n${BOOT_SCRIPT.script}`,
  }
  const parts = parseParts(unpack(toUserData({ ...SPEC, cloudConfig: CLOUD_CONFIG, bootScript })))
  const console = path.join(dir, 'console')
  const script = parts[2]!.content
    .replaceAll('/var/lib/meanwhile', dir)
    .replaceAll('/dev/console', console)
    .replaceAll('cd /root', 'cd /')
  execFileSync('/bin/sh', ['-c', script])
  writeFileSync(path.join(dir, 'go'), '')
  const readConsole = () => (existsSync(console) ? readFileSync(console, 'utf8') : '')
  await vi.waitFor(() =>
    expect(parseScriptOutput(readConsole(), BOOT_SCRIPT.endToken)).toEqual({
      output: 'applied\n',
      exitCode: 3,
    }),
  )
})

it.each(['sshKeys', 'cloudConfig', 'bootScript'])(
  'refuses more user data than EC2 takes by its %s',
  (field) => {
    const long = randomBytes(20_000).toString('base64')
    const values = {
      sshKeys: [`ssh-rsa ${long}`],
      cloudConfig: `${CLOUD_CONFIG}# ${long}`,
      bootScript: { ...BOOT_SCRIPT, script: `: ${long}` },
    }
    expect(() => toUserData({ ...SPEC, [field]: values[field as keyof typeof values] })).toThrow(
      'EC2 takes 16384',
    )
  },
)
