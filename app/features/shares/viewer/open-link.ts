import { cookies, headers } from 'next/headers'
import { notFound } from 'next/navigation'
import { cache } from 'react'
import { clientAddress } from '@/lib/accounts/client-address'
import { db } from '@/lib/database/db'
import { AppError } from '@/lib/errors'
import { openShare } from '@/lib/shares/open-share'
import { SHARE_COOKIE } from '../share-cookie'

export type OpenedLink = Awaited<ReturnType<typeof openShare>>

/** For pages: what a link is to, or `locked` until its password was entered. Others get the 404 page. */
export const openLink = cache(async (token: string, isEmbedded = false) => {
  const grant = (await cookies()).get(SHARE_COOKIE)?.value
  const address = clientAddress(new Headers(await headers()))
  try {
    return await openShare(db(), { token, grant, address, isEmbedded })
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    if (error.code === 'share.password_required') return 'locked'
    if (error.code === 'share.not_found') return notFound()
    throw error
  }
})
