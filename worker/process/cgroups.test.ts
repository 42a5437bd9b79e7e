import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs'
import { execFileSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it, onTestFinished, type TestContext } from 'vitest'
import { cgroupProcsFile, createCgroups, findDelegatedCgroup, removeCgroups } from './cgroups'
import { nicenessArgs } from './niceness'

let dir: string
beforeEach(() => (dir = mkdtempSync(path.join(tmpdir(), 'cgroups-'))))
afterEach(() => {
  removeCgroups()
  rmSync(dir, { recursive: true, force: true })
})

const read = (file: string) => readFileSync(path.join(dir, file), 'utf8')

/** Creates the files of a cgroup and those of a process in it, whose mount shows the hierarchy from `mountRoot` on. */
function fakeCgroup({ controllers = 'cpuset cpu io memory pids', own = '/unit', mountRoot = '/' } = {}) {
  const cgroup = path.join(dir, 'unit')
  mkdirSync(cgroup)
  for (const file of ['cgroup.procs', 'cgroup.subtree_control', 'cgroup.type'])
    writeFileSync(path.join(cgroup, file), '')
  writeFileSync(path.join(cgroup, 'cgroup.controllers'), `${controllers}\n`)
  writeFileSync(path.join(dir, 'cgroup'), `4:memory:/other\n0::${own}\n`)
  writeFileSync(
    path.join(dir, 'mountinfo'),
    `31 23 0:28 / /sys/fs/cgroup rw - tmpfs tmpfs rw\n41 31 0:38 ${mountRoot} ${dir} rw,nosuid shared:9 - cgroup2 cgroup2 rw\n`,
  )
  return cgroup
}

describe('the cgroups of background programs and machines', () => {
  it('are created with weights and limits below a delegated cgroup', () => {
    const cgroup = fakeCgroup()
    expect(findDelegatedCgroup(dir)).toBe(cgroup)
    createCgroups(cgroup)
    expect(read('unit/cgroup.subtree_control')).toBe('+cpu +pids')
    for (const [name, weight, processes] of [
      ['background', '20', '2048'],
      ['machines', '50', '4096'],
    ]) {
      expect(read(`unit/meanwhile-${name}/cgroup.type`)).toBe('threaded')
      expect(read(`unit/meanwhile-${name}/cpu.weight`)).toBe(weight)
      expect(read(`unit/meanwhile-${name}/pids.max`)).toBe(processes)
    }
  })

  it('use only the controllers that are delegated', () => {
    createCgroups(fakeCgroup({ controllers: 'memory pids' }))
    expect(read('unit/cgroup.subtree_control')).toBe('+pids')
    expect(readdirSync(path.join(dir, 'unit/meanwhile-machines')).toSorted()).toEqual([
      'cgroup.type',
      'pids.max',
    ])
  })

  it('are found below the root of a mount that shows a part of the hierarchy', () => {
    expect(findDelegatedCgroup(dir)).toBeUndefined()
    const cgroup = fakeCgroup({ own: '/machine.slice/unit', mountRoot: '/machine.slice' })
    expect(findDelegatedCgroup(dir)).toBe(cgroup)
  })

  it('are not created without cpu and pids, or at the root of the hierarchy', () => {
    const cgroup = fakeCgroup({ controllers: 'memory io' })
    expect(findDelegatedCgroup(dir)).toBeUndefined()
    writeFileSync(path.join(cgroup, 'cgroup.controllers'), 'cpu pids')
    expect(findDelegatedCgroup(dir)).toBe(cgroup)
    rmSync(path.join(cgroup, 'cgroup.type'))
    expect(findDelegatedCgroup(dir)).toBeUndefined()
    createCgroups(findDelegatedCgroup(dir))
    expect(cgroupProcsFile('machines')).toBe('/dev/null')
  })

  it('leave programs to their niceness if the kernel refuses', () => {
    const cgroup = fakeCgroup()
    writeFileSync(path.join(cgroup, 'meanwhile-machines'), '')
    createCgroups(cgroup)
    expect(cgroupProcsFile('machines')).toBe('/dev/null')
  })

  it('receive a program before it runs', () => {
    createCgroups(fakeCgroup())
    const [file, ...args] = [...nicenessArgs(3, 'machines'), 'sh', '-c', 'echo $$']
    const pid = execFileSync(file!, args, { encoding: 'utf8' })
    expect(read('unit/meanwhile-machines/cgroup.procs')).toBe(pid)
  })
})

describe('in the cgroups of this computer', () => {
  it('a program starts in the group of its kind', (context) => {
    const own = useRealCgroup(context)
    expect(run(own, [...nicenessArgs(3, 'machines'), 'cat', '/proc/self/cgroup'])).toMatch(
      /^0::.*\/meanwhile-machines$/m,
    )
    removeCgroups()
    expect(readdirSync(own).filter((name) => name.startsWith('meanwhile-'))).toEqual([])
  })

  it('groups have their weight and limit', (context) => {
    const own = useRealCgroup(context)
    const controllers = readFileSync(path.join(own, 'cgroup.controllers'), 'utf8')
    if (!/\bcpu\b.*\bpids\b/.test(controllers))
      return context.skip('cpu and pids are not delegated to these tests')
    const group = path.join(own, 'meanwhile-background')
    expect(
      ['cpu.weight', 'pids.max'].map((file) => readFileSync(path.join(group, file), 'utf8').trim()),
    ).toEqual(['20', '2048'])
  })
})

/** Creates a cgroup in the real hierarchy, with the groups, until the test ends. */
function useRealCgroup(context: TestContext) {
  const mount = /^\S+ \S+ \S+ \/ (\S+) .* - cgroup2 /m.exec(readFileSync('/proc/self/mountinfo', 'utf8'))?.[1]
  const home = /^0::(.*)$/m.exec(readFileSync('/proc/self/cgroup', 'utf8'))?.[1]
  const own = path.join(mount ?? '', home ?? '', `meanwhile-test-${process.pid}`)
  try {
    if (!mount) throw new Error('no cgroup v2')
    mkdirSync(own)
  } catch {
    return context.skip('these tests cannot create a cgroup')
  }
  onTestFinished(() => {
    removeCgroups()
    rmdirSync(own)
  })
  createCgroups(own)
  return own
}

/** Runs a command that starts in the cgroup `own`, like the app. */
const run = (own: string, command: string[]) =>
  execFileSync('sh', ['-c', 'echo $$ >"$0/cgroup.procs"; exec "$@"', own, ...command], { encoding: 'utf8' })
