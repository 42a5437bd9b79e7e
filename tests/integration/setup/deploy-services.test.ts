import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, it, onTestFinished, type TestContext } from 'vitest'
import { isKnownVariable } from '@/tests/support/known-variables'

// No unit is started: units and proxy examples are checked by the programs that would read them, where those are installed.
const read = (name: string) => readFileSync(`deploy/${name}`, 'utf8')

function temporaryFolder() {
  const folder = mkdtempSync(path.join(tmpdir(), 'meanwhile-deploy-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return folder
}

function runProgram(program: string, args: string[]) {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' })
  return { status, output: stdout + stderr }
}

function requireProgram(program: string, context: TestContext) {
  if (spawnSync('sh', ['-c', `command -v ${program}`]).status !== 0)
    context.skip(`${program} is not installed`)
}

describe.each(['meanwhile-web.service', 'meanwhile-worker.service'])('%s', (name) => {
  const unit = read(`systemd/${name}`)

  it('starts files that exist with variables that the app knows', () => {
    const commands = [...unit.matchAll(/^Exec\w+=.* (\S+\.[jt]s)$/gm)].map((match) => match[1]!)
    expect(commands).toHaveLength(2)
    for (const file of commands) expect(existsSync(file), file).toBe(true)
    const lines = [...unit.matchAll(/^Environment=(.+)$/gm)].flatMap((match) => match[1]!.split(' '))
    const example = [...read('systemd/meanwhile.env.example').matchAll(/^(?:# )?([A-Z_]+)=/gm)]
    const names = [...lines.map((pair) => pair.split('=')[0]!), ...example.map((match) => match[1]!)]
    expect(names.filter((variable) => !isKnownVariable(variable))).toEqual([])
  })

  it('runs without privileges', () => {
    for (const line of ['User=meanwhile', 'NoNewPrivileges=yes', 'ProtectSystem=strict', 'UMask=0077'])
      expect(unit.split('\n')).toContain(line)
    expect(unit).toMatch(/^CapabilityBoundingSet=$/m)
  })

  it('is accepted by systemd-analyze', (context) => {
    requireProgram('systemd-analyze', context)
    const file = path.join(temporaryFolder(), name)
    writeFileSync(file, unit.replaceAll('/opt/meanwhile/node_modules/.bin/node', '/bin/true'))
    const { status, output } = runProgram('systemd-analyze', ['verify', '--man=no', file])
    expect(status, output).toBe(0)
    // Units of the host itself may have warnings.
    expect(output.split('\n').filter((line) => line.includes('meanwhile'))).toEqual([])
  })
})

it('the worker unit allows what bubblewrap, QEMU and slirp4netns need', () => {
  const unit = read('systemd/meanwhile-worker.service')
  expect(unit).not.toMatch(
    /^(RestrictNamespaces|ProtectControlGroups|ProtectProc|ProcSubset|ProtectKernelTunables|ProtectKernelLogs|PrivateDevices)=/m,
  )
  expect(unit).toMatch(/^SystemCallFilter=@system-service @mount seccomp$/m)
  for (const device of ['/dev/kvm', '/dev/net/tun']) expect(unit).toContain(`DeviceAllow=${device} rw`)
  // It creates cgroups for its programs.
  expect(unit).toMatch(/^Delegate=cpu pids$/m)
  // Machines outlive the worker.
  expect(unit).toMatch(/^KillMode=process$/m)
})

describe('the proxy examples', () => {
  it('nginx appends the client address, forwards upgrades and buffers nothing', () => {
    for (const directive of [
      'proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;',
      'proxy_set_header Host $http_host;',
      'proxy_set_header Upgrade $http_upgrade;',
      'proxy_request_buffering off;',
      'proxy_buffering off;',
      'client_max_body_size 0;',
      'proxy_http_version 1.1;',
    ])
      expect(read('nginx.conf')).toContain(directive)
  })

  it('nginx accepts its example', (context) => {
    requireProgram('nginx', context)
    requireProgram('openssl', context)
    const folder = temporaryFolder()
    const [key, certificate] = ['key.pem', 'cert.pem'].map((name) => path.join(folder, name)) as [
      string,
      string,
    ]
    const request = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
    runProgram('openssl', [...request, '-subj', '/CN=localhost', '-keyout', key, '-out', certificate])
    const site = read('nginx.conf')
      .replace(/ssl_certificate .*;/, `ssl_certificate ${certificate};`)
      .replace(/ssl_certificate_key .*;/, `ssl_certificate_key ${key};`)
      .replaceAll(/listen .*\b(80|443)\b/g, (line) => line.replace(/\b(80|443)\b/, '8$1'))
    const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
      (name) => `${name}_temp_path ${folder}/${name};`,
    )
    const main = `pid ${folder}/pid; events {} http { access_log off; ${temporary.join(' ')} ${site} }`
    writeFileSync(path.join(folder, 'nginx.conf'), main)
    const { status, output } = runProgram('nginx', [
      '-t',
      '-e',
      'stderr',
      '-p',
      folder,
      '-c',
      `${folder}/nginx.conf`,
    ])
    expect(status, output).toBe(0)
  })

  it('Caddy accepts its example', (context) => {
    requireProgram('caddy', context)
    const { status, output } = runProgram('caddy', [
      'validate',
      '--adapter',
      'caddyfile',
      '--config',
      'deploy/Caddyfile',
    ])
    expect(status, output).toBe(0)
  })
})
