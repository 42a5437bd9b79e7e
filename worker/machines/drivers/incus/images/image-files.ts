import { readdir, stat } from 'node:fs/promises'
import path from 'node:path'
import type { MachineKind } from '@/lib/machines/capabilities'
import * as messages from '@/lib/generated/messages/machine-host-texts'

/** The largest image that is imported. */
const MAX_IMAGE_BYTES = 64 * 1024 ** 3

const NAME = '([A-Za-z0-9][A-Za-z0-9_.-]{0,60}?)'
const TAR = 'tar(?:\\.(?:gz|xz|bz2|zst))?'
const METADATA_PATTERN = new RegExp(`^${NAME}\\.meta\\.${TAR}$`)
const IMAGE_PATTERN = new RegExp(`^${NAME}\\.(qcow2|squashfs|${TAR})$`)

/** An image that the administrator has put into a folder, as one file or as a root file system with its metadata. */
export interface ImageFile {
  name: string
  /** Of a whole archive, the more probable one: only the cluster knows its contents. */
  kind: MachineKind
  format: 'archive' | 'squashfs' | 'qcow2'
  path: string
  metadataPath?: string
  sizeBytes: number
  modifiedAt: Date
  /** Changes with the files. */
  version: string
  problem: string | null
}

/**
 * Lists the images in `dir`: `NAME.tar.gz` (also .xz, .bz2, .zst, or uncompressed) with metadata and root file system;
 * `NAME.qcow2` of a virtual machine or `NAME.squashfs` of a container, each with an optional `NAME.meta.tar.xz`.
 */
export async function listImageFiles(dir: string): Promise<ImageFile[]> {
  const files = (await readFolder(dir)).sort((a, b) => (a < b ? -1 : 1))
  const metadata = new Map(files.flatMap((file) => matchName(METADATA_PATTERN, file)))
  const images: ImageFile[] = []
  for (const file of files.filter((one) => !METADATA_PATTERN.test(one))) {
    const [match] = matchName(IMAGE_PATTERN, file)
    if (!match) continue
    const [name] = match
    const first = images.find((other) => other.name === name)
    if (first) first.problem = messages.imageDuplicate({ value: file })
    else images.push(...(await describeFile(dir, { file, name, metadataFile: metadata.get(name) })))
  }
  return images
}

/** The name of an image with its file; none if it is another file. */
function matchName(pattern: RegExp, file: string) {
  const name = pattern.exec(file)?.[1]
  return name === undefined ? [] : [[name, file] as const]
}

/** Only an absent folder is empty: images of one that cannot be read have not been removed. */
const readFolder = (dir: string) =>
  readdir(dir).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })

interface FoundFile {
  file: string
  name: string
  metadataFile?: string
}

/** None if it has just been removed. */
async function describeFile(dir: string, { file, name, metadataFile }: FoundFile): Promise<ImageFile[]> {
  const extension = path.extname(file).slice(1)
  const isDisk = extension === 'qcow2' || extension === 'squashfs'
  const metadataPath = isDisk && metadataFile ? path.join(dir, metadataFile) : undefined
  const paths = [path.join(dir, file), ...(metadataPath ? [metadataPath] : [])]
  const stats = await Promise.all(paths.map((one) => stat(one))).catch(() => undefined)
  if (!stats) return []
  const sizeBytes = stats.reduce((sum, { size }) => sum + size, 0)
  const image: ImageFile = {
    name,
    kind: extension === 'qcow2' ? 'vm' : 'container',
    format: isDisk ? extension : 'archive',
    path: paths[0]!,
    metadataPath,
    sizeBytes,
    modifiedAt: stats[0]!.mtime,
    version: stats.map(({ size, mtimeMs }) => `${size}-${Math.round(mtimeMs)}`).join('+'),
    problem: describeProblem(stats, sizeBytes),
  }
  return [image]
}

function describeProblem(stats: { isFile(): boolean; size: number }[], sizeBytes: number) {
  if (stats.some((one) => !one.isFile())) return messages.imageNotRegular()
  if (stats.some(({ size }) => size === 0)) return messages.imageEmpty()
  if (sizeBytes > MAX_IMAGE_BYTES)
    return messages.imageTooLarge({ value: String(MAX_IMAGE_BYTES / 1024 ** 3) })
  return null
}
