import { db } from '@/lib/database/db'
import { log } from '@/lib/log'
import { boss } from '@/lib/tasks/boss'
import { recordRefusal } from '@/lib/uploads/record-refusal'

interface RefusedUpload {
  ownerId: string
  filename: string
  sizeBytes: number | bigint
}

/** Leaves a trace of an upload that ends with `error`, if that refuses the file. Never fails: the client gets `error`. */
export async function reportRefusal({ ownerId, filename, sizeBytes }: RefusedUpload, error: unknown) {
  try {
    const refused = { ownerId, filename, sizeBytes: Number(sizeBytes), error }
    await recordRefusal({ db: db(), boss: await boss() }, refused)
  } catch (err) {
    log.warn({ err }, 'could not record a refused upload')
  }
}
