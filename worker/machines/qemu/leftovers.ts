import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { SIZES } from '@/lib/machines/sizes'
import type { Catalogue } from '../images/catalogue'
import { isOwned } from '../images/owner'
import type { BootFrom, MachineFolders } from './machine-folder'
import type { Templates } from './templates'

const UUID = '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}'
/** Folders of one make of an image, and of what is being made; by the folder they are in. */
const MADE = {
  tiny: new RegExp(`^[0-9a-f]{16}(\\.${UUID})?$`),
  debian: new RegExp(`^(making-)?${UUID}$`),
  templates: new RegExp(`^[0-9a-f]{20}-${UUID}$`),
}

interface Kept {
  root: string
  folders: MachineFolders
  catalogue: Catalogue
  templates: Templates
}

/**
 * Older makes of an image, templates that no order finds any more, and what killed workers left of making
 * one, as paths below `root`; without those on which a machine or a snapshot stands.
 */
export async function findLeftovers(kept: Kept) {
  const needed = await filesNeeded(kept)
  const found = await Promise.all(
    Object.entries(MADE).map(async ([dir, pattern]) => {
      const names = await readdir(path.join(kept.root, dir)).catch(() => [])
      const all = names.filter((name) => pattern.test(name)).map((name) => path.join(dir, name))
      const free = all.filter(
        (one) => !needed.some((file) => file.startsWith(path.join(kept.root, one, '/'))),
      )
      const owned = await Promise.all(free.map((one) => isOwned(path.join(kept.root, one))))
      return free.filter((_, n) => !owned[n])
    }),
  )
  return found.flat()
}

async function filesNeeded({ folders, catalogue, templates }: Kept) {
  const made = await catalogue.made()
  const machines = await Promise.all((await folders.list()).map((id) => folders.read(id)))
  const ordered = made.flatMap((image) => Object.values(SIZES).map((size) => templates.find(image, size)))
  return [
    ...made.flatMap(({ disk, backing, bootFrom }) => [disk, ...backing, ...filesOf(bootFrom)]),
    ...(await Promise.all(ordered)).flatMap((template) => (template ? [template.disk] : [])),
    ...machines.flatMap((state) => (state ? [...state.backing, ...filesOf(state.bootFrom)] : [])),
  ]
}

const filesOf = (bootFrom: BootFrom) => (bootFrom === 'disk' ? [] : [bootFrom.kernel, bootFrom.initrd])
