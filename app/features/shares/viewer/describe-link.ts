import type { Metadata } from 'next'
import { config } from '@/lib/config/config'
import { posterUrl, shareUrl } from '@/lib/shares/links'
import type { SharedVideoDto } from '@/lib/shares/schema'

/** What search engines and previews in chats learn of a link. Of one with a password: nothing of the video. */
export function describeLink(token: string, opened: SharedVideoDto | 'locked'): Metadata {
  if (opened === 'locked') return { title: 'Protected video', robots: { index: false } }
  if (opened.hasPassword) return { title: opened.title, robots: { index: false } }
  const { title, visibility, urls, width, height } = opened
  const url = shareUrl(token)
  const images = urls.poster ? [{ url: posterUrl(token), ...(width && height ? { width, height } : {}) }] : []
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
