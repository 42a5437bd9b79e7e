export { NotFoundMessage as default } from '@/app/shell/not-found-message'
