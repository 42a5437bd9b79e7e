import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { SIZES } from '@/lib/machines/sizes'
import type { ImageCatalog } from './image-catalog'
import { hasLivePidFile } from '../state/pid-file'
import type { MachineFolders } from '../state/machine-folders'
import type { TemplateStore } from '../templates/template-store'
import type { BootSource } from '../state/machine-files'

const UUID_PATTERN = '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}'
/** Names of builds, finished and unfinished, by their parent folder. */
const BUILD_PATTERNS = {
  tiny: new RegExp(`^[0-9a-f]{16}(\\.${UUID_PATTERN})?$`),
  debian: new RegExp(`^(making-)?${UUID_PATTERN}$`),
  templates: new RegExp(`^[0-9a-f]{20}-${UUID_PATTERN}$`),
}

interface Deps {
  root: string
  folders: MachineFolders
  catalog: ImageCatalog
  templates: TemplateStore
}

/**
 * Finds superseded image builds, templates that no preset size uses, and unfinished builds of killed workers. Returns paths
 * relative to `root`, without those that are a backing file or the kernel of a machine, a snapshot or a current image.
 */
export async function findGarbage(deps: Deps) {
  const inUse = await listFilesInUse(deps)
  const found = await Promise.all(
    Object.entries(BUILD_PATTERNS).map(async ([dir, pattern]) => {
      const names = await readdir(path.join(deps.root, dir)).catch(() => [])
      const builds = names.filter((name) => pattern.test(name)).map((name) => path.join(dir, name))
      const unused = builds.filter(
        (build) => !inUse.some((file) => file.startsWith(path.join(deps.root, build, '/'))),
      )
      const isOwned = await Promise.all(unused.map((build) => hasLivePidFile(path.join(deps.root, build))))
      return unused.filter((_, n) => !isOwned[n])
    }),
  )
  return found.flat()
}

async function listFilesInUse({ folders, catalog, templates }: Deps) {
  const images = await catalog.findBuilt()
  const machines = await Promise.all((await folders.list()).map((id) => folders.read(id)))
  const usable = images.flatMap((image) => Object.values(SIZES).map((size) => templates.find(image, size)))
  return [
    ...images.flatMap(({ disk, backing, bootFrom }) => [disk, ...backing, ...bootFiles(bootFrom)]),
    ...(await Promise.all(usable)).flatMap((template) => (template ? [template.disk] : [])),
    ...machines.flatMap((record) => (record ? [...record.backing, ...bootFiles(record.bootFrom)] : [])),
  ]
}

const bootFiles = (bootFrom: BootSource) => (bootFrom === 'disk' ? [] : [bootFrom.kernel, bootFrom.initrd])
