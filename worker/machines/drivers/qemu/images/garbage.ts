import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { SIZES } from '@/lib/machines/sizes'
import type { ImageCatalog } from './image-catalog'
import { hasLivePidFile } from '../state/pid-file'
import type { BootSource, MachineFolders } from '../state/machine-folders'
import type { TemplateStore } from '../templates/template-store'

const UUID_PATTERN = '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}'
/** Folders of one make of an image, and of what is being made; by the folder they are in. */
const BUILD_PATTERNS = {
  tiny: new RegExp(`^[0-9a-f]{16}(\\.${UUID_PATTERN})?$`),
  debian: new RegExp(`^(making-)?${UUID_PATTERN}$`),
  templates: new RegExp(`^[0-9a-f]{20}-${UUID_PATTERN}$`),
}

interface Deps {
  root: string
  folders: MachineFolders
  catalogue: ImageCatalog
  templates: TemplateStore
}

/**
 * Older makes of an image, templates that no order finds any more, and what killed workers left of making
 * one, as paths below `root`; without those on which a machine or a snapshot stands.
 */
export async function findGarbage(kept: Deps) {
  const needed = await listFilesInUse(kept)
  const found = await Promise.all(
    Object.entries(BUILD_PATTERNS).map(async ([dir, pattern]) => {
      const names = await readdir(path.join(kept.root, dir)).catch(() => [])
      const all = names.filter((name) => pattern.test(name)).map((name) => path.join(dir, name))
      const free = all.filter(
        (one) => !needed.some((file) => file.startsWith(path.join(kept.root, one, '/'))),
      )
      const owned = await Promise.all(free.map((one) => hasLivePidFile(path.join(kept.root, one))))
      return free.filter((_, n) => !owned[n])
    }),
  )
  return found.flat()
}

async function listFilesInUse({ folders, catalogue, templates }: Deps) {
  const made = await catalogue.findBuilt()
  const machines = await Promise.all((await folders.list()).map((id) => folders.read(id)))
  const ordered = made.flatMap((image) => Object.values(SIZES).map((size) => templates.find(image, size)))
  return [
    ...made.flatMap(({ disk, backing, bootFrom }) => [disk, ...backing, ...bootFiles(bootFrom)]),
    ...(await Promise.all(ordered)).flatMap((template) => (template ? [template.disk] : [])),
    ...machines.flatMap((state) => (state ? [...state.backing, ...bootFiles(state.bootFrom)] : [])),
  ]
}

const bootFiles = (bootFrom: BootSource) => (bootFrom === 'disk' ? [] : [bootFrom.kernel, bootFrom.initrd])
