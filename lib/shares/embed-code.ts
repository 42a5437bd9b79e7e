interface Embed {
  url: string
  title?: string
  width?: number
  height?: number
}

/** The HTML by which a page of another site embeds a shared video. */
export function embedCode({ url, title = 'Video', width = 640, height = 360 }: Embed) {
  return `<iframe src="${escapeAttribute(url)}" title="${escapeAttribute(title)}" width="${width}" height="${height}" style="border:0" allow="autoplay; fullscreen; picture-in-picture" loading="lazy"></iframe>`
}

const escapeAttribute = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;')
