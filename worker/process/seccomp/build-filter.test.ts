import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { buildFilter, type FilterArchitecture } from './build-filter'
import { filterFile, FILTERS } from './filter-file'

const ALLOW = 0x7fff_0000
const KILL = 0x8000_0000
const errno = (number: number) => 0x0005_0000 + number

interface Call {
  number: number
  args?: number[]
  architecture?: number
}

/** Interprets a filter as the kernel does (struct seccomp_data: number, architecture, address, six arguments). */
function runFilter(program: Buffer, { number, args = [], architecture = 0xc000_003e }: Call) {
  const data = Buffer.alloc(64)
  data.writeUInt32LE(number, 0)
  data.writeUInt32LE(architecture, 4)
  for (const [index, arg] of args.entries()) data.writeBigUInt64LE(BigInt(arg), 16 + index * 8)
  let accumulator = 0
  for (let offset = 0; offset < program.length; offset += 8) {
    const [code, value] = [program.readUInt16LE(offset), program.readUInt32LE(offset + 4)]
    const jump = (holds: boolean) => (offset += 8 * program.readUInt8(offset + (holds ? 2 : 3)))
    if (code === 0x06) return value
    if (code === 0x20) accumulator = data.readUInt32LE(value)
    else if (code === 0x15) jump(accumulator === value)
    else if (code === 0x35) jump(accumulator >= value)
    else if (code === 0x45) jump((accumulator & value) !== 0)
    else throw new Error(`unknown instruction ${code}`)
  }
  throw new Error('the filter ends without a result')
}

const isolated = buildFilter('x64', { hasNetwork: false })
const connected = buildFilter('x64', { hasNetwork: true })
const run = (number: number, ...args: number[]) => runFilter(isolated, { number, args })

it.each(FILTERS)('the compiled filter is up to date (npm run seccomp): %j', (filter) => {
  const compiled = readFileSync(filterFile(filter))
  expect(compiled.equals(buildFilter(filter.architecture, filter))).toBe(true)
})

describe('the seccomp filter', () => {
  it('allows what programs need', () => {
    // read, mmap, futex, execve, sched_setaffinity, openat, getrandom, rseq.
    for (const number of [0, 9, 202, 59, 203, 257, 318, 334]) expect(run(number), `${number}`).toBe(ALLOW)
  })

  it('refuses mounts, tracing, namespaces, modules, bpf, io_uring and keys', () => {
    for (const number of [165, 101, 272, 175, 321, 425, 250]) expect(run(number), `${number}`).toBe(errno(1))
  })

  it('allows threads and processes but no namespaces', () => {
    expect(run(56, 0x3d0f00)).toBe(ALLOW)
    expect(run(56, 0x11)).toBe(ALLOW)
    for (const flag of [0x0002_0000, 0x0200_0000, 0x1000_0000, 0x4000_0000])
      expect(run(56, flag | 0x11)).toBe(errno(1))
    expect(run(435)).toBe(errno(38))
  })

  it('decides by the low 32 bits of an ioctl request, as the kernel does', () => {
    expect(run(16, 0, 0x5401)).toBe(ALLOW)
    for (const request of [0x5412, 0x541c, 2 ** 32 + 0x5412]) expect(run(16, 0, request)).toBe(errno(1))
  })

  it('allows no other personality', () => {
    expect([0, 0xffff_ffff, 0x0040_0000].map((persona) => run(135, persona))).toEqual([
      ALLOW,
      ALLOW,
      errno(1),
    ])
  })

  it('allows local sockets, and those of the internet where there is a network', () => {
    const families = (program: Buffer) =>
      [1, 2, 10, 16, 17, 40].filter((family) => runFilter(program, { number: 41, args: [family] }) === ALLOW)
    expect(families(isolated)).toEqual([1])
    expect(families(connected)).toEqual([1, 2, 10])
  })

  it('kills callers of another architecture and hides system calls it does not know', () => {
    expect(runFilter(isolated, { number: 0, architecture: 0x4000_0003 })).toBe(KILL)
    for (const number of [457, 467, 0x4000_0000]) expect(run(number)).toBe(errno(38))
  })

  it('has the numbers of arm64', () => {
    const program = buildFilter('arm64' satisfies FilterArchitecture, { hasNetwork: false })
    const results = [40, 117, 97, 63].map((number) =>
      runFilter(program, { number, architecture: 0xc000_00b7 }),
    )
    expect(results).toEqual([errno(1), errno(1), errno(1), ALLOW])
  })
})
