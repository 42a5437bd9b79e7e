import { chmod, copyFile, mkdir, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { runProgram } from '@/worker/process/run-program'
import { convertFromRaw } from './qemu-img'
import { buildReseedProgram } from './reseed-program'
import { TINY_FILES, TINY_FOLDERS } from './tiny-files'
import { GUEST_DIR } from '../guest/guest-dir'

const PROGRAM_TIMEOUT_MS = 120_000

interface RootOptions {
  /** Folder with the unpacked package of busybox. */
  unpacked: string
  /** Empty folder that becomes the root file system. */
  tree: string
  signal: AbortSignal
}

/** Writes the files of the tiny image: busybox with its applets, the guest scripts and resize2fs. */
export async function populateTinyRoot({ unpacked, tree, signal }: RootOptions) {
  for (const dir of TINY_FOLDERS) await mkdir(path.join(tree, dir), { recursive: true })
  await chmod(path.join(tree, 'tmp'), 0o1777)
  await chmod(path.join(tree, 'root'), 0o700)
  for (const [name, text] of Object.entries(TINY_FILES)) await writeFile(path.join(tree, name), text)
  const busybox = path.join(tree, 'bin/busybox')
  await copyFile(path.join(unpacked, 'bin/busybox'), busybox)
  await chmod(busybox, 0o755)
  const applets = await runProgram({
    file: busybox,
    args: ['--list-full'],
    timeoutMs: PROGRAM_TIMEOUT_MS,
    signal,
  })
  for (const applet of applets.split('\n').filter((name) => name && name !== 'bin/busybox'))
    await symlink('/bin/busybox', path.join(tree, applet)).catch(() => undefined)
  for (const [from, to] of [
    ['agent.sh', 'agent'],
    ['tiny-rc.sh', 'rc'],
    ['tiny-console.sh', 'console'],
  ] as const)
    await writeFile(path.join(tree, 'usr/lib/meanwhile', to), await readFile(path.join(GUEST_DIR, from)), {
      mode: 0o755,
    })
  await writeFile(path.join(tree, 'usr/lib/meanwhile/reseed'), buildReseedProgram(), { mode: 0o755 })
  await copyWithLibraries({ program: '/usr/sbin/resize2fs', tree, signal })
}

/** Copies a program of the host and its shared libraries to the same paths in the image. */
async function copyWithLibraries({
  program,
  tree,
  signal,
}: {
  program: string
  tree: string
  signal: AbortSignal
}) {
  const linked = await runProgram({ file: 'ldd', args: [program], timeoutMs: PROGRAM_TIMEOUT_MS, signal })
  const libraries = linked.match(/\/\S+\.so\S*/g) ?? []
  for (const file of [program, ...libraries]) {
    const to = path.join(tree, file)
    await mkdir(path.dirname(to), { recursive: true })
    await copyFile(file, to)
    await chmod(to, 0o755)
  }
}

interface DiskOptions {
  tree: string
  disk: string
  sizeMiB: number
  signal: AbortSignal
}

/** Builds a qcow2 disk with the files of `tree`, in a user namespace so that all of them belong to root. */
export async function createRootDisk({ tree, disk, sizeMiB, signal }: DiskOptions) {
  const raw = `${disk}.raw`
  await writeFile(raw, '')
  await truncate(raw, sizeMiB * 1024 ** 2)
  const mke2fsArgs = ['-q', '-t', 'ext4', '-m', '0', '-L', 'root', '-d', tree, raw]
  await runProgram({
    file: 'unshare',
    args: ['--user', '--map-root-user', 'mke2fs', ...mke2fsArgs],
    timeoutMs: PROGRAM_TIMEOUT_MS,
    signal,
  })
  await convertFromRaw({ from: raw, to: disk, signal })
  await rm(raw)
}
