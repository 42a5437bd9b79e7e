import { randomBytes } from 'node:crypto'
import { config } from '../config/config'

/** 192 random bits. */
export const generateShareToken = () => randomBytes(24).toString('base64url')

export const shareUrl = (token: string) => `${config().publicUrl}/s/${token}`

/** The player for pages of other sites; null if none may embed it. */
export const embedUrl = (token: string) =>
  config().SHARE_EMBED_ORIGINS.length > 0 ? `${config().publicUrl}/embed/${token}` : null

/** The poster of a link without a password, with its `posterVersion`. It needs no grant, so previews in chats keep it. */
export const posterUrl = (token: string, version: string) =>
  `${config().publicUrl}/media/shares/${token}/poster.jpg${version}`

/** The token in the URL of a page for viewers. */
export function parseShareUrl(url: string) {
  const { publicUrl } = config()
  const path = url.startsWith(`${publicUrl}/`) ? url.slice(publicUrl.length) : ''
  return /^\/(?:s|embed)\/([\w-]{32})\/?(?:[?#]|$)/.exec(path)?.[1] ?? null
}
