import type { TaskDto } from '@/lib/tasks/schema'

export interface ActivityFilter {
  state?: TaskDto['state']
  search: string
}

export const activityParams = ({ state, search }: ActivityFilter) =>
  new URLSearchParams({ ...(state && { state }), ...(search && { search }) }).toString()

/** The activity page with a filter, which is stored in the URL. */
export function activityUrl(filter: ActivityFilter) {
  const params = activityParams(filter)
  return params ? `/activity?${params}` : '/activity'
}
