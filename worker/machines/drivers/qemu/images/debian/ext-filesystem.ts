import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { runProgram } from '@/worker/process/run-program'
import { imageBroken } from '../../../machine-errors'
import * as messages from '@/lib/generated/messages/machine-image-problems'

const DEBUGFS_TIMEOUT_MS = 5 * 60_000

export interface ExtFile {
  at: string
  content: string | Buffer
  mode: number
}
export interface ExtLink {
  at: string
  to: string
}

/**
 * Reads and writes files of an ext4 file system inside a raw disk with debugfs, without mounting it: this needs no privileges,
 * and the kernel of the host never parses an untrusted file system. `workDir` is the folder of the disk; temporary files
 * are written to it.
 */
export class ExtFilesystem {
  private readonly device: string

  constructor(
    private readonly options: {
      workDir: string
      disk: string
      offsetBytes: number
      signal: AbortSignal
    },
  ) {
    this.device = `${path.basename(options.disk)}?offset=${options.offsetBytes}`
  }

  async list(dir: string) {
    // Lines have the form /inode/mode/uid/gid/name/size/.
    const lines = (await this.debugfs(['-R', `ls -p ${dir}`])).split('\n')
    return lines.map((line) => line.split('/')[5] ?? '').filter((name) => name && !/^\.\.?$/.test(name))
  }

  /** Copies files out of the file system. @throws {PermanentError} machine.image_broken */
  async read(files: { from: string; to: string }[]) {
    for (const { from, to } of files) {
      const name = 'debugfs-out'
      await rm(path.join(this.options.workDir, name), { force: true })
      await this.debugfs(['-R', `dump ${from} ${name}`])
      const bytes = await readFile(path.join(this.options.workDir, name)).catch(() => undefined)
      await rm(path.join(this.options.workDir, name), { force: true })
      if (!bytes?.length) throw imageBroken('debian', messages.noFile({ file: from }))
      await writeFile(to, bytes)
    }
  }

  /** Writes files and symbolic links, owned by root, and creates their parent folders. Replaces existing files. */
  async write(files: ExtFile[], links: ExtLink[] = []) {
    const { workDir } = this.options
    const dir = path.join(workDir, 'debugfs-in')
    await mkdir(dir, { recursive: true })
    const commands: string[] = []
    for (const folder of parentDirectories([...files, ...links])) commands.push(`mkdir ${folder}`)
    for (const [n, { at, content, mode }] of files.entries()) {
      await writeFile(path.join(dir, `${n}`), content)
      const octal = (0o100000 | mode).toString(8)
      commands.push(`rm ${at}`, `write debugfs-in/${n} ${at}`, `sif ${at} mode 0${octal}`)
      commands.push(`sif ${at} uid 0`, `sif ${at} gid 0`)
    }
    for (const { at, to } of links) commands.push(`rm ${at}`, `symlink ${at} ${to}`)
    await writeFile(path.join(dir, 'commands'), `${commands.join('\n')}\n`)
    await this.debugfs(['-w', '-f', 'debugfs-in/commands'])
    await rm(dir, { recursive: true })
    await this.verify(files)
  }

  /** Needed because debugfs exits with 0 even when a command has failed. */
  private async verify(files: ExtFile[]) {
    for (const { at, content } of files) {
      const copy = path.join(this.options.workDir, 'debugfs-copy')
      await this.read([{ from: at, to: copy }])
      const isSame = (await readFile(copy)).equals(Buffer.from(content))
      await rm(copy)
      if (!isSame) throw imageBroken('debian', messages.notWritten({ file: at }))
    }
  }

  private debugfs(args: string[]) {
    const { workDir, signal } = this.options
    return runProgram({
      file: 'debugfs',
      args: [...args, this.device],
      cwd: workDir,
      timeoutMs: DEBUGFS_TIMEOUT_MS,
      signal,
    })
  }
}

/** All parent folders, outermost first. */
function parentDirectories(entries: { at: string }[]) {
  const folders = new Set<string>()
  for (const { at } of entries)
    for (let dir = path.dirname(at); dir !== '/'; dir = path.dirname(dir)) folders.add(dir)
  return [...folders].sort()
}
