import { Download } from 'lucide-react'
import { Button } from '@/app/ui/button'
import type { SharedVideoDto } from '@/lib/shares/schema'
import * as messages from '@/lib/generated/messages/shared-links'

/** The files of a shared video, if its link allows downloads. */
export const SharedDownloads = ({ video: { downloads } }: { video: SharedVideoDto }) =>
  downloads.length > 0 && (
    <ul aria-label={messages.downloads()} className="flex flex-wrap gap-2">
      {downloads.map(({ name, url }) => (
        <li key={url}>
          <Button asChild size="sm">
            <a href={url} download>
              <Download className="size-4" aria-hidden /> {name}
            </a>
          </Button>
        </li>
      ))}
    </ul>
  )
