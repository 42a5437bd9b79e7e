import { renderIcon } from '@/app/shell/render-icon'

/** Icons of the installed app, rendered at build time. Launchers cut a maskable icon to any shape. */
const ICONS: Record<string, { size: number; logoSize: number }> = {
  '192.png': { size: 192, logoSize: 144 },
  '512.png': { size: 512, logoSize: 384 },
  'maskable.png': { size: 512, logoSize: 272 },
  'apple.png': { size: 180, logoSize: 116 },
}

export const dynamic = 'force-static'
export const dynamicParams = false
export const generateStaticParams = () => Object.keys(ICONS).map((name) => ({ name }))

export async function GET(_: Request, { params }: { params: Promise<{ name: string }> }) {
  const png = renderIcon(ICONS[(await params).name]!)
  return new Response(Uint8Array.from(png), { headers: { 'content-type': 'image/png' } })
}
