import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { runProgram } from '@/worker/process/run-program'
import { imageBroken } from '@/worker/machines/drivers/image-errors'

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
 * The files of an ext4 file system inside a raw disk, read and changed without mounting it: so nobody's
 * rights are needed, and the kernel of this server never parses a disk from outside. `workDir` is the
 * folder of the disk and may be written to.
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
    // /inode/mode/uid/gid/name/size/
    const lines = (await this.debugfs(['-R', `ls -p ${dir}`])).split('\n')
    return lines.map((line) => line.split('/')[5] ?? '').filter((name) => name && !/^\.\.?$/.test(name))
  }

  /** Copies files out, by their paths inside. @throws {PermanentError} machine.image_broken */
  async read(files: { from: string; to: string }[]) {
    for (const { from, to } of files) {
      const name = 'debugfs-out'
      await rm(path.join(this.options.workDir, name), { force: true })
      await this.debugfs(['-R', `dump ${from} ${name}`])
      const bytes = await readFile(path.join(this.options.workDir, name)).catch(() => undefined)
      await rm(path.join(this.options.workDir, name), { force: true })
      if (!bytes?.length) throw imageBroken('debian', `it holds no ${from}`)
      await writeFile(to, bytes)
    }
  }

  /** Puts files and links in, with the folders above them, all of root. What was there is replaced. */
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

  /** debugfs ends well whatever became of its commands. */
  private async verify(files: ExtFile[]) {
    for (const { at, content } of files) {
      const copy = path.join(this.options.workDir, 'debugfs-copy')
      await this.read([{ from: at, to: copy }])
      const isSame = (await readFile(copy)).equals(Buffer.from(content))
      await rm(copy)
      if (!isSame) throw imageBroken('debian', `${at} could not be written into it`)
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

/** Outermost first. */
function parentDirectories(puts: { at: string }[]) {
  const folders = new Set<string>()
  for (const { at } of puts)
    for (let dir = path.dirname(at); dir !== '/'; dir = path.dirname(dir)) folders.add(dir)
  return [...folders].sort()
}
