import { randomUUID } from 'node:crypto'
import { onTestFinished } from 'vitest'
import type { Db } from '@/lib/database/db'
import type { Prisma } from '@/lib/generated/prisma/client'

export const HOST_FACTS = {
  version: '1',
  isAccelerated: false,
  note: 'A test.',
  problem: null,
  outboundProblem: null,
}

/** Adds the row of another machine host, which is online until the end of the test. @returns its id */
export async function createOtherHost(
  db: Db,
  { facts = {}, images = [] }: { facts?: object; images?: object[] },
) {
  const id = randomUUID()
  await db.machineHost.create({
    data: {
      id,
      name: 'other',
      workerPid: 1,
      seenAt: new Date(),
      consoleUrl: 'http://127.0.0.1:9',
      facts: { ...HOST_FACTS, ...facts },
      images: images as Prisma.InputJsonArray,
    },
  })
  onTestFinished(async () => {
    await db.machineHost.updateMany({ where: { id }, data: { seenAt: new Date(0) } })
  })
  return id
}
