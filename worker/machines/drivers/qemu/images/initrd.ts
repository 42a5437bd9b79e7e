import { createWriteStream } from 'node:fs'
import { chmod, copyFile, mkdir, readdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import { TINY_MODULES } from './tiny-files'
import { spawnGroup } from '@/worker/process/process-group'
import { confinedEnv } from '@/worker/process/program-env'
import { imageBroken } from '../../machine-errors'
import { GUEST_DIR } from '../guest/guest-dir'
import * as messages from '@/lib/generated/messages/machine-image-problems'

const PACK_TIMEOUT_MS = 60_000

interface InitrdOptions {
  /** Folder with the unpacked packages of busybox and the kernel. */
  unpacked: string
  workDir: string
  to: string
  signal: AbortSignal
}

/**
 * Packs the initrd of the tiny image: busybox, kernel modules and an init script.
 * @throws {PermanentError} machine.image_broken
 */
export async function packInitrd({ unpacked, workDir, to, signal }: InitrdOptions) {
  for (const dir of ['bin', 'lib', 'dev', 'proc', 'root'])
    await mkdir(path.join(workDir, dir), { recursive: true })
  const busybox = path.join(workDir, 'bin/busybox')
  await copyFile(path.join(unpacked, 'bin/busybox'), busybox)
  await copyFile(path.join(GUEST_DIR, 'tiny-init.sh'), path.join(workDir, 'init'))
  for (const program of [busybox, path.join(workDir, 'init')]) await chmod(program, 0o755)
  const [release] = await readdir(path.join(unpacked, 'lib/modules'))
  if (!release) throw imageBroken('tiny', messages.noModules())
  for (const module of TINY_MODULES)
    await copyFile(
      path.join(unpacked, 'lib/modules', release, 'kernel', module),
      path.join(workDir, 'lib', path.basename(module)),
    )
  await writeFile(
    path.join(workDir, 'lib/order'),
    TINY_MODULES.map((module) => `${path.basename(module)}\n`).join(''),
  )
  const names = ['.', ...(await readdir(workDir, { recursive: true }))]
  await writeArchive({ busybox, names, workDir, to, signal })
}

interface ArchiveOptions {
  busybox: string
  names: string[]
  workDir: string
  to: string
  signal: AbortSignal
}

async function writeArchive({ busybox, names, workDir, to, signal }: ArchiveOptions) {
  const { child, exited } = spawnGroup({
    file: busybox,
    args: ['cpio', '-o', '-H', 'newc', '-R', '0:0'],
    cwd: workDir,
    env: confinedEnv(),
    stdio: ['pipe', 'pipe', 'ignore'],
    signal,
    wallClockMs: PACK_TIMEOUT_MS,
  })
  child.stdin!.on('error', () => undefined).end(`${names.join('\n')}\n`)
  const written = pipeline(child.stdout!, createWriteStream(to))
  const [exit, write] = await Promise.allSettled([exited, written])
  if (exit.status === 'rejected') throw exit.reason
  // A full disk also ends the program, whose exit code does not say why.
  if (write.status === 'rejected') throw write.reason
  if (exit.value.code !== 0) throw imageBroken('tiny', messages.initrdNotPacked())
}
