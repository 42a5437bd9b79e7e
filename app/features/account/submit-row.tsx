import { Button } from '@/app/ui/button'

interface Props {
  label: string
  isSubmitting: boolean
  problem: string | null
}

/** The end of a form: why the last attempt failed, and the button. */
export const SubmitRow = ({ label, isSubmitting, problem }: Props) => (
  <>
    {problem && (
      <p role="alert" className="text-destructive">
        {problem}
      </p>
    )}
    <Button type="submit" variant="default" disabled={isSubmitting}>
      {label}
    </Button>
  </>
)
