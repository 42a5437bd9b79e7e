import { LoaderCircle, Play } from 'lucide-react'

/** The mark in the middle of a picture that plays when it is clicked. */
export const StartMark = ({ isLoading = false }: { isLoading?: boolean }) => (
  <span className="grid size-16 place-items-center rounded-full bg-black/60 text-white transition-colors group-hover:bg-black/80">
    {isLoading ? (
      <LoaderCircle className="size-7 animate-spin motion-reduce:animate-none" />
    ) : (
      <Play className="size-7 translate-x-0.5 fill-current" />
    )}
  </span>
)
