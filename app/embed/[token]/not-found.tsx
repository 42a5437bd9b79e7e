import { LinkNotFound } from '@/app/features/shares/viewer/link-not-found'

export default function NotFound() {
  return <LinkNotFound />
}
