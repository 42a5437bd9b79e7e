import type { Metadata } from 'next'
import { config } from '@/lib/config/config'
import { posterUrl, shareUrl } from '@/lib/shares/links'
import * as messages from '@/lib/generated/messages/shared-links'
import type { OpenedLink } from './open-link'

/** What search engines and previews in chats learn of a link. Of one with a password: nothing of its content. */
export function describeLink(token: string, opened: OpenedLink | 'locked'): Metadata {
  if (opened === 'locked') return { title: messages.protectedLink(), robots: { index: false } }
  if ('machineName' in opened) return { title: opened.machineName, robots: { index: false } }
  const { title, poster, size } = summarize(opened)
  if (opened.hasPassword) return { title, robots: { index: false } }
  const url = shareUrl(token)
  const [version = ''] = /\?.*/.exec(poster ?? '') ?? []
  const images = poster ? [{ url: posterUrl(token, version), ...size }] : []
  const type = 'playlistName' in opened ? 'website' : 'video.other'
  return {
    title,
    description: title,
    robots: { index: opened.visibility === 'public' },
    openGraph: { type, siteName: 'Meanwhile', title, url, images },
    twitter: { card: 'summary_large_image', title, images: images.map((image) => image.url) },
    alternates: {
      types: { 'application/json+oembed': `${config().publicUrl}/api/oembed?url=${encodeURIComponent(url)}` },
    },
  }
}

function summarize(opened: Exclude<OpenedLink, { machineName: string }>) {
  if ('playlistName' in opened) {
    const poster = opened.videos.find(({ posterUrl: url }) => url)?.posterUrl
    return { title: opened.playlistName, poster, size: {} }
  }
  const { title, urls, width, height } = opened
  return { title, poster: urls.poster, size: width && height ? { width, height } : {} }
}
