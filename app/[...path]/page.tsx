import { notFound } from 'next/navigation'

export const metadata = { title: 'Page not found' }

/** Any path without a page. */
export default function UnknownPage() {
  notFound()
}
