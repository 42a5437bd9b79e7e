import type { Metadata } from 'next'
import { config } from '@/lib/config/config'
import { posterUrl, shareUrl } from '@/lib/shares/links'
import type { OpenedLink } from './open-link'

/** What search engines and previews in chats learn of a link. Of one with a password: nothing of its content. */
export function describeLink(token: string, opened: OpenedLink | 'locked'): Metadata {
  if (opened === 'locked') return { title: 'Protected link', robots: { index: false } }
  if ('machineName' in opened) return { title: opened.machineName, robots: { index: false } }
  if (opened.hasPassword) return { title: opened.title, robots: { index: false } }
  const { title, visibility, urls, width, height } = opened
  const url = shareUrl(token)
  const [version = ''] = /\?.*/.exec(urls.poster ?? '') ?? []
  const images = urls.poster
    ? [{ url: posterUrl(token, version), ...(width && height ? { width, height } : {}) }]
    : []
  return {
    title,
    robots: { index: visibility === 'public' },
    openGraph: { type: 'video.other', siteName: 'Meanwhile', title, url, images },
    twitter: { card: 'summary_large_image', title, images: images.map((image) => image.url) },
    alternates: {
      types: { 'application/json+oembed': `${config().publicUrl}/api/oembed?url=${encodeURIComponent(url)}` },
    },
  }
}
