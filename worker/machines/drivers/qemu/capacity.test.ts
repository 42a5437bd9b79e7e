import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { expect, it } from 'vitest'
import { runProgram } from '@/worker/process/run-program'
import { mapDiskFullToCapacity } from './capacity'

const size = { cpus: 1, memoryMiB: 128, diskMiB: 640 }

it.each([
  ['this process', () => writeFile('/dev/full', 'x')],
  ['a program', () => runProgram({ file: 'dd', args: ['if=/dev/zero', 'of=/dev/full'], timeoutMs: 5_000 })],
])('reports a full disk that %s runs into as missing capacity', async (_, write) => {
  await expect(mapDiskFullToCapacity<unknown>(write(), { size, dir: tmpdir() })).rejects.toMatchObject({
    code: 'machine.no_room',
    message: expect.stringMatching(/Not enough disk space on this server: 640 MiB needed, \d+ MiB free/),
  })
})

it('passes on other errors unchanged', async () => {
  const error = new Error('the machine was removed')
  await expect(mapDiskFullToCapacity(Promise.reject(error), { size, dir: tmpdir() })).rejects.toBe(error)
})
