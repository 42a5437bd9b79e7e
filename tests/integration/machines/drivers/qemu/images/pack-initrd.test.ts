import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { neverAborted } from '@/tests/support/never-aborted'
import { packInitrd } from '@/worker/machines/drivers/qemu/images/initrd'
import { TINY_MODULES } from '@/worker/machines/drivers/qemu/images/tiny-files'

it('reports a full disk instead of a broken image', async () => {
  const dir = await mkdtemp(path.join(tmpdir(), 'meanwhile-initrd-'))
  onTestFinished(() => rm(dir, { recursive: true }))
  const store = async (file: string, content: string) => {
    const at = path.join(dir, 'unpacked', file)
    await mkdir(path.dirname(at), { recursive: true })
    await writeFile(at, content)
  }
  // Writes more than fits into a pipe.
  await store('bin/busybox', '#!/bin/sh\nexec head -c 1000000 /dev/zero\n')
  for (const module of TINY_MODULES) await store(`lib/modules/6.1/kernel/${module}`, '')
  const packing = packInitrd({
    unpacked: path.join(dir, 'unpacked'),
    workDir: path.join(dir, 'work'),
    to: '/dev/full',
    signal: neverAborted,
  })
  await expect(packing).rejects.toMatchObject({ code: 'ENOSPC' })
})
